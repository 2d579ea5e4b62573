/**
 * What checksums of rows cannot tell: whether every page is where it belongs, and whether indexes
 * say what their tables say. It takes half a second for 100,000 blocks, so a node that runs has it
 * done in a thread of its own, over a connection that only reads.
 */
import { Worker } from 'node:worker_threads'
import { type StoreCode, StoreError } from '../../node/store/store.ts'
import { Database, damaged } from './database.ts'
import { SqliteReader } from './reader.ts'
import { sumsOf } from './sums.ts'

/** A StoreError as it crosses to the main thread, which takes no classes. */
export interface CheckFault {
  readonly code: StoreCode
  readonly message: string
}

/** Beside this file, as a source or compiled like this one. */
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './check-worker.ts' : './check-worker.js',
  import.meta.url,
)

/** What a node that has just started wants to know of its data. @throws StoreError `store-damaged` */
export function checkFile(path: string): void {
  const db = new Database(path, { readOnly: true })
  try {
    checkStructure(db)
    new SqliteReader(db, sumsOf(db)).checkSideHeaders()
  } finally {
    db.close()
  }
}

/** Looks at every page and every index. @throws StoreError `store-damaged` */
export function checkStructure(db: Database): void {
  const said = String(db.get('PRAGMA integrity_check(1)')?.integrity_check)
  if (said !== 'ok') throw damaged(db.path, said)
}

export class BackgroundCheck {
  /** Rejects with what is wrong: a StoreError. Resolves where nothing is, or where it was stopped. */
  readonly done: Promise<void>
  readonly #worker: Worker

  constructor(path: string) {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.done = promise
    this.#worker = new Worker(WORKER, {
      workerData: { path },
    })
    // A program that has nothing else left to do ends.
    this.#worker.unref()
    this.#worker.on('message', ({ code, message }: CheckFault) => {
      reject(new StoreError(code, message))
    })
    this.#worker.on('error', reject)
    this.#worker.on('exit', () => resolve())
  }

  /** Ends it; what SQLite is in the middle of takes until its end. */
  async stop(): Promise<void> {
    await this.#worker.terminate()
  }
}
