/**
 * What checksums of rows cannot tell: whether every page is where it belongs, and whether indexes
 * say what their tables say. It takes half a second for 100,000 blocks, so a node that runs has it
 * done over a connection that only reads, in a process of its own: unlike a thread, a process can be
 * ended while SQLite is in the middle of a statement.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { type StoreCode, StoreError } from '../../node/store/store.ts'
import { Database } from './database.ts'
import { checkParties } from './party-index.ts'
import { SqliteReader } from './reader.ts'
import { sumsOf } from './sums.ts'

/** A StoreError as it crosses between processes, which takes no classes. */
export interface CheckFault {
  readonly code: StoreCode
  readonly message: string
}

/** Beside this file, as a source or compiled like this one. */
const PROGRAM = new URL(
  import.meta.url.endsWith('.ts') ? './check-process.ts' : './check-process.js',
  import.meta.url,
)

/** What a node that has just started wants to know of its data. @throws StoreError `store-damaged` */
export function checkFile(path: string): void {
  const db = new Database(path, { readOnly: true })
  try {
    checkStructure(db)
    const sums = sumsOf(db)
    // One view of it: the node writes meanwhile.
    db.exec('BEGIN')
    new SqliteReader(db, sums).checkSideHeaders()
    checkParties(db, sums)
  } finally {
    db.close()
  }
}

/** Looks at every page and every index. @throws StoreError `store-damaged` */
export function checkStructure(db: Database): void {
  const said = String(db.get('PRAGMA integrity_check(1)')?.integrity_check)
  if (said !== 'ok') throw db.damaged(said)
}

export class BackgroundCheck {
  /** Rejects with what is wrong: a StoreError. Resolves where nothing is, or where a signal ended it. */
  readonly done: Promise<void>
  readonly #child: ChildProcess
  readonly #gone = Promise.withResolvers<void>()

  constructor(path: string) {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.done = promise
    this.#child = fork(PROGRAM, [path], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    const failed = (what: string, cause?: unknown) => {
      this.#gone.resolve()
      reject(new StoreError('store-failed', `${path}: cannot be checked (${what})`, { cause }))
    }
    this.#child.on('message', ({ code, message }: CheckFault) => {
      reject(new StoreError(code, message))
    })
    this.#child.on('error', (cause) => failed(cause.message, cause))
    this.#child.on('close', (status) => {
      this.#gone.resolve()
      if (status === 0 || status === null) resolve()
      else failed(`the process that does it ended with status ${status}`)
    })
    // A program that has nothing else left to do ends.
    this.#child.unref()
    this.#child.channel?.unref()
  }

  /** Ends it, whatever SQLite is in the middle of: it only reads. */
  async stop(): Promise<void> {
    this.#child.ref()
    this.#child.kill('SIGKILL')
    await this.#gone.promise
  }
}
