/**
 * What everyone searches, so that all do the same: a header, and a classic block's text, with so
 * little chance of a solution that none ends the search. One hash is one proof tried; of a header
 * that is two SHA-256.
 */
import type { DecimalPuzzle } from '../src/core/puzzle.ts'

export type Work = 'header' | 'classic'

/** Searches for about so many milliseconds: proofs tried per second. */
export type MiningRate = (milliseconds: number) => number | Promise<number>

export const HEADER = {
  header: Uint8Array.from({ length: 80 }, (_, i) => (7 * i) % 256),
  target: new Uint8Array(32),
}

/** A number of six digits, as proofs of four to six zeros are, and 64 digits of hash: two blocks. */
export const CLASSIC: DecimalPuzzle = {
  type: 'decimal',
  before: '35293',
  after: '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881',
  zeros: 16,
}

const FIRST_PROOF = 100_000
const LAST_PROOF = 999_999

/** The rate of a search in this process, called slice by slice. */
export function rateOf(
  sliceTries: number,
  search: (from: number, tries: number) => unknown,
): MiningRate {
  return (milliseconds) => {
    const begun = performance.now()
    let done = 0
    let from = FIRST_PROOF
    while (performance.now() - begun < milliseconds) {
      search(from, sliceTries)
      done += sliceTries
      from += sliceTries
      if (from + sliceTries > LAST_PROOF) from = FIRST_PROOF
    }
    return (1000 * done) / (performance.now() - begun)
  }
}
