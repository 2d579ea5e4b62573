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
import { messageOf } from '../core/errors.ts'
import { type StoreCode, StoreError } from '../node/ports.ts'

export type Row = Record<string, SQLOutputValue>

/** How long a statement waits for another program's lock before it fails. */
const BUSY_TIMEOUT_MS = 2_000

/** SQLite's primary result codes (sqlite.org/rescode.html). */
const SQLITE_BUSY = 5
const SQLITE_READONLY = 8
const SQLITE_CORRUPT = 11
const SQLITE_FULL = 13
const SQLITE_CANTOPEN = 14
const SQLITE_NOTADB = 26

export class Database {
  readonly path: string
  readonly #db: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  /** @param immutable nobody writes the file meanwhile, so nothing is made beside it to read it */
  constructor(
    path: string,
    { readOnly = false, immutable = false, timeoutMs = BUSY_TIMEOUT_MS } = {},
  ) {
    this.path = path
    const location = immutable ? new URL(`${pathToFileURL(path)}?immutable=1`) : path
    this.#db = this.#guard(() => new DatabaseSync(location, { readOnly, timeout: timeoutMs }))
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

  close(): void {
    this.#statements.clear()
    this.#guard(() => this.#db.close())
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
      throw storeError(this.path, error)
    }
  }
}

function storeError(path: string, cause: unknown): StoreError {
  const [code, advice] = classify(cause)
  return new StoreError(code, `${path}: ${messageOf(cause)}. ${advice}`, { cause })
}

function classify(cause: unknown): [StoreCode, string] {
  const errcode = cause instanceof Error && 'errcode' in cause ? Number(cause.errcode) : 0
  switch (errcode & 0xff) {
    case SQLITE_FULL:
      return ['store-full', 'The disk is full; what was being written has not been kept.']
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

/** What to do about a damaged file. */
export const damagedAdvice =
  'The file is damaged and is left as it is: move it away, or start with another --data folder.'
