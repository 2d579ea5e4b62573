/** Searching for proofs in a worker, so that the page stays smooth; giving up ends the worker. */
import type { Puzzle } from '../../../src/core/puzzle.ts'

/** What the page asks of the worker. */
export interface MiningJob {
  /** Never used before, from 1. */
  readonly search: number
  readonly puzzle: Puzzle
  readonly startProof: number
  /** The part of the time that is spent on it, above 0 up to 1. */
  readonly pace: number
}

export interface MiningProgress {
  /** Proofs, of this search. */
  readonly tried: number
  readonly seconds: number
}

/** What the worker says. */
export type MiningReport =
  | ({ readonly type: 'progress'; readonly search: number } & MiningProgress)
  | ({ readonly type: 'found'; readonly search: number; readonly proof: number } & MiningProgress)
  | { readonly type: 'failed'; readonly search: number; readonly message: string }

export interface FoundProof extends MiningProgress {
  readonly proof: number
}

export interface MiningOptions {
  readonly signal: AbortSignal
  readonly onProgress?: (progress: MiningProgress) => void
  /** Where the search begins; at 0 if left out. */
  readonly startProof?: number
  /** The part of the time that is spent on it, above 0 up to 1; all of it if left out. */
  readonly pace?: number
}

/** A worker that searches for one proof at a time; started when it is first needed. */
export class ProofMiner {
  #worker: Worker | undefined
  #lastSearch = 0

  /**
   * The first proof that solves a puzzle. One search at a time.
   * @throws AbortError when the signal aborts; Error where the search cannot be done here
   */
  mine(puzzle: Puzzle, options: MiningOptions): Promise<FoundProof> {
    const { signal, onProgress, startProof = 0, pace = 1 } = options
    signal.throwIfAborted()
    this.#worker ??= new Worker(new URL('./proof-worker.ts', import.meta.url), { type: 'module' })
    const worker = this.#worker
    this.#lastSearch++
    const job: MiningJob = { search: this.#lastSearch, puzzle, startProof, pace }
    const { promise, resolve, reject } = Promise.withResolvers<FoundProof>()
    worker.onmessage = ({ data }: MessageEvent<MiningReport>) => {
      if (data.search !== job.search) return
      if (data.type === 'progress') onProgress?.(data)
      else if (data.type === 'found') resolve(data)
      else reject(new Error(data.message))
    }
    worker.onerror = ({ message }) => {
      this.#end()
      reject(new Error(message || 'the thread that mines has stopped'))
    }
    const giveUp = () => {
      this.#end()
      reject(signal.reason)
    }
    signal.addEventListener('abort', giveUp)
    worker.postMessage(job)
    return promise.finally(() => signal.removeEventListener('abort', giveUp))
  }

  #end(): void {
    this.#worker?.terminate()
    this.#worker = undefined
  }
}
