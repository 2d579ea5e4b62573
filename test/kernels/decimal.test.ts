/**
 * The classic search of both kernels: the proofs of Python nodes are found again, and a plain loop
 * over node:crypto finds the same lowest proof whatever the texts, the zeros and the range.
 */
import { hash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { DecimalPuzzle } from '../../src/core/puzzle.ts'
import type { SearchRange, SearchResult } from '../../src/kernels/kernel.ts'
import { fc } from '../helpers/fast-check.ts'
import { ownVector } from '../helpers/vectors.ts'
import { volume } from '../helpers/volume.ts'
import { KERNELS } from './kinds.ts'

const LAST_PROOF = Number.MAX_SAFE_INTEGER
const HASH = '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881'
/** Where numbers grow by a digit; the last for which a double is exact is where they end. */
const GROWTHS = Array.from({ length: 15 }, (_, i) => 10 ** (i + 1))

function puzzle(fields: Partial<DecimalPuzzle> = {}): DecimalPuzzle {
  return { type: 'decimal', before: '100', after: '', zeros: 4, ...fields }
}

/** The loop that anyone would write. */
function plainSearch({ before, after, zeros }: DecimalPuzzle, range: SearchRange): SearchResult {
  const { from, tries } = range
  const wanted = '0'.repeat(zeros)
  let tried = 0
  while (tried < tries && from + tried <= LAST_PROOF) {
    const proof = from + tried++
    if (hash('sha256', before + proof + after).startsWith(wanted)) return { found: proof, tried }
  }
  return { found: undefined, tried }
}

const { dvf_with_last_hash: withHash, toychain_without_last_hash: withoutHash } = JSON.parse(
  ownVector('proofs.json'),
)
const proofs: { last_proof: number; last_hash?: string; proof: number }[] = [
  ...withHash,
  ...withoutHash,
]

describe.each(KERNELS)('the classic search ($kind)', ({ kernel }) => {
  it.each(proofs)('finds the proof of a Python node after $last_proof, $last_hash', (row) => {
    const { last_proof, last_hash = '', proof } = row
    const of = puzzle({ before: String(last_proof), after: last_hash })
    const result = kernel.searchDecimal(of, { from: 0, tries: 1_000_000 })
    expect(result).toEqual({ found: proof, tried: proof + 1 })
  })

  it('finds the first proofs of a toychain-py chain', () => {
    const found = [100]
    for (let i = 0; i < 3; i++) {
      const of = puzzle({ before: String(found.at(-1)) })
      found.push(kernel.searchDecimal(of, { from: 0, tries: 1_000_000 }).found ?? -1)
    }
    expect(found).toEqual([100, 35_293, 35_089, 119_678])
  })

  it('finds the lowest of several within four neighbours, from any of them on', () => {
    // With no zeros asked for, all are solutions.
    for (let from = 95; from < 225; from++) {
      const result = kernel.searchDecimal(puzzle({ zeros: 0 }), { from, tries: 10 })
      expect(result).toEqual({ found: from, tried: 1 })
    }
    const [begin, end] = [1_000, 3_000]
    const solutions: number[] = []
    for (let from = begin; from < end; ) {
      const { found } = kernel.searchDecimal(puzzle({ zeros: 1 }), { from, tries: end - from })
      if (found === undefined) break
      solutions.push(found)
      from = found + 1
    }
    const all = Array.from({ length: end - begin }, (_, i) => begin + i).filter((proof) => {
      return hash('sha256', `100${proof}`).startsWith('0')
    })
    expect(solutions).toEqual(all)
    expect(all.some((proof, i) => (all[i + 1] ?? 0) >> 2 === proof >> 2)).toBe(true)
  })

  it('ends with the range, also amid four neighbours', () => {
    for (let tries = 0; tries < 12; tries++) {
      const of = puzzle({ before: 'no solution', zeros: 64 })
      expect(kernel.searchDecimal(of, { from: 998, tries })).toEqual({
        found: undefined,
        tried: tries,
      })
    }
    const lowest = { from: 35_293 - 6, tries: 7 }
    expect(kernel.searchDecimal(puzzle(), lowest)).toEqual({ found: 35_293, tried: 7 })
    const short = { ...lowest, tries: 6 }
    expect(kernel.searchDecimal(puzzle(), short)).toEqual({ found: undefined, tried: 6 })
  })

  it('tries up to the last proof and none beyond', () => {
    for (const from of [LAST_PROOF - 7, LAST_PROOF - 1, LAST_PROOF]) {
      const none = kernel.searchDecimal(puzzle({ zeros: 64 }), { from, tries: LAST_PROOF })
      expect(none).toEqual({ found: undefined, tried: LAST_PROOF - from + 1 })
      const any = kernel.searchDecimal(puzzle({ zeros: 0 }), { from, tries: 100 })
      expect(any).toEqual({ found: from, tried: 1 })
    }
  })

  it.each(GROWTHS)('finds what a plain loop finds where numbers reach %d', (growth) => {
    for (const zeros of [1, 2]) {
      for (const before of ['', '35293', 'x'.repeat(52), 'x'.repeat(55), 'x'.repeat(63)]) {
        const of = puzzle({ before, after: HASH, zeros })
        const range = { from: Math.max(0, growth - 150), tries: 300 }
        expect(kernel.searchDecimal(of, range)).toEqual(plainSearch(of, range))
      }
    }
  })

  it('finds what a plain loop finds for texts of any length', () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'grapheme-ascii', maxLength: 12 }),
      // Around the ends of SHA-256's blocks, and of its padding.
      fc.integer({ min: 40, max: 200 }).map((length) => HASH.repeat(4).slice(0, length)),
      fc.nat(LAST_PROOF).map(String),
    )
    const anyStart = fc.oneof(
      fc.nat(LAST_PROOF),
      fc.nat(100_000),
      fc
        .tuple(fc.constantFrom(...GROWTHS), fc.nat(120))
        .map(([at, less]) => Math.max(0, at - less)),
      fc.nat(200).map((less) => LAST_PROOF - less),
    )
    const anySearch = fc.record({
      of: fc.record({
        type: fc.constant('decimal' as const),
        before: anyText,
        after: anyText,
        zeros: fc.nat(3),
      }),
      range: fc.record({ from: anyStart, tries: fc.nat(250) }),
    })
    fc.assert(
      fc.property(anySearch, ({ of, range }) => {
        expect(kernel.searchDecimal(of, range)).toEqual(plainSearch(of, range))
      }),
      { numRuns: 400 },
    )
  })

  it('takes texts of many blocks, and of other than ASCII characters as UTF-8', () => {
    const range = { from: 99_950, tries: volume(400, 60) }
    for (const before of ['é'.repeat(31), '世界', HASH.repeat(1_000)]) {
      for (const after of ['', 'ü', HASH.repeat(2_000)]) {
        const of = puzzle({ before, after, zeros: 2 })
        expect(kernel.searchDecimal(of, range)).toEqual(plainSearch(of, range))
      }
    }
  })

  it('agrees with the whole digest where more zeros are asked for than its first word has', () => {
    const of = puzzle({ zeros: 9 })
    const result = kernel.searchDecimal(of, { from: 0, tries: 200_000 })
    expect(result).toEqual({ found: undefined, tried: 200_000 })
  })

  it('refuses what is no range', () => {
    for (const wrong of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => kernel.searchDecimal(puzzle(), { from: wrong, tries: 1 })).toThrow(RangeError)
      expect(() => kernel.searchDecimal(puzzle(), { from: 0, tries: wrong })).toThrow(RangeError)
    }
  })
})
