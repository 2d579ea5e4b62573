import { describe, expect, it } from 'vitest'
import { type Json, JsonNumber, JsonObject, parseJson } from '../../../src/core/json/json.ts'
import { hexOf } from '../../../src/core/nakamoto/bytes.ts'
import { kindOf } from '../../../src/core/nakamoto/transaction.ts'
import { outcome, refusal } from '../thrown.ts'
import { usual } from './flaws.ts'
import { ALICE, BOB } from './people.ts'
import { World } from './world.ts'

const world = new World()
const draft = world.draft()
usual(draft, world)
const { block } = world.judge(world.build(draft), draft)
const { rules } = world
const TEXT = rules.blockJson(block)
const [coinbaseText = '', paymentText = ''] = block.transactions.map(({ text }) => text)

function jsonOf(text: string): JsonObject {
  const json = parseJson(text)
  if (!(json instanceof JsonObject)) throw new Error('no object')
  return json
}

/** An object with one field changed, or left out. */
function withField(json: JsonObject, field: string, value: string | undefined): JsonObject {
  const entries = json.entries.filter(([key]) => key !== field)
  if (value === undefined) return new JsonObject(entries)
  return new JsonObject([...entries, [field, parseJson(value)]])
}

function blockWith(field: string, value: string | undefined): Json {
  return withField(jsonOf(TEXT), field, value)
}

/** The block with a field of a transaction changed. */
function inside(position: number, field: string, value: string | undefined): Json {
  const json = jsonOf(TEXT)
  const list = json.get('transactions')
  const items = Array.isArray(list) ? [...list] : []
  items[position] = withField(items[position], field, value)
  return new JsonObject([
    ...json.entries.filter(([key]) => key !== 'transactions'),
    ['transactions', items],
  ])
}

describe('a block as JSON', () => {
  it('is read as the same block that its bytes are', () => {
    expect(rules.decodeBlock(parseJson(TEXT))).toEqual(block)
    expect(rules.blockJson(rules.decodeBlock(parseJson(TEXT)))).toBe(TEXT)
    expect(rules.outline(parseJson(TEXT))).toMatchObject({ isGenesis: false })
    expect(rules.outline(parseJson(TEXT)).transactions).toHaveLength(4)
  })

  it('has the five keys of the tutorial, and four more', () => {
    expect(jsonOf(TEXT).entries.map(([key]) => key)).toEqual([
      'bits',
      'hash',
      'index',
      'merkle_root',
      'previous_hash',
      'proof',
      'timestamp',
      'transactions',
      'version',
    ])
  })

  it('is our genesis too', () => {
    const text = rules.blockJson(rules.genesis)
    expect(rules.decodeBlock(parseJson(text))).toEqual(rules.genesis)
    expect(rules.outline(parseJson(text)).isGenesis).toBe(true)
  })

  it.each([
    ['bad-block-type', '[]'],
    ['bad-block-type', '1'],
    ['bad-block-type', 'null'],
    ['bad-header', '"00"'],
  ])('%s: %s', (code, text) => {
    expect(outcome(() => rules.decodeBlock(parseJson(text)))).toBe(code)
  })

  it.each([
    ['bad-block-keys', 'version', undefined],
    ['bad-block-keys', 'hash', undefined],
    ['bad-block-keys', 'message', '1'],
    ['bad-header', 'version', '2147483648'],
    ['bad-header', 'version', '1.0'],
    ['bad-header', 'version', '-0'],
    ['bad-header', 'version', '"1"'],
    ['bad-header', 'bits', '"207FFFFF"'],
    ['bad-header', 'bits', '"7fffff"'],
    ['bad-header', 'bits', '545259519'],
    ['bad-header', 'previous_hash', '"1"'],
    ['bad-header', 'merkle_root', `"${'A'.repeat(64)}"`],
    ['bad-header', 'timestamp', '4294967296'],
    ['bad-header', 'timestamp', '-1'],
    ['bad-header', 'timestamp', '1700000000.5'],
    ['bad-header', 'proof', '4294967296'],
    ['bad-transactions', 'transactions', '{}'],
    ['bad-transaction-type', 'transactions', '[1]'],
    ['bad-transaction-keys', 'transactions', '[{}]'],
    ['bad-encoding', 'transactions', '["00"]'],
    ['bad-claim', 'hash', `"${'0'.repeat(64)}"`],
    ['bad-claim', 'hash', `"${block.header.hash.toUpperCase()}"`],
    ['bad-claim', 'hash', 'null'],
    ['bad-claim', 'index', '13'],
    ['bad-claim', 'index', '15'],
    ['bad-claim', 'index', '14.0'],
    ['bad-claim', 'index', '"14"'],
  ])('%s: %s is %s', (code, field, value) => {
    expect(outcome(() => rules.decodeBlock(blockWith(field, value)))).toBe(code)
  })

  it('has each key once', () => {
    const json = jsonOf(TEXT)
    const twice = new JsonObject([...json.entries, ['index', new JsonNumber('14')]])
    expect(refusal(() => rules.decodeBlock(twice))).toMatchObject({
      code: 'bad-block-keys',
      data: { field: 'index' },
    })
  })

  it.each([
    ['bad-transaction-keys', 1, 'fee', undefined],
    ['bad-transaction-keys', 1, 'memo', '""'],
    ['bad-transaction-keys', 0, 'extra_nonce', undefined],
    ['bad-txns-amount', 1, 'amount', '-1'],
    ['bad-txns-amount', 1, 'amount', '0.5'],
    ['bad-txns-amount', 1, 'amount', '1e3'],
    ['bad-txns-amount', 1, 'amount', '"1"'],
    ['bad-txns-amount', 1, 'amount', '18446744073709551616'],
    ['bad-txnmrklroot', 1, 'amount', '18446744073709551615'],
    ['bad-encoding', 1, 'fee', '-1'],
    ['bad-encoding', 1, 'nonce', '1.5'],
    ['bad-encoding', 1, 'chain', '"1"'],
    ['bad-encoding', 1, 'recipient', '"Bob"'],
    ['bad-encoding', 1, 'sender', `"${ALICE.address.toUpperCase()}"`],
    ['bad-encoding', 1, 'signature', `"${'0'.repeat(126)}"`],
    ['bad-encoding', 1, 'signature', `"${'0'.repeat(130)}"`],
    ['bad-encoding', 0, 'extra_nonce', '"00"'],
    ['bad-encoding', 0, 'tag', `"${'0'.repeat(66)}"`],
    ['bad-encoding', 0, 'index', '4294967296'],
    ['bad-claim', 0, 'index', '13'],
    ['bad-txnmrklroot', 0, 'recipient', `"${BOB.address}"`],
  ])('%s: in transaction %i, %s is %s', (code, position, field, value) => {
    const error = refusal(() => rules.decodeBlock(inside(position, field, value)))
    expect(error.code).toBe(code)
    const isOfTransaction = code.startsWith('bad-transaction') || code === 'bad-encoding'
    if (isOfTransaction) expect(error.data).toMatchObject({ transaction: position, field })
  })

  it.each([
    ['bad-claim', 'hash', `"${'0'.repeat(64)}"`],
    ['bad-claim', 'index', '13'],
  ])('would pass without the row: %s, %s', (code, field, value) => {
    const lenient = world.without((row) => row.code === code)
    expect(outcome(() => lenient.decodeBlock(blockWith(field, value)))).toBe('accepted')
  })
})

describe('a payment that comes alone', () => {
  const payment = jsonOf(paymentText)
  const hex = `"${rawOf(1)}"`

  function rawOf(position: number): string {
    const transaction = block.transactions[position]
    if (transaction === undefined) throw new Error('no transaction')
    return hexOf(kindOf(transaction).bytes)
  }

  it('is read from JSON and from hex', () => {
    expect(rules.decodeTransaction(payment)).toEqual(block.transactions[1])
    expect(rules.decodeTransaction(parseJson(hex))).toEqual(block.transactions[1])
  })

  it.each([
    ['bad-transaction-type', '[]'],
    ['bad-transaction-type', coinbaseText],
    ['bad-transaction-keys', '{"sender": "a", "recipient": "b", "amount": 1}'],
    ['bad-encoding', '"zz"'],
    ['bad-encoding', '"00"'],
    ['bad-transaction-type', `"${rawOf(0)}"`],
  ])('%s: %s', (code, text) => {
    expect(outcome(() => rules.decodeTransaction(parseJson(text)))).toBe(code)
  })

  it.each([
    ['bad-txns-amount', 'amount', '0'],
    ['bad-txns-amount', 'amount', '-5'],
    ['bad-txns-amount', 'amount', `${rules.supply + 1}`],
    ['bad-txns-signature', 'amount', `${rules.supply - 5}`],
    ['bad-txns-fee-outofrange', 'amount', `${rules.supply - 4}`],
    ['bad-txns-signature', 'fee', '6'],
    ['bad-txns-signature', 'nonce', '0'],
    ['bad-txns-chain', 'chain', `"${'0'.repeat(64)}"`],
    ['bad-txns-signature', 'sender', `"${BOB.address}"`],
    ['bad-encoding', 'fee', '-1'],
  ])('%s: %s is %s', (code, field, value) => {
    expect(outcome(() => rules.decodeTransaction(withField(payment, field, value)))).toBe(code)
  })
})

describe('who can be given the reward', () => {
  it('is an address', () => {
    expect(outcome(() => rules.checkRewardTo(BOB.address))).toBe('accepted')
    expect(outcome(() => rules.checkRewardTo('Bob'))).toBe('bad-recipient')
    expect(outcome(() => rules.checkRewardTo('0'))).toBe('bad-recipient')
  })
})
