/**
 * One connection to SQLite (node:sqlite, synchronous) whose every failure is a StoreError that says
 * which file and what to do. Statements are prepared once and kept.
 */
import {
  DatabaseSync,
  type SQLInputValue,
  type SQLOutputValue,
  type StatementSync,
} from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { messageOf } from '../../core/errors.ts'
import { type StoreCode, StoreError } from '../../node/store/store.ts'

export type Row = Record<string, SQLOutputValue>

/** A log beyond this is long (long-log.ts); what of it stays on disk when it is begun anew. */
export const LONG_LOG_BYTES = 16 * 1024 * 1024

/** How long a statement waits for another program's lock before it fails. */
const BUSY_TIMEOUT_MS = 2_000

/** SQLite's primary result codes (sqlite.org/rescode.html). */
const SQLITE_BUSY = 5
const SQLITE_READONLY = 8
const SQLITE_CORRUPT = 11
const SQLITE_FULL = 13
const SQLITE_CANTOPEN = 14
const SQLITE_NOTADB = 26
/** An extended one: the index of the log, which is a file too, found no room. */
const SQLITE_IOERR_SHMSIZE = 4_874
/** Node.js's code for an integer past 2^53, which no column of ours holds. */
const NO_NUMBER = 'ERR_OUT_OF_RANGE'

export class Database {
  readonly path: string
  readonly #db: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()
  #hasDamage = false

  /** @param immutable nobody writes the file meanwhile, so nothing is made beside it to read it */
  constructor(
    path: string,
    { readOnly = false, immutable = false, timeoutMs = BUSY_TIMEOUT_MS } = {},
  ) {
    this.path = path
    const location = immutable ? new URL(`${pathToFileURL(path)}?immutable=1`) : path
    this.#db = this.#guard(() => new DatabaseSync(location, { readOnly, timeout: timeoutMs }))
  }

  /** The error `store-damaged`, with what is wrong in the file and what to do. */
  damaged(what: string): StoreError {
    this.noteDamage()
    return damaged(this.path, what)
  }

  /** Somebody has found the file damaged: it is to stay as it is. */
  noteDamage(): void {
    this.#hasDamage = true
  }

  get inTransaction(): boolean {
    return this.#db.isTransaction
  }

  /** Runs statements that take no values and return nothing. */
  exec(sql: string): void {
    this.#guard(() => this.#db.exec(sql))
  }

  /** Runs a statement that writes; the row id of what it inserted last. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return this.#guard(() => Number(this.#statement(sql).run(...values).lastInsertRowid))
  }

  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#guard(() => this.#statement(sql).get(...values))
  }

  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#guard(() => this.#statement(sql).all(...values))
  }

  /** The rows one by one, where they may be more than memory should hold. */
  *each(sql: string, ...values: SQLInputValue[]): Generator<Row> {
    const rows = this.#guard(() => this.#db.prepare(sql).iterate(...values))
    try {
      for (;;) {
        const next = this.#guard(() => rows.next())
        if (next.done) return
        yield next.value
      }
    } finally {
      this.#guard(() => rows.return?.())
    }
  }

  /** Gives SQL a function of any number of values. */
  define(name: string, work: (...values: SQLOutputValue[]) => SQLInputValue): void {
    this.#guard(() => this.#db.function(name, { varargs: true }, work))
  }

  /**
   * Whoever closes last takes the log into the file. One that was found damaged is to stay as it is, so
   * then somebody who may only read closes last.
   */
  close(): void {
    const last = this.#hasDamage ? readerOf(this.path) : undefined
    this.#statements.clear()
    this.#guard(() => this.#db.close())
    last?.close()
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql)
    if (known !== undefined) return known
    const statement = this.#db.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }

  #guard<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      const failure = storeError(this.path, error)
      if (failure.code === 'store-damaged') this.noteDamage()
      throw failure
    }
  }
}

/** Write-ahead log, and the sync call before a commit returns; both are read back. */
export function beDurable(db: Database): void {
  const journal = db.get('PRAGMA journal_mode = WAL')?.journal_mode
  db.exec('PRAGMA synchronous = FULL')
  // A log that was once long is cut when it is begun anew.
  db.exec(`PRAGMA journal_size_limit = ${LONG_LOG_BYTES}`)
  const synchronous = Number(db.get('PRAGMA synchronous')?.synchronous)
  const FULL = 2
  if (journal === 'wal' && synchronous === FULL) return
  throw new StoreError(
    'store-failed',
    `${db.path}: cannot be made durable (journal_mode ${journal}, synchronous ${synchronous}; wal and ${FULL} are needed). Is it on a network drive?`,
  )
}

/** SQLite opens a file that it may only read without a word; a node would then refuse every write. */
export function beWritable(db: Database): void {
  db.exec('BEGIN IMMEDIATE')
  db.exec('ROLLBACK')
}

/** A connection that reads the file, if it can still be read at all. */
function readerOf(path: string): DatabaseSync | undefined {
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(path, { readOnly: true })
    // A transaction begins with its first read.
    db.exec('BEGIN; SELECT count(*) FROM sqlite_schema')
    return db
  } catch {
    // Then nobody else can take anything in either.
    db?.close()
    return undefined
  }
}

function storeError(path: string, cause: unknown): StoreError {
  const [code, advice] = classify(cause)
  return new StoreError(code, `${path}: ${messageOf(cause)}. ${advice}`, { cause })
}

function classify(cause: unknown): [StoreCode, string] {
  const errcode = cause instanceof Error && 'errcode' in cause ? Number(cause.errcode) : 0
  if (errcode === SQLITE_IOERR_SHMSIZE) return FULL
  if (cause instanceof Error && 'code' in cause && cause.code === NO_NUMBER) {
    return ['store-damaged', damagedAdvice]
  }
  switch (errcode & 0xff) {
    case SQLITE_FULL:
      return FULL
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ['store-damaged', damagedAdvice]
    case SQLITE_BUSY:
      return ['store-locked', 'Another program holds a lock on it.']
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
      return ['store-failed', 'Is there the right to read and write it and its folder?']
    default:
      return ['store-failed', 'Nothing of what was being done has been kept.']
  }
}

const FULL: [StoreCode, string] = [
  'store-full',
  'The disk is full; what was being written has not been kept.',
]

/** What to do about a damaged file. */
export const damagedAdvice =
  'The file is damaged and is left as it is: move it away, or start with another --data folder.'

/** The error `store-damaged` for a file, with what is wrong in it and what to do. */
export function damaged(path: string, what: string): StoreError {
  return new StoreError('store-damaged', `${path}: ${what}. ${damagedAdvice}`)
}
