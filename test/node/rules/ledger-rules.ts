/**
 * A rule set for tests, as unlike classic as a chain of blocks can be: header and body come apart, each block
 * says how much work it is, its time has to be above the median of eleven ancestors and not ahead of the clock,
 * transactions have ids, and accounts cannot pay what they have not got. There is no proof to search for.
 */
import type { Block, Header, Transaction } from '../../../src/core/block.ts'
import { type Past, Pipeline, Rows } from '../../../src/core/checks.ts'
import { canonicalText } from '../../../src/core/classic/canonical.ts'
import type { Consensus, Found } from '../../../src/core/consensus.ts'
import { hashOfText, isBlockHash } from '../../../src/core/hash.ts'
import { type Json, JsonNumber, JsonObject, parseJson } from '../../../src/core/json/json.ts'
import type { Spec } from '../../../src/core/spec.ts'

export const MAX_FUTURE_MS = 60_000
const MEDIAN_OF = 11
/** Who pays without having: new money. */
export const MINT = '0'

const NO_PUZZLE = { type: 'decimal', before: '', after: '', zeros: 0 } as const

const OURS = { source: 'this test' }

interface Fields {
  readonly index: number
  readonly parent: string | null
  /** Seconds. */
  readonly time: number
  readonly work: number
  /** The hash of the body's text. */
  readonly root: string
}

function number(json: Json | undefined): number {
  return json instanceof JsonNumber ? Number(json.token) : Number.NaN
}

function text(json: Json | undefined): string {
  return typeof json === 'string' ? json : ''
}

function fieldsIn(json: Json): Fields {
  const object = json instanceof JsonObject ? json : new JsonObject([])
  const parent = object.get('parent')
  return {
    index: number(object.get('index')),
    parent: typeof parent === 'string' ? parent : null,
    time: number(object.get('time')),
    work: number(object.get('work')),
    root: text(object.get('root')),
  }
}

function headerJson({ index, parent, time, work, root }: Fields): JsonObject {
  return new JsonObject([
    ['index', new JsonNumber(String(index))],
    ['parent', parent],
    ['time', new JsonNumber(String(time))],
    ['work', new JsonNumber(String(work))],
    ['root', root],
  ])
}

function headerOf(fields: Fields): Header {
  const raw = canonicalText(headerJson(fields))
  const { index, parent, time, work } = fields
  const before = parent !== null && isBlockHash(parent) ? parent : undefined
  return { hash: hashOfText(raw), parent: before, index, timestamp: `${time}`, proof: work, raw }
}

function transactionIn(json: Json): Transaction {
  const object = json instanceof JsonObject ? json : new JsonObject([])
  const canonical = canonicalText(json)
  return {
    sender: text(object.get('sender')),
    recipient: text(object.get('recipient')),
    amount: String(number(object.get('amount'))),
    text: canonical,
    key: hashOfText(canonical),
  }
}

function bodyText(transactions: readonly Transaction[]): string {
  return `[${transactions.map((transaction) => transaction.text).join(', ')}]`
}

function transactionsIn(json: Json): readonly Json[] {
  return Array.isArray(json) ? json : []
}

function medianTime(past: Past): number {
  const times: number[] = []
  let header = past.parent
  while (header !== undefined && times.length < MEDIAN_OF) {
    times.push(Number(header.timestamp))
    header = past.ancestor(header.index - 1)
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0
}

const rows = new Rows<Fields, Json>()

const pipeline = new Pipeline<Fields, Json>({
  rows: [
    rows.form('bad-proof', OURS, ({ work }) => {
      return work >= 1 && work <= 1_000 ? undefined : { expected: '1 to 1000', got: work }
    }),
    rows.transaction('bad-amount', OURS, (json) => {
      const amount = json instanceof JsonObject ? number(json.get('amount')) : Number.NaN
      if (amount >= 1) return undefined
      return { field: 'amount', expected: '1 or more', got: amount }
    }),
    rows.place('bad-index', OURS, ({ header: { index }, past: { parent } }) => {
      const expected = (parent?.index ?? 0) + 1
      return index === expected ? undefined : { expected, got: index }
    }),
    rows.place('time-too-old', { ...OURS, of: 'later' }, ({ header: { timestamp }, past }) => {
      const median = medianTime(past)
      if (Number(timestamp) > median) return undefined
      return { expected: `more than ${median}`, got: timestamp }
    }),
    rows.time('time-too-new', OURS, ({ header: { timestamp }, nowMs }) => {
      const latest = Math.floor((nowMs + MAX_FUTURE_MS) / 1_000)
      return Number(timestamp) <= latest ? undefined : { expected: latest, got: timestamp }
    }),
    rows.binding('bad-txnmrklroot', OURS, ({ header, text: body }) => {
      const { root } = fieldsIn(parseJson(header.raw))
      const got = hashOfText(body)
      return got === root ? undefined : { expected: root, got }
    }),
    rows.connecting('insufficient-funds', OURS, ({ transaction, ledger }) => {
      const { sender: account, amount } = transaction
      const has = Number(ledger.account(account) ?? 0)
      if (account === MINT || has >= Number(amount)) return undefined
      return { account, expected: amount, got: has }
    }),
  ],
  isGenesis: ({ index }) => index === 1,
  itemsIn: () => [],
  apply: ({ sender, recipient, amount }, ledger) => {
    const change = (account: string, by: number) => {
      const state = Number(ledger.account(account) ?? 0) + by
      ledger.set(account, state === 0 ? undefined : String(state))
    }
    if (sender !== MINT) change(sender, -Number(amount))
    change(recipient, Number(amount))
  },
})

function decodeHeader(json: Json): Header {
  const fields = fieldsIn(json)
  pipeline.checkForm(fields)
  return headerOf(fields)
}

function decodeTransaction(json: Json): Transaction {
  pipeline.checkTransaction(json)
  return transactionIn(json)
}

function restore(header: Header, json: Json): Block {
  const transactions = transactionsIn(json).map(decodeTransaction)
  return { header, transactions, text: bodyText(transactions) }
}

function decodeBody(header: Header, json: Json): Block {
  const block = restore(header, json)
  pipeline.checkBinding(block)
  return block
}

function member(json: Json, key: string): Json {
  return (json instanceof JsonObject ? json.get(key) : undefined) ?? null
}

/** A block of these parts, whether or not any chain takes it. */
export function blockOf(
  parent: Header | undefined,
  {
    time = 1_000 + 10 * (parent?.index ?? 0),
    work = 1,
    transactions = [],
  }: { time?: number; work?: number; transactions?: readonly Transaction[] } = {},
): Block {
  const body = bodyText(transactions)
  const header = headerOf({
    index: (parent?.index ?? 0) + 1,
    parent: parent?.hash ?? null,
    time,
    work,
    root: hashOfText(body),
  })
  return { header, transactions, text: body }
}

let payments = 0
/** A payment that no other equals. */
export function paying(sender: string, recipient: string, amount = 1): Transaction {
  return decodeTransaction(paymentJson(sender, recipient, amount))
}

export function paymentJson(sender: string, recipient: string, amount = 1): Json {
  return new JsonObject([
    ['sender', sender],
    ['recipient', recipient],
    ['amount', new JsonNumber(String(amount))],
    ['number', new JsonNumber(String(++payments))],
  ])
}

/** A block's two parts as they come. */
export function headerPart({ header }: Block): Json {
  return parseJson(header.raw)
}

export function bodyPart(block: Block): Json {
  return parseJson(block.text)
}

export function ledgerRules(version = 1): Consensus {
  return {
    version,
    genesis: blockOf(undefined, { transactions: [GRANT] }),
    checks: pipeline.checks,
    decodeBlock: (json) => decodeBody(decodeHeader(member(json, 'header')), member(json, 'body')),
    outline: (json) => ({
      isGenesis: fieldsIn(member(json, 'header')).index === 1,
      transactions: transactionsIn(member(json, 'body')),
    }),
    restore,
    apart: { decodeHeader, decodeBody },
    hashedText: ({ header }) => header.raw,
    decodeTransaction,
    checkPlace: (header, past) => pipeline.checkPlace(header, past),
    checkTime: (header, nowMs) => pipeline.checkTime(header, nowMs),
    connect: (block, ledger) => pipeline.connect(block, ledger),
    work: ({ proof }) => BigInt(proof),
    puzzle: () => NO_PUZZLE,
    template: ({ past: { parent }, contents: { transactions, rewardTo } }) => {
      // The header commits to the body, so the block is of what waited as it was begun.
      const reward = rewardTo === undefined ? [] : [paying(MINT, rewardTo)]
      const seal = ({ proof, nowMs }: Found) => {
        const time = Math.floor(nowMs / 1_000)
        return blockOf(parent, { time, work: proof, transactions: [...transactions, ...reward] })
      }
      return { puzzle: NO_PUZZLE, seal }
    },
    checkRewardTo: () => undefined,
    pool: {
      blockBytes: 100_000,
      returned: ({ transactions }) => transactions.filter(({ sender }) => sender !== MINT),
    },
  }
}

/** What the genesis gives: 1,000 to the bank. */
const GRANT = transactionIn(
  new JsonObject([
    ['sender', MINT],
    ['recipient', 'bank'],
    ['amount', new JsonNumber('1000')],
    ['number', new JsonNumber('0')],
  ]),
)

export function ledgerSpec(version = 1): Spec {
  return { name: 'ledger', text: '{"name": "ledger"}', rules: ledgerRules(version) }
}

/** A chain of blocks after another, each of the same work. */
export function branchOf(
  from: Block,
  count: number,
  more: { work?: number; time?: number } = {},
): Block[] {
  const blocks: Block[] = []
  let last = from
  for (let i = 0; i < count; i++) {
    const time = more.time === undefined ? {} : { time: more.time + 10 * last.header.index }
    last = blockOf(last.header, { ...more, ...time })
    blocks.push(last)
  }
  return blocks
}
