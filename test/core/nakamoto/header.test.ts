import { describe, expect, it } from 'vitest'
import { hexOf, knownBytes } from '../../../src/core/nakamoto/bytes.ts'
import {
  bitsOf,
  decodeHeader,
  encodeHeader,
  fieldsOf,
  HEADER_BYTES,
  heightOf,
  merkleRootOf,
  NO_HASH,
  placeHeader,
  timeOf,
} from '../../../src/core/nakamoto/header.ts'
import { describeShared } from '../../helpers/vectors.ts'
import { realHeaders, SOME_FIELDS } from './headers.ts'

/** Bitcoin's genesis, as every book on Bitcoin prints it. */
const GENESIS =
  '0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e' +
  '67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c'

describe('a header', () => {
  it("is read from Bitcoin's genesis", () => {
    expect(decodeHeader(knownBytes(GENESIS))).toEqual({
      version: 1,
      previousHash: NO_HASH,
      merkleRoot: '4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b',
      timeSec: 1_231_006_505,
      bits: 0x1d00ffff,
      nonce: 2_083_236_893,
    })
  })

  it('is kept with its hash as it is shown, and without a parent where it has none', () => {
    const header = placeHeader(knownBytes(GENESIS), 1)
    expect(header).toEqual({
      hash: '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f',
      parent: undefined,
      index: 1,
      timestamp: '1231006505',
      proof: 2_083_236_893,
      raw: GENESIS,
    })
    expect(heightOf(header)).toBe(0)
  })

  it('keeps every field at both of its ends', () => {
    for (const fields of [
      { ...SOME_FIELDS, version: -(2 ** 31), timeSec: 0, bits: 0, nonce: 0 },
      {
        ...SOME_FIELDS,
        version: 2 ** 31 - 1,
        timeSec: 2 ** 32 - 1,
        bits: 2 ** 32 - 1,
        nonce: 2 ** 32 - 1,
      },
    ]) {
      const bytes = encodeHeader(fields)
      expect(bytes).toHaveLength(HEADER_BYTES)
      expect(decodeHeader(bytes)).toEqual(fields)
    }
  })
})

describeShared('real headers', () => {
  it.each([
    'bitcoin_headers_0_2016.csv',
    'bitcoin_headers_822528_826560.csv',
    'bitcoin_retarget_headers.csv',
    'testnet3_fork_headers.csv',
  ])('of %s have their hashes, and are written as they were read', (name) => {
    const headers = realHeaders(name)
    expect(headers.length).toBeGreaterThan(400)
    for (const { header, hash, raw } of headers) {
      expect(header.hash).toBe(hash)
      const fields = fieldsOf(header)
      expect(hexOf(encodeHeader(fields))).toBe(raw)
      expect([bitsOf(header), timeOf(header), merkleRootOf(header)]).toEqual([
        fields.bits,
        fields.timeSec,
        fields.merkleRoot,
      ])
    }
  })
})
