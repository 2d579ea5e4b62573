/**
 * Searches for proofs in worker threads, one search at a time. Its range is dealt out in slices
 * (search-board.ts), and the first proof of all is the answer, however many threads there are. A
 * thread that dies is replaced, and its slice searched again. Threads are hired one after another, each
 * when the one before has begun, and let go when nothing has been searched for in a while. Where the
 * system allows fewer, the search goes on with those.
 */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { messageOf } from '../../core/errors.ts'
import { MAX_MINING_THREADS } from '../../core/limits.ts'
import type { Puzzle } from '../../core/puzzle.ts'
import { exhausted, type Miner, type MinerCallbacks, type MinerProgress } from './miner.ts'
import type { SearchJob, ThreadData, ThreadReport } from './miner-worker.ts'
import { RateMeter } from './rate-meter.ts'
import { SearchBoard } from './search-board.ts'

export interface PoolOptions {
  /** One for each core if left out. */
  readonly threads?: number | undefined
  readonly workerFile?: URL
  /** Milliseconds, of any beginning. */
  readonly nowMs?: () => number
}

/** What is being searched for. */
interface Search {
  readonly number: number
  /** Tells this attempt at the search from earlier ones, whose threads may not have stopped yet. */
  readonly run: number
  readonly puzzle: Puzzle
  readonly startProof: number
  readonly board: SearchBoard
  deaths: number
  lowest: { readonly slice: number; readonly proof: number } | undefined
}

/** Beside this file, as a source or compiled like this one. */
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './miner-worker.ts' : './miner-worker.js',
  import.meta.url,
)
/** Threads that have had nothing to do for so long are let go: each holds memory. */
const IDLE_THREADS_MS = 10_000
/** How often one search may lose a thread before it is given up. */
const MAX_DEATHS_PER_SEARCH = 3

export class MinerPool implements Miner {
  readonly #callbacks: MinerCallbacks
  readonly #workerFile: URL
  readonly #nowMs: () => number
  /** The run that is wanted, where the threads see it; 0 for none. */
  readonly #wanted = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  readonly #tried = new BigInt64Array(
    new SharedArrayBuffer(MAX_MINING_THREADS * BigInt64Array.BYTES_PER_ELEMENT),
  )
  readonly #meter = new RateMeter()
  readonly #workers: (Worker | undefined)[] = []
  /** Threads that have been dismissed and have not ended yet. */
  #leaving = 0
  /** The thread that has been hired last and has not begun yet. */
  #hired: Worker | undefined
  /** Whether the system has refused a thread since the search began. */
  #isShort = false
  #lettingGo: NodeJS.Timeout | undefined
  #threads: number
  #lastRun = 0
  #search: Search | undefined

  constructor(callbacks: MinerCallbacks, options: PoolOptions = {}) {
    this.#callbacks = callbacks
    this.#threads = options.threads ?? availableParallelism()
    this.#workerFile = options.workerFile ?? WORKER
    this.#nowMs = options.nowMs ?? (() => performance.now())
  }

  start(number: number, puzzle: Puzzle, startProof = 0): void {
    clearTimeout(this.#lettingGo)
    if (this.#search === undefined) this.#meter.restart(this.#nowMs(), this.#triedTotal())
    this.#begin({ number, puzzle, startProof, deaths: 0 })
  }

  cancel(search: number): void {
    if (this.#search?.number === search) this.cancelAll()
  }

  cancelAll(): void {
    this.#search = undefined
    Atomics.store(this.#wanted, 0, 0)
    clearTimeout(this.#lettingGo)
    this.#lettingGo = setTimeout(() => this.#dismissFrom(0), IDLE_THREADS_MS).unref()
  }

  setThreads(count: number): void {
    if (count === this.#threads) return
    this.#threads = count
    this.#dismissFrom(count)
    // From the beginning: what has been tried of it is soon tried again, by all of them.
    const search = this.#search
    if (search !== undefined) this.#begin(search)
  }

  progress(): MinerProgress {
    const tried = this.#triedTotal()
    const rate = this.#search === undefined ? 0 : this.#meter.rate(this.#nowMs(), tried)
    return { threads: this.#threads, tried, rate }
  }

  async close(): Promise<void> {
    this.cancelAll()
    clearTimeout(this.#lettingGo)
    await Promise.all(this.#workers.splice(0).map((worker) => worker?.terminate()))
  }

  #triedTotal(): number {
    let total = 0n
    for (let thread = 0; thread < MAX_MINING_THREADS; thread++) {
      total += Atomics.load(this.#tried, thread)
    }
    return Number(total)
  }

  #begin(of: Pick<Search, 'number' | 'puzzle' | 'startProof' | 'deaths'>): void {
    const { number, puzzle, startProof, deaths } = of
    const board = SearchBoard.create(this.#threads)
    const run = ++this.#lastRun
    this.#search = { number, run, puzzle, startProof, board, deaths, lowest: undefined }
    Atomics.store(this.#wanted, 0, this.#search.run)
    for (const worker of this.#workers) this.#employ(worker, this.#search)
    this.#isShort = false
    this.#hireNext()
  }

  #employ(worker: Worker | undefined, { run, puzzle, startProof, board }: Search): void {
    const job: SearchJob = { run, puzzle, startProof, board: board.buffer }
    worker?.postMessage(job)
  }

  /** Hires a thread that is missing, unless another is about to begin or to end. */
  #hireNext(): void {
    const search = this.#search
    if (search === undefined || this.#hired !== undefined || this.#leaving > 0) return
    let thread = 0
    while (this.#workers[thread] !== undefined) thread++
    if (thread >= this.#threads || this.#isShort) return
    try {
      const worker = this.#hire(thread)
      this.#workers[thread] = worker
      this.#hired = worker
      worker.once('online', () => {
        if (this.#hired === worker) this.#hired = undefined
        this.#hireNext()
      })
      this.#employ(worker, search)
    } catch (cause) {
      this.#goOnShort(new Error(messageOf(cause)))
    }
  }

  /** The system allows no more threads: those that are there go on, if there are any. */
  #goOnShort(cause: Error): void {
    this.#isShort = true
    const search = this.#search
    if (search === undefined || this.#workers.some((worker) => worker !== undefined)) return
    this.cancelAll()
    this.#callbacks.onFailed(search.number, cause)
  }

  #hire(thread: number): Worker {
    const workerData: ThreadData = {
      thread,
      wanted: this.#wanted.buffer,
      tried: this.#tried.buffer,
    }
    const worker = new Worker(this.#workerFile, { workerData })
    let cause = new Error('the mining thread ended')
    worker.on('message', (report: ThreadReport) => this.#hear(report))
    worker.on('error', (error) => {
      cause = error instanceof Error ? error : new Error(messageOf(error))
    })
    worker.on('exit', () => {
      if (this.#hired === worker) this.#hired = undefined
      if (this.#workers[thread] === worker) this.#replace(thread, cause)
    })
    return worker
  }

  #dismissFrom(thread: number): void {
    for (const worker of this.#workers.splice(thread)) {
      if (worker === undefined) continue
      this.#leaving++
      const gone = () => {
        this.#leaving--
        this.#hireNext()
      }
      worker.terminate().then(gone, gone)
    }
  }

  #hear({ run, found }: ThreadReport): void {
    const search = this.#search
    if (search?.run !== run) return
    if (found !== undefined && found.slice < (search.lowest?.slice ?? Number.POSITIVE_INFINITY)) {
      search.lowest = found
    }
    this.#conclude(search)
  }

  /** Ends a search once no thread may find a lower proof than the lowest that was found. */
  #conclude(search: Search): void {
    const { number, board, lowest } = search
    const until = lowest?.slice ?? Number.MAX_SAFE_INTEGER
    for (let thread = 0; thread < this.#threads; thread++) {
      if (board.mayFindBelow(until, thread)) return
    }
    // What was found lower is on its way, though its thread rests already.
    if (lowest?.slice !== board.lowest) return
    if (lowest === undefined && !board.isExhausted) return
    this.cancelAll()
    if (lowest === undefined) this.#callbacks.onFailed(number, exhausted())
    else this.#callbacks.onFound({ search: number, proof: lowest.proof })
  }

  #replace(thread: number, cause: Error): void {
    this.#workers[thread] = undefined
    const search = this.#search
    if (search === undefined) return
    if ('code' in cause && cause.code === 'ERR_WORKER_INIT_FAILED') {
      this.#goOnShort(cause)
      return
    }
    search.deaths++
    if (search.deaths >= MAX_DEATHS_PER_SEARCH) {
      this.cancelAll()
      this.#callbacks.onFailed(search.number, cause)
    } else if (search.board.hasLost(thread)) {
      this.#begin(search)
    } else if (this.#isShort) {
      // Nobody is hired in its place, so it may have been the last.
      this.#goOnShort(cause)
    } else {
      this.#hireNext()
    }
  }
}
