import { describe, expect, it } from 'vitest'
import { isBlockHash } from '../../../src/core/hash.ts'
import { doubleSha256, hashHex, hexOf } from '../../../src/core/nakamoto/bytes.ts'
import { subsidyAt, totalSubsidies } from '../../../src/core/nakamoto/subsidy.ts'
import {
  COINBASE_BYTES,
  decodeBody,
  decodeTransaction,
  encodeAllocation,
  encodeCoinbase,
  encodePayment,
  kindOf,
  MAX_TAG_BYTES,
  PAYMENT_BYTES,
  signatureIn,
  signedBytes,
} from '../../../src/core/nakamoto/transaction.ts'
import { fc } from '../../helpers/fast-check.ts'
import { ALICE, BOB } from './people.ts'

const U64 = fc.bigInt(0n, 2n ** 64n - 1n)
const KEY = fc.uint8Array({ minLength: 32, maxLength: 32 })
const COINBASE = fc
  .record({
    index: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    extraNonce: U64,
    recipient: KEY,
    amount: U64,
    tag: fc.uint8Array({ maxLength: MAX_TAG_BYTES }),
  })
  .map(encodeCoinbase)
const PAYMENT = fc
  .record({
    chain: KEY.map(hashHex),
    sender: KEY,
    recipient: KEY,
    amount: U64,
    fee: U64,
    nonce: U64,
    signature: fc.uint8Array({ minLength: 64, maxLength: 64 }),
  })
  .map(encodePayment)
const ALLOCATION = fc.tuple(KEY, U64).map(([key, amount]) => encodeAllocation(key, amount))
const ANY = fc.oneof(COINBASE, PAYMENT, ALLOCATION)

describe('a transaction as bytes', () => {
  it('is read as it was written, with its id and its JSON', () => {
    const bytes = encodePayment({
      chain: hashHex(new Uint8Array(32).fill(1)),
      sender: ALICE.key,
      recipient: BOB.key,
      amount: 5n,
      fee: 2n,
      nonce: 3n,
      signature: new Uint8Array(64).fill(9),
    })
    expect(decodeTransaction(bytes)).toEqual({
      type: 'payment',
      bytes,
      id: hashHex(doubleSha256(bytes)),
      key: hashHex(doubleSha256(bytes)),
      sender: ALICE.address,
      recipient: BOB.address,
      amount: '5',
      units: 5,
      feeUnits: 2,
      nonce: 3,
      chain: '01'.repeat(32),
      text:
        `{"amount": 5, "chain": "${'01'.repeat(32)}", "fee": 2, "nonce": 3, ` +
        `"recipient": "${BOB.address}", "sender": "${ALICE.address}", "signature": "${'09'.repeat(64)}"}`,
    })
    expect(signedBytes(bytes)).toEqual(bytes.slice(0, 121))
    expect(signatureIn(bytes)).toEqual({ key: ALICE.key, signature: new Uint8Array(64).fill(9) })
  })

  it('has its layout, to the byte', () => {
    const coinbase = encodeCoinbase({
      index: 0x01020304,
      extraNonce: 0x0102030405060708n,
      recipient: new Uint8Array(32).fill(0xaa),
      amount: 0x1112131415161718n,
      tag: Uint8Array.of(0xbb, 0xcc),
    })
    expect(hexOf(coinbase)).toBe(
      `00${'04030201'}${'0807060504030201'}${'aa'.repeat(32)}${'1817161514131211'}02bbcc${'00'.repeat(30)}`,
    )
    expect(decodeTransaction(coinbase)).toMatchObject({ type: 'coinbase', index: 0x01020304 })
    const allocation = encodeAllocation(new Uint8Array(32).fill(0xaa), 1n)
    expect(hexOf(allocation)).toBe(`02${'aa'.repeat(32)}0100000000000000`)
  })

  it('never has 64 bytes', () => {
    expect([COINBASE_BYTES, PAYMENT_BYTES, encodeAllocation(ALICE.key, 0n).length]).toEqual([
      86, 185, 41,
    ])
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (bytes) => {
        expect(decodeTransaction(bytes)).toBeUndefined()
      }),
    )
  })

  it('is one encoding of one transaction: no other bytes are read as the same', () => {
    fc.assert(
      fc.property(ANY, fc.nat(), fc.integer({ min: 1, max: 255 }), (bytes, at, change) => {
        const transaction = decodeTransaction(bytes)
        expect(transaction?.bytes).toEqual(bytes)
        expect(transaction && isBlockHash(transaction.id)).toBe(true)
        const other = bytes.slice()
        other[at % bytes.length] = (other[at % bytes.length] ?? 0) ^ change
        const read = decodeTransaction(other)
        if (read !== undefined) expect(read.text).not.toBe(transaction?.text)
        expect(decodeTransaction(bytes.slice(0, -1))).toBeUndefined()
        expect(decodeTransaction(Uint8Array.of(...bytes, 0))).toBeUndefined()
      }),
    )
  })

  it('has a tag of so many bytes, zeros behind it, and no other', () => {
    const of = (tag: Uint8Array) =>
      encodeCoinbase({ index: 1, extraNonce: 0n, recipient: ALICE.key, amount: 0n, tag })
    expect(decodeTransaction(of(new Uint8Array(MAX_TAG_BYTES).fill(1)))).toBeDefined()
    const long = of(new Uint8Array(MAX_TAG_BYTES).fill(1))
    long[53] = MAX_TAG_BYTES + 1
    expect(decodeTransaction(long)).toBeUndefined()
    const hidden = of(Uint8Array.of(1))
    hidden[55] = 1
    expect(decodeTransaction(hidden)).toBeUndefined()
  })

  it('is of a kind that there is', () => {
    for (let kind = 3; kind < 256; kind++) {
      expect(decodeTransaction(new Uint8Array(185).fill(kind))).toBeUndefined()
    }
    expect(decodeTransaction(new Uint8Array(0))).toBeUndefined()
  })

  it('is one of these kinds only where it was decoded here', () => {
    const foreign = { sender: '', recipient: '', amount: '1', text: '', key: '' }
    expect(() => kindOf(foreign)).toThrow('decoded by these rules')
  })
})

describe('a body', () => {
  it('is transactions one after another, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(ANY, { maxLength: 8 }), (parts) => {
        const body = Uint8Array.from(parts.flatMap((part) => [...part]))
        expect(decodeBody(body)?.map(({ bytes }) => bytes)).toEqual(parts)
        expect(decodeBody(Uint8Array.of(...body, 1))).toBeUndefined()
        if (parts.length > 0) expect(decodeBody(body.slice(0, -1))).toBeUndefined()
      }),
    )
  })

  it('gives transactions that do not keep it', () => {
    const body = encodeAllocation(ALICE.key, 1n)
    const [transaction] = decodeBody(Uint8Array.of(...body, ...body)) ?? []
    expect(transaction?.bytes.buffer.byteLength).toBe(body.length)
  })
})

describe('the subsidy', () => {
  const ISSUE = { subsidy: 50, halvingBlocks: 10 }

  it('is halved every so many blocks, rounded down, and ends', () => {
    expect(subsidyAt(0, ISSUE)).toBe(0)
    for (const [height, units] of [
      [1, 50],
      [9, 50],
      [10, 25],
      [19, 25],
      [20, 12],
      [30, 6],
      [40, 3],
      [50, 1],
      [59, 1],
      [60, 0],
      [1_000_000_000, 0],
    ] as const) {
      expect(subsidyAt(height, ISSUE)).toBe(units)
    }
  })

  it('does not come back after 32, 53 or 64 halvings', () => {
    const large = { subsidy: 2 ** 52, halvingBlocks: 1 }
    for (const height of [52, 53, 54, 63, 64, 65, 96, 128]) {
      expect(subsidyAt(height, large)).toBe(height === 52 ? 1 : 0)
    }
    expect(subsidyAt(31, large)).toBe(2 ** 21)
    expect(subsidyAt(32, large)).toBe(2 ** 20)
  })

  it('is in sum what every block gives', () => {
    let sum = 0n
    for (let height = 0; height <= 100; height++) sum += BigInt(subsidyAt(height, ISSUE))
    expect(totalSubsidies(ISSUE)).toBe(sum)
    expect(totalSubsidies({ subsidy: 0, halvingBlocks: 10 })).toBe(0n)
    // Bitcoin's 50 coins of 10^8 units come to a little less than 21 million.
    const bitcoin = totalSubsidies({ subsidy: 5_000_000_000, halvingBlocks: 210_000 })
    expect(bitcoin + 5_000_000_000n).toBe(2_099_999_997_690_000n)
  })
})
