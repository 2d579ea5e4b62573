/** Short chains for tests: easy proofs, so that a block takes a handful of hashes. */
import type { Block, Header, Transaction } from '../../src/core/block.ts'
import { pastOf } from '../../src/core/checks.ts'
import type { Consensus } from '../../src/core/consensus.ts'
import { JsonNumber, JsonObject } from '../../src/core/json/json.ts'
import { search } from '../../src/core/puzzle.ts'
import { CLASSIC, type Spec, withDifficulty } from '../../src/core/spec.ts'
import type { StoreReader } from '../../src/node/store/store.ts'

/** Classic with proofs of one zero digit: 16 tries each. */
export const EASY: Spec = withDifficulty(CLASSIC, 1)

/** A transaction of these parts; the amount as written. */
export function payment(sender: string, recipient: string, amount = '1'): Transaction {
  return EASY.rules.decodeTransaction(
    new JsonObject([
      ['sender', sender],
      ['recipient', recipient],
      ['amount', new JsonNumber(amount)],
    ]),
  )
}

/** A block after another, of these parts, which may be wrong. */
export function sealed(
  rules: Consensus,
  parts: {
    readonly parent: Header
    readonly transactions?: readonly Transaction[]
    readonly proof: number
    readonly timestampMs: number
    readonly rewardTo?: string | undefined
  },
): Block {
  const { parent, transactions = [], proof, timestampMs: nowMs, rewardTo } = parts
  const contents = { transactions, rewardTo }
  const template = rules.template({ past: pastOf(parent), nowMs, extraNonce: 0n, contents })
  return template.seal({ proof, nowMs, late: contents })
}

/** A valid block after another. `salt` makes siblings differ. */
export function blockAfter(
  parent: Block,
  {
    transactions = [],
    rewardTo,
    salt = 0,
    spec = EASY,
  }: {
    transactions?: readonly Transaction[]
    rewardTo?: string
    salt?: number
    spec?: Spec
  } = {},
): Block {
  const proof = search(spec.rules.puzzle(parent.header), { from: 0, tries: 1_000_000 })
  if (proof === undefined) throw new Error('no easy proof')
  const timestampMs = 1_800_000_000_000 + parent.header.index * 1_000 + salt
  return sealed(spec.rules, { parent: parent.header, transactions, proof, timestampMs, rewardTo })
}

/** `count` blocks after another, without it. */
export function branch(from: Block, count: number, salt = 0): Block[] {
  const blocks: Block[] = []
  let last = from
  for (let i = 0; i < count; i++) {
    last = blockAfter(last, { salt, rewardTo: `miner-${salt}` })
    blocks.push(last)
  }
  return blocks
}

/** A chain as its `/chain` answer. */
export function chainText(blocks: readonly Block[]): string {
  return `{"chain": [${blocks.map(({ text }) => text).join(', ')}], "length": ${blocks.length}}`
}

const utf8 = new TextDecoder()

/** Texts of the active chain's blocks, as `texts` gives them, whichever form the store has them in. */
export function textsOf(reader: Pick<StoreReader, 'texts'>, from: number, limit: number): string[] {
  return reader
    .texts(from, limit)
    .map((text) => (typeof text === 'string' ? text : utf8.decode(text)))
}
