import { describe, expect, it } from 'vitest'
import { parseJson } from '../../../src/core/json/json.ts'
import { MAX_NUMBER_CHARS, MAX_PARTY_CHARS } from '../../../src/core/limits.ts'
import { fc } from '../../helpers/fast-check.ts'
import { numberToken, text } from '../json/json-arbitraries.ts'
import { outcome, refusal } from '../thrown.ts'
import { decodeTransaction, EASY, type Fields, transactionText } from './texts.ts'

const transaction = (fields: Fields) => outcome(() => decodeTransaction(transactionText(fields)))

describe('decodeTransaction', () => {
  it('reads sender, recipient and amount, and keeps the amount as written', () => {
    const decoded = decodeTransaction('{"sender": "a", "recipient": "b", "amount": 10.00}')
    expect(decoded).toEqual({
      sender: 'a',
      recipient: 'b',
      amount: '10.00',
      text: '{"amount": 10.00, "recipient": "b", "sender": "a"}',
      key: '{"amount": 10.0, "recipient": "b", "sender": "a"}',
    })
  })

  it('gives one key to what no rule can tell apart, and other keys to the rest', () => {
    const key = (amount: string) => decodeTransaction(transactionText({ amount })).key
    expect(key('1e1')).toBe(key('10.0'))
    expect(key('10.00')).toBe(key('10.0'))
    expect(key('-0')).toBe(key('0'))
    expect(key('10')).not.toBe(key('10.0'))
    expect(key('-0.0')).not.toBe(key('0.0'))
    expect(key('9007199254740992')).not.toBe(key('9007199254740993'))
  })

  it.each(['[]', '"x"', '1', 'null', 'false'])('refuses %s: a transaction is an object', (text) => {
    expect(outcome(() => decodeTransaction(text))).toBe('bad-transaction-type')
  })

  it.each([
    ['[]', 'an array'],
    ['"x"', 'a string'],
    ['1', 'a number'],
    ['null', 'null'],
    ['true', 'a boolean'],
  ])('says of %s that %s came', (text, got) => {
    expect(refusal(() => decodeTransaction(text)).data).toEqual({ expected: 'an object', got })
  })

  it.each(['amount', 'recipient', 'sender'])('refuses a transaction without %s', (key) => {
    expect(transaction({ [key]: undefined })).toBe('bad-transaction-keys')
  })

  it('refuses an unknown key, and a repeated one', () => {
    expect(transaction({ fee: '1' })).toBe('bad-transaction-keys')
    const inherited = transactionText().replace('{', '{"__proto__": 1, ')
    expect(outcome(() => decodeTransaction(inherited))).toBe('bad-transaction-keys')
    const repeated = transactionText().replace('{', '{"amount": 1, ')
    expect(outcome(() => decodeTransaction(repeated))).toBe('bad-transaction-keys')
    const instead = transactionText({ sender: undefined }).replace('{', '{"amount": 1, ')
    expect(outcome(() => decodeTransaction(instead))).toBe('bad-transaction-keys')
  })

  it.each([
    ['sender', 'bad-sender'],
    ['recipient', 'bad-recipient'],
  ])(`accepts a %s of 0 to ${MAX_PARTY_CHARS} characters and refuses one more`, (key, code) => {
    expect(MAX_PARTY_CHARS).toBe(1_024)
    expect(transaction({ [key]: '""' })).toBe('accepted')
    expect(transaction({ [key]: `"${'x'.repeat(1_024)}"` })).toBe('accepted')
    expect(transaction({ [key]: `"${'x'.repeat(1_025)}"` })).toBe(code)
    // Counted as UTF-16 units, however they are written.
    expect(transaction({ [key]: `"${'😀'.repeat(512)}"` })).toBe('accepted')
    expect(transaction({ [key]: `"${'😀'.repeat(512)}x"` })).toBe(code)
    expect(transaction({ [key]: `"${'\\u0000'.repeat(1_024)}"` })).toBe('accepted')
  })

  it.each([
    ['sender', 'bad-sender'],
    ['recipient', 'bad-recipient'],
  ])('refuses a %s that is no text', (key, code) => {
    for (const token of ['1', 'null', 'true', '["a"]', '{}']) {
      expect(transaction({ [key]: token })).toBe(code)
    }
  })

  it('accepts any finite amount, below zero too', () => {
    for (const amount of ['0', '-1', '0.1', '-0.0', '1e-400', '1.7976931348623157e308']) {
      expect(transaction({ amount })).toBe('accepted')
    }
    for (const amount of ['1.7976931348623159e308', '-1e309', '1e400']) {
      expect(transaction({ amount })).toBe('bad-amount')
    }
  })

  it(`accepts an amount of ${MAX_NUMBER_CHARS} characters and refuses one more`, () => {
    expect(MAX_NUMBER_CHARS).toBe(400)
    expect(transaction({ amount: '9'.repeat(400) })).toBe('accepted')
    expect(transaction({ amount: '9'.repeat(401) })).toBe('bad-amount')
    expect(transaction({ amount: `1.${'0'.repeat(398)}` })).toBe('accepted')
    expect(transaction({ amount: `1.${'0'.repeat(399)}` })).toBe('bad-amount')
    expect(transaction({ amount: `-${'9'.repeat(400)}` })).toBe('bad-amount')
  })

  it.each(['"1"', 'null', 'true', '[1]', '{}'])('refuses the amount %s', (amount) => {
    expect(transaction({ amount })).toBe('bad-amount')
  })

  it('shows 80 characters of an amount that it refuses', () => {
    const { details } = refusal(() =>
      decodeTransaction(transactionText({ amount: '9'.repeat(401) })),
    )
    expect(details.got).toBe('9'.repeat(80))
  })

  it('reads its own text back as the same transaction, whatever the parties and the amount', () => {
    fc.assert(
      fc.property(text, text, numberToken, (sender, recipient, amount) => {
        const parties = { sender: JSON.stringify(sender), recipient: JSON.stringify(recipient) }
        const decoded = decodeTransaction(transactionText({ ...parties, amount }))
        expect(decoded).toMatchObject({ sender, recipient, amount })
        expect(decodeTransaction(decoded.text)).toEqual(decoded)
        // The key is a fixed point: read again, it is its own text and its own key.
        const again = decodeTransaction(decoded.key)
        expect([again.text, again.key]).toEqual([decoded.key, decoded.key])
      }),
      { numRuns: 300 },
    )
  })

  it('is what a block holds', () => {
    const json = parseJson(transactionText({ amount: '1e0' }))
    const { transactions } = EASY.rules.decodeBlock(
      parseJson(
        `{"index": 2, "previous_hash": "${'0'.repeat(64)}", "proof": 1, "timestamp": 1, ` +
          `"transactions": [${transactionText({ amount: '1e0' })}]}`,
      ),
    )
    expect(transactions).toEqual([EASY.rules.decodeTransaction(json)])
  })
})
