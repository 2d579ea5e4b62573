/**
 * Searches for proofs in place, a few milliseconds at a time: for a page, a simulator, or wherever
 * there are no threads. Says between two slices what else may run.
 */
import { type Puzzle, rangeAt } from '../../core/puzzle.ts'
import { openKernel } from '../../kernels/kernel.ts'
import { exhausted, type Miner, type MinerCallbacks, type MinerProgress } from './miner.ts'
import { RateMeter } from './rate-meter.ts'

export interface InlineOptions {
  /** Runs work a little later, after whatever else waits. */
  readonly later: (work: () => void) => void
  /** Milliseconds, of any beginning. */
  readonly nowMs: () => number
}

/** How long a slice may keep everything else waiting. */
const SLICE_MS = 8
/** Proofs between two looks at the clock. */
const CALL_TRIES = 4_096

interface Search {
  readonly number: number
  readonly puzzle: Puzzle
  readonly startProof: number
  position: number
}

export class InlineMiner implements Miner {
  readonly #callbacks: MinerCallbacks
  readonly #options: InlineOptions
  readonly #kernel = openKernel()
  readonly #meter = new RateMeter()
  #search: Search | undefined
  #tried = 0

  constructor(callbacks: MinerCallbacks, options: InlineOptions) {
    this.#callbacks = callbacks
    this.#options = options
  }

  start(number: number, puzzle: Puzzle, startProof = 0): void {
    if (this.#search === undefined) this.#meter.restart(this.#options.nowMs(), this.#tried)
    const search = { number, puzzle, startProof, position: 0 }
    this.#search = search
    this.#options.later(() => this.#goOn(search))
  }

  cancel(search: number): void {
    if (this.#search?.number === search) this.cancelAll()
  }

  cancelAll(): void {
    this.#search = undefined
  }

  /** There is one, and it is not a thread of its own. */
  setThreads(): void {}

  progress(): MinerProgress {
    const isSearching = this.#search !== undefined
    const rate = isSearching ? this.#meter.rate(this.#options.nowMs(), this.#tried) : 0
    return { threads: 1, tried: this.#tried, rate }
  }

  async close(): Promise<void> {
    this.cancelAll()
  }

  #goOn(job: Search): void {
    const endMs = this.#options.nowMs() + SLICE_MS
    while (this.#search === job) {
      const range = rangeAt(job.startProof, job.position, CALL_TRIES)
      const { found, tried } = this.#kernel.searchDecimal(job.puzzle, range)
      this.#tried += tried
      job.position += range.tries
      if (found !== undefined) {
        this.cancelAll()
        this.#callbacks.onFound({ search: job.number, proof: found })
      } else if (job.position > Number.MAX_SAFE_INTEGER) {
        this.cancelAll()
        this.#callbacks.onFailed(job.number, exhausted())
      } else if (this.#options.nowMs() >= endMs) {
        this.#options.later(() => this.#goOn(job))
        return
      }
    }
  }
}
