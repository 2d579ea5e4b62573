import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { RULES } from '../../../src/core/errors.ts'
import { parseJson } from '../../../src/core/json/json.ts'
import { MAX_BLOCK_BYTES } from '../../../src/core/limits.ts'
import { TOYCHAIN_PY } from '../../../src/core/spec.ts'
import { outcome, refusal } from '../thrown.ts'
import {
  blockText,
  decodeBlock,
  EASY,
  type Fields,
  genesisText,
  SOME_HASH,
  transactionsOfBytes,
  transactionText,
} from './texts.ts'

const block = (fields: Fields) => outcome(() => decodeBlock(blockText(fields)))
const genesis = (fields: Fields) => outcome(() => decodeBlock(genesisText(fields)))

describe('decodeBlock', () => {
  it('reads the fields, the link and the transactions', () => {
    const decoded = decodeBlock(
      blockText({ timestamp: '1.50', transactions: `[${transactionText()}]` }),
    )
    expect(decoded.header).toMatchObject({
      index: 2,
      parent: SOME_HASH,
      timestamp: '1.50',
      proof: 7,
    })
    expect(decoded.transactions).toMatchObject([{ sender: 'a', recipient: 'b', amount: '1' }])
  })

  it('keeps numbers as written in its text, and hashes them as Python prints them', () => {
    const decoded = decodeBlock(
      blockText({ timestamp: '15e-1', transactions: `[${transactionText({ amount: '1E16' })}]` }),
    )
    const frame = (timestamp: string, amount: string) =>
      `{"index": 2, "previous_hash": "${SOME_HASH}", "proof": 7, "timestamp": ${timestamp}, ` +
      `"transactions": [{"amount": ${amount}, "recipient": "b", "sender": "a"}]}`
    expect(decoded.text).toBe(frame('15e-1', '1E16'))
    expect(EASY.rules.hashedText(decoded)).toBe(frame('1.5', '1e+16'))
    const hashed = createHash('sha256').update(frame('1.5', '1e+16')).digest('hex')
    expect(decoded.header.hash).toBe(hashed)
  })

  it('gives one block for every order of the keys, all spacing, and every escape', () => {
    const fields = {
      transactions: `[ {"sender":"\\u0061","amount":1,\n"recipient":"\\u0062"} ]`,
      timestamp: '1.5',
      proof: '7',
    }
    const text = blockText({ ...fields, previous_hash: `"${SOME_HASH.replace('0', '\\u0030')}"` })
    const reordered = `{${Object.entries(JSON.parse(text))
      .reverse()
      .map(([key, value]) => `"${key}":${JSON.stringify(value)}`)}}`
    const expected = decodeBlock(blockText({ transactions: `[${transactionText()}]` }))
    expect(decodeBlock(text)).toEqual(expected)
    expect(decodeBlock(reordered)).toEqual(expected)
  })

  it('reads its own text back as the same block', () => {
    const decoded = decodeBlock(
      blockText({ timestamp: '1e0', transactions: `[${transactionText()}]` }),
    )
    expect(decodeBlock(decoded.text)).toEqual(decoded)
  })

  it.each(['[]', '"x"', '1', 'null', 'true'])('refuses %s: a block is an object', (text) => {
    expect(outcome(() => decodeBlock(text))).toBe('bad-block-type')
  })

  it.each(['index', 'previous_hash', 'proof', 'timestamp', 'transactions'])(
    'refuses a block without %s',
    (key) => {
      expect(block({ [key]: undefined })).toBe('bad-block-keys')
      expect(genesis({ [key]: undefined })).toBe('bad-block-keys')
    },
  )

  it('refuses an unknown key, and a repeated one', () => {
    expect(block({ nonce: '1' })).toBe('bad-block-keys')
    expect(block({ Index: '2', index: undefined })).toBe('bad-block-keys')
    const repeated = blockText().replace('{', '{"proof": 7, ')
    expect(outcome(() => decodeBlock(repeated))).toBe('bad-block-keys')
    const instead = blockText({ index: undefined }).replace('{', '{"proof": 7, ')
    expect(outcome(() => decodeBlock(instead))).toBe('bad-block-keys')
  })

  it('names at most twice as many keys as a block has', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${i}`, '1']))
    const { details } = refusal(() => decodeBlock(blockText(many)))
    expect(details.got).toHaveLength(10)
  })

  it('accepts an index of 2^53-1, and refuses 2^53 and 0', () => {
    expect(block({ index: '9007199254740991' })).toBe('accepted')
    expect(block({ index: '9007199254740992' })).toBe('bad-index')
    expect(block({ index: '0' })).toBe('bad-index')
  })

  it('accepts a proof of 0 and of 2^53-1, and refuses -1 and 2^53', () => {
    expect(decodeBlock(blockText({ proof: '0' })).header.proof).toBe(0)
    expect(decodeBlock(blockText({ proof: '9007199254740991' })).header.proof).toBe(2 ** 53 - 1)
    expect(block({ proof: '-1' })).toBe('bad-proof')
    expect(block({ proof: '9007199254740992' })).toBe('bad-proof')
  })

  it.each(['2.0', '2e0', '-0', '1e400', '"2"', 'null', 'true', '[2]', '{}', '9'.repeat(400)])(
    'refuses %s for an index or a proof: an integer is written as one',
    (token) => {
      expect(block({ index: token })).toBe('bad-index')
      expect(block({ proof: token })).toBe('bad-proof')
    },
  )

  it('accepts any finite timestamp, below zero too, of 400 characters at most', () => {
    for (const timestamp of [
      '0',
      '-1.5',
      '1e308',
      '-0.0',
      '1'.repeat(400),
      `0.${'1'.repeat(398)}`,
    ]) {
      expect(block({ timestamp })).toBe('accepted')
    }
    for (const timestamp of ['1'.repeat(401), `0.${'1'.repeat(399)}`, '1e309', '-1e309']) {
      expect(block({ timestamp })).toBe('bad-timestamp')
    }
    for (const timestamp of ['"1.5"', 'null', 'true', '[]']) {
      expect(block({ timestamp })).toBe('bad-timestamp')
    }
  })

  it('accepts a previous hash of 64 lowercase hex digits, and nothing else', () => {
    for (const token of [
      `"${SOME_HASH.slice(1)}"`,
      `"${SOME_HASH}0"`,
      `"${SOME_HASH.toUpperCase()}"`,
      '"1"',
      '1',
      'null',
      '[]',
    ]) {
      expect(block({ previous_hash: token })).toBe('bad-previous-hash')
    }
  })

  it.each(['{}', '""', '0', 'null'])('refuses %s for the transactions', (transactions) => {
    expect(block({ transactions })).toBe('bad-transactions')
  })

  it('refuses a block with a bad transaction and says which', () => {
    const [good, bad] = [transactionText(), transactionText({ amount: '"1"' })]
    const error = refusal(() => decodeBlock(blockText({ transactions: `[${good}, ${bad}]` })))
    expect(error).toMatchObject({ code: 'bad-amount', data: { transaction: 1, got: '"1"' } })
    expect(block({ transactions: '[[]]' })).toBe('bad-transaction-type')
  })

  it(`accepts a block of ${MAX_BLOCK_BYTES} bytes and refuses one more`, () => {
    expect(MAX_BLOCK_BYTES).toBe(1_000_000)
    const frame = blockText().length
    const texts = (size: number) => transactionsOfBytes(size - frame).join(', ')
    const largest = decodeBlock(blockText({ transactions: `[${texts(1_000_000)}]` }))
    expect(largest.text).toHaveLength(1_000_000)
    const error = refusal(() => decodeBlock(blockText({ transactions: `[${texts(1_000_001)}]` })))
    expect(error).toMatchObject({
      code: 'bad-blk-length',
      data: { expected: 'at most 1000000 bytes', got: 1_000_001 },
    })
  })

  it("counts the bytes of its own text, not of the sender's spacing", () => {
    expect(outcome(() => decodeBlock(blockText({ proof: `${' '.repeat(1_000_001)}7` })))).toBe(
      'accepted',
    )
  })
})

describe('a genesis', () => {
  it('has index 1 and hangs from nothing', () => {
    expect(decodeBlock(genesisText()).header).toMatchObject({ index: 1, parent: undefined })
  })

  it('may have any timestamp', () => {
    expect(genesis({ timestamp: '0' })).toBe('accepted')
    expect(genesis({ timestamp: '1e309' })).toBe('bad-timestamp')
  })

  it('links to the text "1", and in the older dialect to the integer 1', () => {
    const older = (previous_hash: string) =>
      outcome(() => TOYCHAIN_PY.rules.decodeBlock(parseJson(genesisText({ previous_hash }))))
    expect(genesis({ previous_hash: '"1"' })).toBe('accepted')
    expect(older('1')).toBe('accepted')
    for (const link of ['1', '"0"', '1.0', 'null', '["1"]', `"${SOME_HASH}"`]) {
      expect(genesis({ previous_hash: link })).toBe('bad-genesis')
    }
    for (const link of ['"1"', '1.0', '0', '"0"', 'true']) expect(older(link)).toBe('bad-genesis')
  })

  it('has the proof 100', () => {
    expect(genesis({ proof: '100' })).toBe('accepted')
    for (const proof of ['0', '99', '101']) expect(genesis({ proof })).toBe('bad-genesis')
  })

  it('has no transactions', () => {
    expect(genesis({ transactions: `[${transactionText()}]` })).toBe('bad-genesis')
  })

  it('says which field is at fault', () => {
    expect(refusal(() => decodeBlock(genesisText({ proof: '99' }))).data).toEqual({
      field: 'proof',
      expected: 100,
      got: 99,
    })
  })

  it('shows no more than 80 characters of a wrong link', () => {
    const { details } = refusal(() =>
      decodeBlock(genesisText({ previous_hash: `"${'x'.repeat(500)}"` })),
    )
    expect(String(details.got).length).toBeLessThanOrEqual(80)
  })
})

describe('a block with several faults', () => {
  const faults = [
    ['bad-index', { index: '0' }],
    ['bad-timestamp', { timestamp: 'null' }],
    ['bad-proof', { proof: '-1' }],
    ['bad-previous-hash', { previous_hash: '"x"' }],
    ['bad-transactions', { transactions: '{}' }],
  ] as const

  it('is refused with the code that stands first in the table', () => {
    const order: readonly string[] = Object.keys(RULES)
    const ranked = faults.toSorted(([a], [b]) => order.indexOf(a) - order.indexOf(b))
    for (const [i, [first, fault]] of ranked.entries()) {
      for (const [, later] of ranked.slice(i)) expect(block({ ...later, ...fault })).toBe(first)
    }
  })
})
