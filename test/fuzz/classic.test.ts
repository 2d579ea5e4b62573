/**
 * The readers of blocks, transactions and chain specs, and what is read back from a store: a value
 * whose text reads back as the same, or the documented refusal. Each rule at its limit is in
 * test/core/classic/; here blocks are damaged, and made of odd parts.
 */
import { describe, expect, it } from 'vitest'
import type { Block, Transaction } from '../../src/core/block.ts'
import { hashOfText } from '../../src/core/hash.ts'
import { parseJson } from '../../src/core/json/json.ts'
import {
  MAX_BLOCK_BYTES,
  MAX_NUMBER_CHARS,
  MAX_PARTY_CHARS,
  MAX_PEER_BLOCK_CHARS,
} from '../../src/core/limits.ts'
import { CLASSIC, parseSpec, type Spec, TOYCHAIN_PY, withDifficulty } from '../../src/core/spec.ts'
import { ChainVerifier } from '../../src/core/verify.ts'
import { StoreError } from '../../src/node/store/store.ts'
import { storedBlock, storedTransaction } from '../../src/node/store/stored.ts'
import { jsonText, text as oddText } from '../core/json/json-arbitraries.ts'
import { blockAfter, branch, EASY, payment } from '../helpers/chains.ts'
import { fc } from '../helpers/fast-check.ts'
import { anyText, damagedText, ODD_TOKENS } from './inputs.ts'
import { fuzz, outcomeOf, way } from './runs.ts'

const SPECS = [CLASSIC, TOYCHAIN_PY, EASY]
const PAYMENTS = [payment('a', 'b', '10.0'), payment('\ud800', '😀', '-1e-7')]
const CHAIN = [
  EASY.rules.genesis,
  blockAfter(EASY.rules.genesis, { transactions: PAYMENTS, rewardTo: 'm' }),
  TOYCHAIN_PY.rules.genesis,
]
const HASH = '0123456789abcdef'.repeat(4)

const token = fc.oneof(fc.constantFrom(...ODD_TOKENS), jsonText)

/**
 * An object of these keys in any order, with odd values or fitting ones; seldom a key too many or
 * few.
 */
function objectOf(fitting: Readonly<Record<string, readonly string[]>>): fc.Arbitrary<string> {
  const names = Object.keys(fitting)
  const values = names.map((name) =>
    fc.oneof(
      { arbitrary: fc.constantFrom(...(fitting[name] ?? [])), weight: 6 },
      { arbitrary: token, weight: 1 },
    ),
  )
  const members = fc.tuple(...values).map((all) => all.map((value, i) => `"${names[i]}": ${value}`))
  return fc.tuple(members, fc.infiniteStream(fc.nat(99)), fc.nat(19)).map(([all, order, extra]) => {
    const kept = extra === 0 ? [...all, '"x": 1'] : extra === 1 ? all.slice(1) : all
    const keyed = kept.map((member) => ({ member, key: order.next().value ?? 0 }))
    const sorted = keyed.sort((a, b) => a.key - b.key)
    return `{${sorted.map(({ member }) => member).join(', ')}}`
  })
}

const transactionText = fc.oneof(
  objectOf({
    sender: ['"a"', '"0"', '"\\ud800"'],
    recipient: ['"b"', '"__proto__"'],
    amount: ['1', '-0', '10.0', '1e308', '5e-324'],
  }),
  oddText.map((name) => JSON.stringify({ sender: name, recipient: name, amount: 1 })),
)

const blockText = objectOf({
  index: ['1', '2', '2', '9007199254740991'],
  previous_hash: ['"1"', '1', `"${HASH}"`, `"${HASH}"`],
  proof: ['100', '0', '9007199254740991'],
  timestamp: ['1', '1.0', '-1e300', '1767225600.0'],
  transactions: ['[]', '[]', `[${PAYMENTS.map(({ text }) => text).join(',')}]`, '[{}]'],
})

const spec = fc.constantFrom(...SPECS)
const blocks = fc.oneof(
  blockText,
  damagedText(fc.constantFrom(...CHAIN).map(({ text }) => text)),
  anyText,
)
const transactions = fc.oneof(
  transactionText,
  jsonText,
  damagedText(fc.constantFrom(...PAYMENTS).map(({ text }) => text)),
  anyText,
)

function checkTransaction({ sender, recipient, amount, text, key }: Transaction): void {
  expect(Math.max(sender.length, recipient.length)).toBeLessThanOrEqual(MAX_PARTY_CHARS)
  expect(amount.length).toBeLessThanOrEqual(MAX_NUMBER_CHARS)
  expect(text).toMatch(/^[ -~]*$/)
  expect(key).toMatch(/^[ -~]*$/)
}

function checkBlock({ rules }: Spec, { header, text, transactions }: Block): void {
  expect(Number.isSafeInteger(header.index) && header.index >= 1).toBe(true)
  expect(Number.isSafeInteger(header.proof) && header.proof >= 0).toBe(true)
  expect(header.parent === undefined).toBe(header.index === 1)
  expect(text.length).toBeLessThanOrEqual(MAX_BLOCK_BYTES)
  expect(text).toMatch(/^[ -~]*$/)
  expect(header.hash).toBe(hashOfText(rules.hashedText({ header, text, transactions })))
  for (const transaction of transactions) checkTransaction(transaction)
}

describe('decodeTransaction', () => {
  fuzz('gives a payment whose text reads back as the same, or says why not', {
    input: fc.tuple(spec, transactions),
    reaches: [
      'accepted',
      'bad-amount',
      'bad-sender',
      'bad-recipient',
      'bad-transaction-keys',
      'bad-transaction-type',
      'json-syntax',
    ],
    check: ([{ rules }, text]) =>
      way(
        outcomeOf(() => rules.decodeTransaction(parseJson(text))),
        (transaction) => {
          checkTransaction(transaction)
          expect(rules.decodeTransaction(parseJson(transaction.text))).toEqual(transaction)
        },
      ),
  })
})

describe('decodeBlock', () => {
  fuzz('gives a block whose text reads back as the same, or says why not', {
    input: fc.tuple(spec, blocks),
    share: 2,
    reaches: [
      'accepted',
      'bad-index',
      'bad-proof',
      'bad-genesis',
      'bad-previous-hash',
      'bad-timestamp',
      'bad-block-keys',
      'bad-transactions',
      'json-syntax',
    ],
    check: ([one, text]) =>
      way(
        outcomeOf(() => one.rules.decodeBlock(parseJson(text))),
        (block) => {
          checkBlock(one, block)
          expect(one.rules.decodeBlock(parseJson(block.text))).toEqual(block)
        },
      ),
  })

  fuzz('takes no longer over huge values in the wrong places', {
    input: fc.record({
      field: fc.constantFrom('index', 'previous_hash', 'proof', 'timestamp', 'transactions'),
      prefix: fc.nat(40),
      unit: fc.constantFrom('a', '\ud83d\ude00', '\ud83d', '\uffff'),
      shape: fc.constantFrom('object', 'array', 'text', 'keys'),
    }),
    share: 0.01,
    reaches: [],
    check: ({ field, prefix, unit, shape }) => {
      const fields = { index: 1, previous_hash: '1', proof: 100, timestamp: 1, transactions: [] }
      const count = Math.floor(400_000 / (prefix + 12))
      const names = Array.from({ length: count }, (_, i) => {
        return unit.repeat(prefix) + String.fromCharCode(0xd800 + ((i * 7_919) % 2_048)) + i
      })
      const object = Object.fromEntries(names.map((name) => [name, 0]))
      const value = { object, array: names, text: names.join(''), keys: 0 }[shape]
      const whole = shape === 'keys' ? { ...fields, ...object } : { ...fields, [field]: value }
      return way(
        outcomeOf(() => EASY.rules.decodeBlock(parseJson(JSON.stringify(whole)))),
        () => {},
      )
    },
  })

  it('refuses a genesis that links to a huge object in bounded time', () => {
    // Keys that differ late and beyond U+D7FF are the slowest to bring into Python's order.
    const keys: string[] = []
    for (
      let chars = 0;
      chars < MAX_PEER_BLOCK_CHARS - 200;
      chars += (keys.at(-1)?.length ?? 0) + 5
    ) {
      keys.push(
        `aaaa\ud83d${String.fromCharCode(0xdc00 + ((keys.length * 7_919) % 1_024))}${keys.length}`,
      )
    }
    const link = keys.map((key) => `"${key}":0`).join(',')
    const text = `{"index":1,"previous_hash":{${link}},"proof":100,"timestamp":1,"transactions":[]}`
    expect(text.length).toBeLessThanOrEqual(MAX_PEER_BLOCK_CHARS)
    const json = parseJson(text)
    const begun = process.threadCpuUsage()
    expect(outcomeOf(() => EASY.rules.decodeBlock(json))).toEqual({ code: 'bad-genesis' })
    expect(process.threadCpuUsage(begun).user / 1000, 'milliseconds').toBeLessThan(1_000)
  })
})

describe('what is read back from a store', () => {
  fuzz('is what was stored, or damage', {
    input: fc.tuple(spec, fc.oneof(blocks, transactions)),
    reaches: ['a block', 'a payment', 'damaged'],
    check: ([{ rules }, text]) => {
      const block = storedOrDamaged(() => storedBlock(rules, text))
      const transaction = storedOrDamaged(() => storedTransaction(rules, text))
      if (block !== undefined) expect(rules.decodeBlock(parseJson(text))).toEqual(block)
      if (transaction !== undefined)
        expect(rules.decodeTransaction(parseJson(text))).toEqual(transaction)
      return block !== undefined ? 'a block' : transaction !== undefined ? 'a payment' : 'damaged'
    },
  })
})

function storedOrDamaged<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof StoreError && error.code === 'store-damaged') return undefined
    throw error
  }
}

describe('ChainVerifier', () => {
  const chain = [EASY.rules.genesis, ...branch(EASY.rules.genesis, 3)].map(({ text }) => text)

  fuzz('gives a verdict over any blocks, and the same whenever it is asked', {
    input: fc.oneof(
      fc.array(fc.oneof(fc.constantFrom(...chain), blocks), { maxLength: 5 }),
      fc.subarray(chain),
    ),
    reaches: ['valid', 'empty-chain', 'bad-index', 'unreadable'],
    check: (texts) => {
      const verifier = new ChainVerifier(EASY.rules)
      for (const text of texts) {
        const read = outcomeOf(() => parseJson(text))
        if ('code' in read) return 'unreadable'
        verifier.push(read.value)
        expect(verifier.verdict()).toEqual(verifier.verdict())
      }
      const verdict = verifier.verdict()
      if (!verdict.valid) return verdict.error.code
      expect(verdict.length).toBe(texts.length)
      return 'valid'
    },
  })
})

describe('parseSpec', () => {
  const genesis = objectOf({ timestamp: ['0', '1e3', '-0.0'], previous_hash: ['"1"', '1'] })
  const specs = genesis.chain((text) =>
    objectOf({
      name: ['"a"', '"classic"', `"${'n'.repeat(40)}"`],
      rules: ['"classic"'],
      difficulty: ['0', '4.0', '64', '65', '1e1'],
      proof_covers_last_hash: ['true', 'false'],
      genesis: [text, '{}'],
    }),
  )

  fuzz('gives a spec whose text reads back as the same, or says why not', {
    input: fc.oneof(specs, damagedText(specs), damagedText(spec.map(({ text }) => text)), anyText),
    reaches: ['accepted', 'bad-spec', 'json-syntax'],
    check: (text) =>
      way(
        outcomeOf(() => parseSpec(text)),
        (read) => {
          const again = parseSpec(read.text)
          expect({ name: again.name, text: again.text }).toEqual({
            name: read.name,
            text: read.text,
          })
          expect(again.rules.genesis).toEqual(read.rules.genesis)
          expect(read.rules.decodeBlock(parseJson(read.rules.genesis.text))).toEqual(
            read.rules.genesis,
          )
          expect(withDifficulty(read, 64).rules.genesis).toEqual(read.rules.genesis)
        },
      ),
  })

  fuzz('and withDifficulty take no difficulty but a whole one from 0 to 64', {
    input: fc.oneof(fc.integer(), fc.double(), fc.integer({ min: -2, max: 66 })),
    reaches: ['accepted', 'bad-spec'],
    check: (difficulty) => {
      const outcome = outcomeOf(() => withDifficulty(CLASSIC, difficulty))
      const isRight = Number.isInteger(difficulty) && difficulty >= 0 && difficulty <= 64
      expect('value' in outcome, String(difficulty)).toBe(isRight)
      return way(outcome, () => {})
    },
  })
})
