/**
 * Keeps a long write-ahead log from stopping the node. SQLite takes the log into the database in the
 * commit that makes the log long: 170 MB, which a reorganisation of 130,000 blocks leaves, take 0.4 s.
 * So a log longer than LONG_LOG_BYTES is taken in by a thread, and the node takes in only the rest: what
 * was written while the thread worked. Invariant: the thread's connection is closed before the store's
 * is, so that the store is the last to close and decides what becomes of the log.
 * Source: sqlite.org/wal.html, "Avoiding Excessively Large WAL Files".
 */
import { Worker } from 'node:worker_threads'
import { type Database, LONG_LOG_BYTES } from './database.ts'

/** Pages after which SQLite takes in the log by itself: SQLite's own default. */
const AUTO_PAGES = 1_000

/** The node takes in no more than this at once: 4 MB. */
const MAX_REST_PAGES = 1_000

/** The least time between the end of one thread's work and the beginning of another's. */
const AGAIN_AFTER_MS = 1_000

/** After a failure, SQLite is left to do it for so long. */
const FAILED_FOR_MS = 60_000

/** A thread that takes longer than this has failed. */
const MAX_WORK_MS = 30_000

/** Where a thread's work stands; the numbers are shared between threads. */
export const Phase = { Hired: 0, Working: 1, Done: 2, Failed: 3, Cancelled: 4 } as const

export interface CheckpointData {
  readonly path: string
  /** Int32: the phase, and the pages that are left in the log. */
  readonly state: SharedArrayBuffer
}

/** Beside this file, as a source or compiled like this one. */
const PROGRAM = new URL(
  import.meta.url.endsWith('.ts') ? './checkpoint-thread.ts' : './checkpoint-thread.js',
  import.meta.url,
)

interface Work {
  readonly state: Int32Array
  readonly begunMs: number
}

export interface LongLogOptions {
  readonly db: Database
  /** How long the log is. */
  readonly logBytes: () => number
  readonly nowMs?: () => number
  readonly program?: URL
}

export class LongLog {
  readonly #options: LongLogOptions
  readonly #nowMs: () => number
  /** Whether SQLite leaves the log to the thread. */
  #isHeld = false
  #work: Work | undefined
  #notBeforeMs = 0
  #failedUntilMs = 0

  constructor(options: LongLogOptions) {
    this.#options = options
    this.#nowMs = options.nowMs ?? (() => performance.now())
  }

  /** Before a transaction begins: takes in what a thread has left. @throws StoreError */
  beforeBegin(): void {
    if (this.#work === undefined || !this.#hasEnded(this.#work)) return
    const left = this.#work.state[1] ?? 0
    const hasFailed = this.#work.state[0] !== Phase.Done
    this.#work = undefined
    this.#notBeforeMs = this.#nowMs() + AGAIN_AFTER_MS
    if (hasFailed) this.#failedUntilMs = this.#nowMs() + FAILED_FOR_MS
    else if (left <= MAX_REST_PAGES) this.#options.db.exec('PRAGMA wal_checkpoint(PASSIVE)')
  }

  /** Before a commit, which would take in a long log. @throws StoreError */
  beforeCommit(): void {
    const isLong = this.#options.logBytes() > LONG_LOG_BYTES
    const isHeld = isLong && this.#nowMs() >= this.#failedUntilMs
    if (isHeld === this.#isHeld) return
    this.#options.db.exec(`PRAGMA wal_autocheckpoint = ${isHeld ? 0 : AUTO_PAGES}`)
    this.#isHeld = isHeld
  }

  afterCommit(): void {
    if (!this.#isHeld || this.#work !== undefined) return
    if (this.#nowMs() < this.#notBeforeMs || this.#options.logBytes() <= LONG_LOG_BYTES) return
    const shared = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)
    const state = new Int32Array(shared)
    const workerData: CheckpointData = { path: this.#options.db.path, state: shared }
    this.#work = { state, begunMs: this.#nowMs() }
    const hasFailed = () => {
      if (state[0] !== Phase.Done) state[0] = Phase.Failed
    }
    try {
      const thread = new Worker(this.#options.program ?? PROGRAM, { workerData, execArgv: [] })
      thread.on('error', hasFailed)
      thread.on('exit', hasFailed)
      // A program that has nothing else left to do ends.
      thread.unref()
    } catch {
      // The system has no thread left: SQLite does it.
      hasFailed()
    }
  }

  /** Ends a thread's work: what has not begun does not begin, what has begun is waited for. */
  stop(): void {
    if (this.#work === undefined) return
    const { state } = this.#work
    Atomics.compareExchange(state, 0, Phase.Hired, Phase.Cancelled)
    Atomics.wait(state, 0, Phase.Working, MAX_WORK_MS)
    this.#work = undefined
  }

  #hasEnded({ state, begunMs }: Work): boolean {
    const phase = Atomics.load(state, 0)
    if (phase === Phase.Done || phase === Phase.Failed) return true
    return this.#nowMs() - begunMs > MAX_WORK_MS
  }
}
