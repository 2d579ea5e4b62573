/**
 * The search for proofs of work, at the speed of the machine. Both searches count upwards, and
 * find the lowest proof of their range. The compiled kernel proposes a proof by the
 * first 32 bits of its digest; here the whole digest decides. Calls of 50,000 to 400,000 tries are
 * best: a longer one stays in the slower code that it began in.
 */
import type { DecimalPuzzle } from '../core/puzzle.ts'
import { DecimalSearch } from './decimal-search.ts'
import { type HeaderPuzzle, HeaderSearch } from './header-search.ts'
import { hasSimd, type KernelKind, loadKernel } from './load.ts'
import type { ProofSearch } from './proof-search.ts'

/** Which proofs to try: whole numbers from 0. What lies beyond the last proof is not tried. */
export interface SearchRange {
  readonly from: number
  readonly tries: number
}

export interface SearchResult {
  /** The lowest solution of the range. */
  readonly found: number | undefined
  /** How many proofs this has decided: those from `from` up to the found one, or all of the range. */
  readonly tried: number
}

/** One search at a time; not to be shared between threads. */
export interface Kernel {
  readonly kind: KernelKind
  /**
   * Proofs from 0 to 2^53 - 1.
   * @throws RangeError if the range is no range, or there is no memory for the puzzle's texts
   */
  searchDecimal(puzzle: DecimalPuzzle, range: SearchRange): SearchResult
  /**
   * Nonces from 0 to 2^32 - 1.
   * @throws RangeError if the range is no range, or the header or the target not of their sizes
   */
  searchHeader(puzzle: HeaderPuzzle, range: SearchRange): SearchResult
}

/** A kernel of this kind; by default the fastest that the machine can run. */
export function openKernel(kind: KernelKind = hasSimd() ? 'simd' : 'scalar'): Kernel {
  const module = loadKernel(kind)
  return {
    kind,
    searchDecimal: (puzzle, range) => searchRange(range, new DecimalSearch(module, puzzle)),
    searchHeader: (puzzle, range) => searchRange(range, new HeaderSearch(module, puzzle)),
  }
}

function searchRange({ from, tries }: SearchRange, search: ProofSearch): SearchResult {
  if (!isCount(from) || !isCount(tries)) throw new RangeError(`no range: ${tries} from ${from} on`)
  const end = Math.min(from + tries, search.limit)
  let next = from
  while (next < end) {
    const candidate = search.candidate(next, end)
    if (candidate === undefined) break
    if (search.solves(candidate)) return { found: candidate, tried: candidate - from + 1 }
    next = candidate + 1
  }
  return { found: undefined, tried: Math.max(0, end - from) }
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}
