/**
 * Whether the files that a store has open are those that lie in its folder. On POSIX a deleted file can be
 * written as long as it is open: a node whose data were deleted or replaced would acknowledge everything and
 * keep nothing. Looked at after each commit, before its answers go out. Invariant: the database itself is
 * never opened here, since closing it again would drop SQLite's locks on it
 * (sqlite.org/howtocorrupt.html, 2.2).
 */
import { closeSync, openSync, readSync, type Stats, statSync } from 'node:fs'
import { StoreError } from '../../node/store/store.ts'
import { DATABASE_FILE } from './data-folder.ts'
import type { Database } from './database.ts'

/** A write-ahead log begins with one of these, by the byte order of its checksums (sqlite.org/fileformat2.html, 4.1). */
const LOG_BEGINS = [0x377f0682, 0x377f0683]
const LOG_BEGIN_BYTES = 4

export class OpenFiles {
  readonly #db: Database
  readonly #database: Stats | undefined
  #databaseBytes = 0
  #log: Stats | undefined
  #logBytes = 0

  /** @param db has just been opened, and has a log. */
  constructor(db: Database) {
    this.#db = db
    this.#database = look(db.path) ?? undefined
    this.#databaseBytes = this.#database?.size ?? 0
  }

  /** The size of the write-ahead log, or the last one known where nobody may look: that alone ends no service. */
  get logBytes(): number {
    const log = look(this.#logPath)
    if (log !== undefined) this.#logBytes = log?.size ?? 0
    return this.#logBytes
  }

  get #logPath(): string {
    return `${this.#db.path}-wal`
  }

  /** @throws StoreError `store-lost` where what was committed is not in the folder. */
  check(): void {
    const database = look(this.#db.path)
    if (isAnother(this.#database, database)) throw this.#lost(this.#db.path, 'deleted or replaced')
    if (database !== undefined && database !== null) this.#checkSize(database.size)
    const log = look(this.#logPath)
    if (log === undefined) return
    if (log === null || isAnother(this.#log, log)) {
      throw this.#lost(this.#logPath, 'deleted or replaced')
    }
    this.#log = log
    this.#logBytes = log.size
    if (log.size > 0 && !this.#logBegins()) throw this.#lost(this.#logPath, 'overwritten')
  }

  /** A database grows, but for VACUUM in somebody's sqlite3, after which it has all of its pages. */
  #checkSize(bytes: number): void {
    if (bytes < this.#databaseBytes) {
      const row = this.#db.get(
        'SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size',
      )
      if (bytes < Number(row?.bytes)) throw this.#lost(this.#db.path, 'cut off')
    }
    this.#databaseBytes = bytes
  }

  #logBegins(): boolean {
    let file: number
    try {
      file = openSync(this.#logPath, 'r')
    } catch {
      // No right to read it, or no descriptor left: nothing is known against it.
      return true
    }
    try {
      const begin = Buffer.alloc(LOG_BEGIN_BYTES)
      readSync(file, begin, 0, LOG_BEGIN_BYTES, 0)
      return LOG_BEGINS.includes(begin.readUInt32BE())
    } catch {
      return true
    } finally {
      closeSync(file)
    }
  }

  #lost(path: string, how: string): StoreError {
    return new StoreError(
      'store-lost',
      `${path} was ${how} while the node had it open: what the node answers from now on could not be kept, so it stops. Put ${DATABASE_FILE} back from a copy, or start anew: another node's chain comes with "resolve".`,
    )
  }
}

/** null where there is no such file; undefined where nobody may look now (EACCES, ELOOP, EIO). */
function look(path: string): Stats | null | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null
  } catch {
    return undefined
  }
}

function isAnother(open: Stats | undefined, now: Stats | null | undefined): boolean {
  if (open === undefined || now === undefined) return false
  return now === null || now.ino !== open.ino || now.dev !== open.dev
}
