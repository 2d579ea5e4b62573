/** Searching for proofs in a worker, so that the page stays smooth; giving up ends the worker. */
import type { Puzzle } from '../../../../src/core/puzzle.ts'

/** What the page asks of the worker. */
export interface MiningJob {
  /** Never used before, from 1. */
  readonly search: number
  readonly puzzle: Puzzle
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

interface MiningOptions {
  readonly signal: AbortSignal
  readonly onProgress: (progress: MiningProgress) => void
}

let worker: Worker | undefined
let lastSearch = 0

/**
 * The lowest proof that solves a puzzle. One search at a time.
 * @throws AbortError when the signal aborts; Error where the search cannot be done here
 */
export function mineProof(puzzle: Puzzle, options: MiningOptions): Promise<FoundProof> {
  const { signal, onProgress } = options
  signal.throwIfAborted()
  worker ??= new Worker(new URL('./mine-worker.ts', import.meta.url), { type: 'module' })
  const started = worker
  lastSearch++
  const job: MiningJob = { search: lastSearch, puzzle }
  const { promise, resolve, reject } = Promise.withResolvers<FoundProof>()
  started.onmessage = ({ data }: MessageEvent<MiningReport>) => {
    if (data.search !== job.search) return
    if (data.type === 'progress') onProgress(data)
    else if (data.type === 'found') resolve(data)
    else reject(new Error(data.message))
  }
  started.onerror = ({ message }) => {
    end()
    reject(new Error(message || 'the thread that mines has stopped'))
  }
  const giveUp = () => {
    end()
    reject(signal.reason)
  }
  signal.addEventListener('abort', giveUp)
  started.postMessage(job)
  return promise.finally(() => signal.removeEventListener('abort', giveUp))
}

function end(): void {
  worker?.terminate()
  worker = undefined
}
