/**
 * The header search of both kernels: real headers are found again, and a plain loop over node:crypto
 * finds the same lowest nonce whatever the header, the target and the range.
 */
import { describe, expect, it } from 'vitest'
import { fc } from '../helpers/fast-check.ts'
import { describeShared } from '../helpers/vectors.ts'
import { GENESIS, headerNumber, realHeader, realHeaders, targetBytes } from './headers.ts'
import { KERNELS } from './kinds.ts'

const LAST_NONCE = 2 ** 32 - 1
const ANY_NUMBER = 2n ** 256n - 1n
/** Headers of each of two files, out of 2016 and more: the first years, and lately. */
const EVERY = 40

describe.each(KERNELS)('the header search ($kind)', ({ kernel }) => {
  const genesis = realHeader(GENESIS)

  it('finds the nonce of the genesis block of Bitcoin', () => {
    const puzzle = { header: genesis.header, target: targetBytes(genesis.target) }
    const from = 2_083_236_893 - 50_000
    const result = kernel.searchHeader(puzzle, { from, tries: 100_000 })
    expect(result).toEqual({ found: 2_083_236_893, tried: 50_001 })
  })

  it('accepts a number at the target and one below it, and refuses one above', () => {
    for (const nonce of [genesis.nonce, 0, 1, 2, 3, 12_345, LAST_NONCE]) {
      const number = headerNumber(genesis.header, nonce)
      const at = (target: bigint) => {
        const puzzle = { header: genesis.header, target: targetBytes(target) }
        return kernel.searchHeader(puzzle, { from: nonce, tries: 1 })
      }
      expect(at(number)).toEqual({ found: nonce, tried: 1 })
      expect(at(number + 1n)).toEqual({ found: nonce, tried: 1 })
      expect(at(number - 1n)).toEqual({ found: undefined, tried: 1 })
    }
  })

  it('goes on behind a nonce that is right in its highest 32 bits alone', () => {
    // The target shares them with nonce 0's number, which is one too large.
    const target = headerNumber(genesis.header, 0) - 1n
    let expected = 1
    while (headerNumber(genesis.header, expected) > target) expected++
    const puzzle = { header: genesis.header, target: targetBytes(target) }
    const result = kernel.searchHeader(puzzle, { from: 0, tries: 1_000 })
    expect(result).toEqual({ found: expected, tried: expected + 1 })
  })

  it('tries up to the last nonce and none beyond', () => {
    for (const from of [LAST_NONCE - 5, LAST_NONCE - 1, LAST_NONCE]) {
      const none = { header: genesis.header, target: targetBytes(0n) }
      const tried = LAST_NONCE - from + 1
      expect(kernel.searchHeader(none, { from, tries: 100 })).toEqual({ found: undefined, tried })
      const last = targetBytes(headerNumber(genesis.header, LAST_NONCE))
      const puzzle = { header: genesis.header, target: last }
      const { found } = kernel.searchHeader(puzzle, { from: LAST_NONCE, tries: 100 })
      expect(found).toBe(LAST_NONCE)
    }
    const any = { header: genesis.header, target: targetBytes(ANY_NUMBER) }
    const beyond = kernel.searchHeader(any, { from: LAST_NONCE + 1, tries: 100 })
    expect(beyond).toEqual({ found: undefined, tried: 0 })
  })

  it('does not read the nonce that is in the header, nor change the header', () => {
    const header = genesis.header.slice().fill(0xff, 76)
    const kept = header.slice()
    const puzzle = { header, target: targetBytes(genesis.target) }
    const { found } = kernel.searchHeader(puzzle, { from: 2_083_236_890, tries: 10 })
    expect(found).toBe(2_083_236_893)
    expect(header).toEqual(kept)
  })

  it('refuses a header or a target of another size, and what is no range', () => {
    const { header } = genesis
    const target = targetBytes(1n)
    const range = { from: 0, tries: 1 }
    const search = (puzzle: { header?: Uint8Array; target?: Uint8Array }, of = range) => {
      return () => kernel.searchHeader({ header, target, ...puzzle }, of)
    }
    expect(search({ header: header.slice(1) })).toThrow(RangeError)
    expect(search({ target: target.slice(1) })).toThrow(RangeError)
    for (const wrong of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(search({}, { from: wrong, tries: 1 })).toThrow(RangeError)
      expect(search({}, { from: 0, tries: wrong })).toThrow(RangeError)
    }
  })

  it('finds what a plain loop finds, and counts as it counts', () => {
    const anySearch = fc.record({
      header: fc.uint8Array({ minLength: 80, maxLength: 80 }),
      // From every second number to one in 256.
      bits: fc.integer({ min: 248, max: 256 }),
      less: fc.bigInt({ min: 1n, max: 2n ** 240n }),
      from: fc.oneof(fc.nat(LAST_NONCE), fc.integer({ min: LAST_NONCE - 99, max: LAST_NONCE })),
      tries: fc.nat(99),
    })
    fc.assert(
      fc.property(anySearch, ({ header, bits, less, from, tries }) => {
        const target = 2n ** BigInt(bits) - less
        const end = Math.min(from + tries, LAST_NONCE + 1)
        let nonce = from
        while (nonce < end && headerNumber(header, nonce) > target) nonce++
        const isFound = nonce < end
        expect(
          kernel.searchHeader({ header, target: targetBytes(target) }, { from, tries }),
        ).toEqual({
          found: isFound ? nonce : undefined,
          tried: isFound ? nonce - from + 1 : end - from,
        })
      }),
      { numRuns: 300 },
    )
  })

  describeShared('over real headers', () => {
    const headers = [
      ...realHeaders('headers/bitcoin_headers_0_2016.csv', EVERY),
      ...realHeaders('headers/bitcoin_headers_822528_826560.csv', 2 * EVERY),
    ]

    it('has a hundred', () => {
      expect(headers.length).toBeGreaterThanOrEqual(100)
    })

    it.each(headers)('finds block $height again from 2,000 nonces below', (block) => {
      const { header, nonce, target } = block
      const from = Math.max(0, nonce - 2_000)
      const puzzle = { header, target: targetBytes(target) }
      const result = kernel.searchHeader(puzzle, { from, tries: 4_000 })
      expect(result).toEqual({ found: nonce, tried: nonce - from + 1 })
    })
  })
})
