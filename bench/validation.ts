/**
 * Blocks validated per second: every rule, over a chain with payments in each block. The baseline is
 * the least that anybody can do with such a chain: read its JSON and hash each block's text once.
 * Beside it, the same blocks taken into a node's data on disk.
 */
import { join } from 'node:path'
import { SqliteStore } from '../src/adapters/sqlite/sqlite-store.ts'
import type { Block } from '../src/core/block.ts'
import { hashOfText } from '../src/core/hash.ts'
import { parseJson } from '../src/core/json/json.ts'
import { ChainVerifier } from '../src/core/verify.ts'
import { BlockChain } from '../src/node/chain/blockchain.ts'
import { MemoryStore } from '../src/node/store/memory-store.ts'
import { FREE } from './chains.ts'
import { median } from './load.ts'
import { type Figure, figure, type Suite } from './measure.ts'
import { withFolder } from './servers.ts'

const BLOCKS = 10_000
const PAYMENTS = 10

export const validationSuite: Suite = async (say, { turns }) => {
  say(`validation: making ${BLOCKS} blocks with ${PAYMENTS} payments each`)
  const texts = chainWithPayments().map(({ text }) => text)
  const rates = { validated: [] as number[], durable: [] as number[], read: [] as number[] }
  for (let turn = 1; turn <= turns; turn++) {
    say(`validation: turn ${turn} of ${turns}`)
    rates.read.push(perSecond(() => readOnly(texts)))
    rates.validated.push(perSecond(() => validate(texts)))
    rates.durable.push(await withFolder(async (folder) => perSecond(() => connect(texts, folder))))
  }
  const baseline = median(rates.read)
  const of = (name: string, ours: number): Figure =>
    figure({
      suite: 'validation',
      case: name,
      ours,
      baseline,
      against: 'read-and-hash',
      unit: 'blocks/s',
    })
  return [of('validated', median(rates.validated)), of('connected-durable', median(rates.durable))]
}

function perSecond(work: () => void): number {
  const begun = performance.now()
  work()
  return (1000 * BLOCKS) / (performance.now() - begun)
}

function readOnly(texts: readonly string[]): void {
  let count = 0
  for (const text of texts) {
    count += JSON.parse(text).transactions.length
    hashOfText(text)
  }
  if (count !== (BLOCKS - 1) * PAYMENTS) throw new Error('not all was read')
}

function validate(texts: readonly string[]): void {
  const verifier = new ChainVerifier(FREE.rules)
  for (const text of texts) verifier.push(parseJson(text))
  if (!verifier.verdict().valid) throw new Error('the chain is not valid')
}

/** As a node adopts a chain: every block checked, connected, and committed at the end. */
function connect(texts: readonly string[], folder: string): void {
  const store = SqliteStore.open(join(folder, 'data'), FREE)
  const chain = new BlockChain({ spec: FREE, store })
  const { replaced } = chain.resolveConflicts([texts.map((text) => parseJson(text))])
  store.close()
  if (!replaced) throw new Error('the chain was not adopted')
}

function chainWithPayments(): Block[] {
  const chain = new BlockChain({ spec: FREE, store: new MemoryStore() })
  const blocks = [chain.lastBlock]
  for (let i = 1; i < BLOCKS; i++) {
    for (let j = 0; j < PAYMENTS; j++) {
      chain.addTransaction({ sender: `Lea ${i}`, recipient: 'Mark', amount: `${j}.5` })
    }
    blocks.push(chain.newBlock({ proof: 0, timestampMs: 1_767_225_600_000 + i * 1000 }).block)
  }
  return blocks
}
