/**
 * Searches for proofs in a worker thread, one search at a time. A worker that dies is replaced and
 * its search begun again, since the lowest proof is the same whoever finds it.
 */
import { Worker } from 'node:worker_threads'
import type { Puzzle } from '../core/puzzle.ts'
import type { Found, SearchJob } from './miner-worker.ts'

export interface MinerCallbacks {
  readonly onFound: (found: Found) => void
  /** The search cannot be done here. */
  readonly onFailed: (search: number, cause: Error) => void
}

export interface Miner {
  /** Begins a search, and ends the one before. `search` is a number never used before, from 1. */
  start(search: number, puzzle: Puzzle): void
  cancel(search: number): void
  /** Ends whatever search runs. */
  cancelAll(): void
  close(): Promise<void>
}

/** How often one search may lose its worker before it is given up. */
const MAX_DEATHS_PER_SEARCH = 3

const WORKER_FILE = import.meta.url.endsWith('.ts') ? './miner-worker.ts' : './miner-worker.js'

export class WorkerMiner implements Miner {
  readonly #callbacks: MinerCallbacks
  /** The number of the search that is wanted, where the worker sees it; 0 for none. */
  readonly #wanted = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  readonly #workerFile: URL
  #worker: Worker | undefined
  #job: SearchJob | undefined
  #deaths = 0

  constructor(
    callbacks: MinerCallbacks,
    { workerFile = new URL(WORKER_FILE, import.meta.url) } = {},
  ) {
    this.#callbacks = callbacks
    this.#workerFile = workerFile
  }

  start(search: number, puzzle: Puzzle): void {
    this.#deaths = 0
    this.#post({ search, puzzle })
  }

  cancel(search: number): void {
    if (this.#job?.search === search) this.cancelAll()
  }

  cancelAll(): void {
    this.#job = undefined
    Atomics.store(this.#wanted, 0, 0)
  }

  async close(): Promise<void> {
    const worker = this.#worker
    this.#worker = undefined
    this.#job = undefined
    await worker?.terminate()
  }

  #post(job: SearchJob): void {
    this.#job = job
    Atomics.store(this.#wanted, 0, job.search)
    this.#worker ??= this.#hire()
    this.#worker.postMessage(job)
  }

  #hire(): Worker {
    const worker = new Worker(this.#workerFile, { workerData: { wanted: this.#wanted } })
    let cause = new Error('the mining thread ended')
    worker.on('message', (found: Found) => {
      if (this.#job?.search !== found.search) return
      this.#job = undefined
      this.#callbacks.onFound(found)
    })
    worker.on('error', (error: Error) => {
      cause = error
    })
    worker.on('exit', () => this.#replace(worker, cause))
    return worker
  }

  #replace(worker: Worker, cause: Error): void {
    if (this.#worker !== worker) return
    this.#worker = undefined
    const job = this.#job
    if (job === undefined) return
    this.#deaths++
    if (this.#deaths < MAX_DEATHS_PER_SEARCH) {
      this.#post(job)
      return
    }
    this.#job = undefined
    this.#callbacks.onFailed(job.search, cause)
  }
}
