/**
 * Reads all that a node shows through its API, with the chain checked by every rule. It is meant for a
 * node that nobody else uses at that moment.
 */
import { NodeClient } from '../../src/api/client/client.ts'
import { asArray, asObject } from '../../src/api/client/responses.ts'
import type { Block, Transaction } from '../../src/core/block.ts'
import { parseJson } from '../../src/core/json/json.ts'
import type { Spec } from '../../src/core/spec.ts'
import { ChainVerifier } from '../../src/core/verify.ts'
import type { Seen, SeenPayment } from './ledger.ts'

/** The data are not what they must be. */
export class Violation extends Error {
  override readonly name = 'Violation'
}

/** Lines of a long list of faults that are shown. */
const MAX_FAULTS_SHOWN = 20

/** @throws Violation if there are faults */
export function refuse(faults: readonly string[]): void {
  if (faults.length === 0) return
  const shown = faults.slice(0, MAX_FAULTS_SHOWN)
  const rest = faults.length - shown.length
  throw new Violation([...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n'))
}

export interface View {
  readonly seen: Seen
  /** The active chain. */
  readonly chain: readonly Block[]
  readonly waiting: readonly Transaction[]
}

/**
 * @param wanted hashes of blocks that are looked up one by one where they are not in the chain
 * @throws Violation where the chain is not valid
 */
export async function look(
  url: string,
  { spec, wanted }: { spec: Spec; wanted: ReadonlySet<string> },
): Promise<View> {
  const client = new NodeClient(url)
  const { id, tip, height, currentTransactions } = await client.info()
  const chain = checkedChain(await client.chainText(), spec)
  const last = chain.at(-1)?.header
  if (last?.hash !== tip.hash || last.index !== height || tip.index !== height) {
    throw new Violation(`/info says ${height} ${tip.hash}, /chain ends at ${last?.index}`)
  }
  const text = await (await fetch(`${url}/transactions`)).text()
  const waiting = asArray(asObject(parseJson(text)).get('transactions')).map((json) =>
    spec.rules.decodeTransaction(json),
  )
  if (waiting.length !== currentTransactions) {
    throw new Violation(`/info says ${currentTransactions} wait, /transactions ${waiting.length}`)
  }
  const hashes = new Set(chain.map(({ header }) => String(header.hash)))
  for (const hash of wanted) {
    if (!hashes.has(hash) && (await standingOf(url, hash)) !== 'unknown') hashes.add(hash)
  }
  const nodes = (await client.nodes()).map(({ node }) => node)
  const payments = paymentsOf(chain, waiting, spec)
  return { seen: { id, height, tip: tip.hash, payments, hashes, nodes }, chain, waiting }
}

/** Whether a node knows a block, and whether it is one of its chain. */
export async function standingOf(
  url: string,
  hash: string,
): Promise<'active' | 'beside' | 'unknown'> {
  const answer = await fetch(`${url}/blocks/${hash}`)
  const text = await answer.text()
  if (answer.status === 404) return 'unknown'
  if (answer.status !== 200) throw new Violation(`/blocks/${hash}: ${answer.status} ${text}`)
  const block = asObject(parseJson(text))
  if (block.get('hash') !== hash) throw new Violation(`/blocks/${hash} has another hash: ${text}`)
  return block.get('active') === true ? 'active' : 'beside'
}

function checkedChain(text: string, { rules }: Spec): Block[] {
  const blocks = asArray(asObject(parseJson(text)).get('chain'))
  const verifier = new ChainVerifier(rules)
  for (const block of blocks) verifier.push(block)
  const verdict = verifier.verdict()
  if (!verdict.valid) {
    throw new Violation(
      `the chain is not valid at block ${verdict.block}: ${verdict.error.message}`,
    )
  }
  return blocks.map((block) => rules.decodeBlock(block))
}

function paymentsOf(
  chain: readonly Block[],
  waiting: readonly Transaction[],
  { rules }: Spec,
): SeenPayment[] {
  const inChain = chain.flatMap((block) => {
    const place = `block ${block.header.index}`
    return rules.pool.returned(block).map(({ sender, amount }) => ({ sender, amount, place }))
  })
  const place = 'the current transactions'
  return [...inChain, ...waiting.map(({ sender, amount }) => ({ sender, amount, place }))]
}
