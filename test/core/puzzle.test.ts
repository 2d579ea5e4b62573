import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  type DecimalPuzzle,
  MAX_PROOF_START,
  puzzleDigest,
  puzzleText,
  rangeAt,
  search,
  solves,
  triesUntil,
} from '../../src/core/puzzle.ts'
import { fc } from '../helpers/fast-check.ts'
import { ownVector } from '../helpers/vectors.ts'

const LAST_PROOF = Number.MAX_SAFE_INTEGER

function puzzle(fields: Partial<DecimalPuzzle> = {}): DecimalPuzzle {
  return { type: 'decimal', before: '100', after: '', zeros: 4, ...fields }
}

const anyPuzzle = fc.record({
  type: fc.constant('decimal' as const),
  before: fc.nat().map(String),
  after: fc.constantFrom('', 'ab'.repeat(32)),
  zeros: fc.nat(2),
})

describe('puzzleText', () => {
  it('is last proof, proof and last hash with nothing between', () => {
    expect(puzzleText(puzzle({ before: '100', after: 'abc' }), 7)).toBe('1007abc')
  })

  it('writes the largest proof in full', () => {
    expect(puzzleText(puzzle({ before: '' }), LAST_PROOF)).toBe('9007199254740991')
  })
})

describe('solves', () => {
  // SHA-256 of "10035293" begins with four zeros and a digit that is none.
  const digest = puzzleDigest(puzzle(), 35_293)

  it('is about the SHA-256 of the text', () => {
    expect(digest).toBe(createHash('sha256').update('10035293').digest('hex'))
    expect(digest).toMatch(/^0000[^0]/)
  })

  it('accepts as many zeros as are asked for, and refuses one fewer', () => {
    expect(solves(puzzle({ zeros: 4 }), 35_293)).toBe(true)
    expect(solves(puzzle({ zeros: 5 }), 35_293)).toBe(false)
  })

  it('accepts any proof where no zeros are asked for, and none where all 64 are', () => {
    for (const proof of [0, 1, LAST_PROOF]) {
      expect(solves(puzzle({ zeros: 0 }), proof)).toBe(true)
      expect(solves(puzzle({ zeros: 64 }), proof)).toBe(false)
    }
  })

  it('counts the zeros that node:crypto finds', () => {
    fc.assert(
      fc.property(anyPuzzle, fc.nat(1_000), (puzzle, proof) => {
        const text = puzzle.before + proof + puzzle.after
        const digest = createHash('sha256').update(text).digest('hex')
        expect(solves(puzzle, proof)).toBe(digest.search(/[^0]|$/) >= puzzle.zeros)
      }),
      { numRuns: 500 },
    )
  })
})

describe('search', () => {
  it('finds the lowest proof that solves, or says that none of them does', () => {
    fc.assert(
      fc.property(anyPuzzle, fc.nat(1_000), fc.nat(300), (puzzle, from, tries) => {
        const proofs = Array.from({ length: tries }, (_, i) => from + i)
        expect(search(puzzle, { from, tries })).toBe(proofs.find((proof) => solves(puzzle, proof)))
      }),
      { numRuns: 50 },
    )
  })

  it('finds a proof with its last try, and not with one fewer', () => {
    expect(search(puzzle(), { from: 35_290, tries: 4 })).toBe(35_293)
    expect(search(puzzle(), { from: 35_290, tries: 3 })).toBeUndefined()
    expect(search(puzzle(), { from: 35_294, tries: 100 })).toBeUndefined()
  })

  it('tries nothing where it has no tries', () => {
    expect(search(puzzle({ zeros: 0 }), { from: 0, tries: 0 })).toBeUndefined()
  })

  it('tries proofs up to 2^53-1, and ends there', () => {
    const any = puzzle({ zeros: 0 })
    const none = puzzle({ zeros: 64 })
    expect(search(any, { from: LAST_PROOF - 1, tries: 1 })).toBe(LAST_PROOF - 1)
    expect(search(any, { from: LAST_PROOF, tries: 1 })).toBe(LAST_PROOF)
    expect(search(any, { from: LAST_PROOF + 1, tries: 1 })).toBeUndefined()
    expect(search(none, { from: LAST_PROOF - 10, tries: 1_000_000 })).toBeUndefined()
  })
})

describe('proofs that Python nodes found, counting up from 0', () => {
  interface Found {
    readonly last_proof: number
    readonly last_hash?: string
    readonly proof: number
  }
  const vectors: Record<'dvf_with_last_hash' | 'toychain_without_last_hash', Found[]> = JSON.parse(
    ownVector('proofs.json'),
  )

  const of = ({ last_proof, last_hash }: Found) =>
    puzzle({ before: String(last_proof), after: last_hash ?? '' })

  it.each([
    ['with the last hash', vectors.dvf_with_last_hash, 18],
    ['without the last hash', vectors.toychain_without_last_hash, 12],
  ])('solve %s', (_, found, count) => {
    expect(found).toHaveLength(count)
    for (const item of found) {
      expect(solves(of(item), item.proof)).toBe(true)
      // Two million digests from 0 on would take the portable SHA-256 ten seconds, so the search
      // begins a little below each proof; the lowest of each table is searched in full.
      const below = 500
      expect(search(of(item), { from: item.proof - below, tries: 1_000 })).toBe(item.proof)
    }
    const lowest = found.reduce((a, b) => (a.proof <= b.proof ? a : b))
    expect(search(of(lowest), { from: 0, tries: 50_000 })).toBe(lowest.proof)
  })

  it('follow from each other in the older dialect: each is the last proof of the next', () => {
    const chain = vectors.toychain_without_last_hash
    expect(chain.map(({ last_proof }) => last_proof)).toEqual([
      100,
      ...chain.slice(0, -1).map(({ proof }) => proof),
    ])
  })
})

describe('the order of a search', () => {
  const EASY = 2 ** 31
  const END = Number.MAX_SAFE_INTEGER + 1

  it('goes from its start to 2^31, from 0 to its start, and on from 2^31', () => {
    const start = 1_000
    expect(rangeAt(start, 0, 10)).toEqual({ from: 1_000, tries: 10 })
    expect(rangeAt(start, EASY - start - 3, 10)).toEqual({ from: EASY - 3, tries: 3 })
    expect(rangeAt(start, EASY - start, 10)).toEqual({ from: 0, tries: 10 })
    expect(rangeAt(start, EASY - 4, 10)).toEqual({ from: start - 4, tries: 4 })
    expect(rangeAt(start, EASY, 10)).toEqual({ from: EASY, tries: 10 })
    expect(rangeAt(start, END - 3, 10)).toEqual({ from: END - 3, tries: 3 })
  })

  it('from 0 is that of the numbers', () => {
    for (const position of [0, 1, EASY - 1, EASY, END - 1]) {
      expect(rangeAt(0, position, 1)).toEqual({ from: position, tries: 1 })
      expect(triesUntil(0, position)).toBe(position + 1)
    }
  })

  it('tells how many were tried, wherever a proof is', () => {
    const start = fc.integer({ min: 0, max: MAX_PROOF_START - 1 })
    const position = fc.oneof(
      fc.integer({ min: 0, max: 2 ** 32 }),
      fc.constantFrom(EASY - 1, EASY, END - 1),
    )
    fc.assert(
      fc.property(start, position, (from, at) => {
        expect(triesUntil(from, rangeAt(from, at, 1).from)).toBe(at + 1)
      }),
    )
  })

  it('comes to each proof once', () => {
    const start = EASY - 2
    const seen: number[] = []
    for (const position of [0, 1, 2, 3, EASY - 1, EASY]) seen.push(rangeAt(start, position, 1).from)
    expect(seen).toEqual([EASY - 2, EASY - 1, 0, 1, EASY - 3, EASY])
  })
})
