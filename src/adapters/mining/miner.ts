/** What searches for proofs, whatever it searches with: worker threads, or a little at a time in place. */
import type { Puzzle } from '../../core/puzzle.ts'

export interface Found {
  readonly search: number
  /** The first that solves the puzzle, in the order of the search. */
  readonly proof: number
}

export interface MinerCallbacks {
  readonly onFound: (found: Found) => void
  /** The search cannot be done here. */
  readonly onFailed: (search: number, cause: Error) => void
}

export interface MinerProgress {
  readonly threads: number
  /** Proofs tried since the start, of all searches. */
  readonly tried: number
  /** Proofs tried a second, lately; 0 while nothing is searched for. */
  readonly rate: number
}

export interface Miner {
  /**
   * Begins a search, and ends the one before. `search` is a number never used before, from 1; `startProof`
   * the proof to begin with, 0 if left out, from which `rangeAt` (core/puzzle.ts) tells the order.
   */
  start(search: number, puzzle: Puzzle, startProof?: number): void
  cancel(search: number): void
  /** Ends whatever search runs. */
  cancelAll(): void
  /** How many threads search from now on; the search that runs goes on with them. */
  setThreads(count: number): void
  progress(): MinerProgress
  close(): Promise<void>
}

/** No puzzle of 64 zeros is ever solved, but a search has an end all the same. */
export function exhausted(): Error {
  return new Error('no proof from 0 to 2^53-1 solves the puzzle')
}
