/**
 * The durable Store: one SQLite file in write-ahead mode with `synchronous = FULL`, so a commit has
 * reached the disk when it returns. A second file holds the lock that keeps a second node out while
 * anybody may still look in with `sqlite3`. Invariant: all writes go through one connection.
 */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Block, Transaction } from '../core/block.ts'
import { messageOf } from '../core/errors.ts'
import type { BlockHash } from '../core/hash.ts'
import type { Spec } from '../core/spec.ts'
import { type Snapshot, type Store, StoreError, type TreeHeader } from '../node/ports.ts'
import { Database } from './sqlite-database.ts'
import { SqliteReader } from './sqlite-reader.ts'
import { createDatabase, hasLog, inspectFile, MIGRATIONS, migrate } from './sqlite-schema.ts'

/** The files of a data folder. */
export const DATABASE_FILE = 'chain.sqlite'
const LOCK_FILE = 'lock.sqlite'

/** Snapshot connections kept open for the next reader. */
const MAX_IDLE_READERS = 4

/** 256 bits as hex, so that the texts order as the numbers do. */
const CHAINWORK_DIGITS = 64

export class SqliteStore extends SqliteReader implements Store {
  readonly #lock: Database
  readonly #idleReaders: Database[] = []
  #closed = false

  private constructor(db: Database, lock: Database) {
    super(db)
    this.#lock = lock
  }

  /**
   * Opens a data folder for a node, or makes it.
   * @throws StoreError `store-in-use`, `store-foreign`, `store-damaged`, `store-too-new`,
   *   `store-other-spec`, `store-failed`, `store-full`
   */
  static open(folder: string, spec: Spec): SqliteStore {
    makeFolder(folder)
    const lock = takeLock(folder)
    let db: Database | undefined
    try {
      const path = join(folder, DATABASE_FILE)
      if (!existsSync(path)) {
        refuseLeftoverLog(path)
        createDatabase(path, spec.text)
      }
      inspectFile(path)
      db = new Database(path)
      migrate(db, MIGRATIONS)
      const store = new SqliteStore(db, lock)
      refuseOtherSpec(folder, store.specText(), spec)
      beDurable(db)
      beWritable(db)
      return store
    } catch (error) {
      db?.close()
      lock.close()
      throw error
    }
  }

  begin(): void {
    this.db.exec('BEGIN')
  }

  commit(): void {
    this.db.exec('COMMIT')
  }

  rollback(): void {
    // After some failures SQLite has rolled back by itself (sqlite.org/lang_transaction.html, 3).
    if (this.db.inTransaction) this.db.exec('ROLLBACK')
  }

  get inTransaction(): boolean {
    return this.db.inTransaction
  }

  putBlock(block: Block, chainwork: bigint): TreeHeader {
    const { header, text, transactions } = block
    const arrival = this.db.run(
      `INSERT INTO headers (hash, previous_hash, height, timestamp, proof, chainwork, size, active)
       VALUES (?, ?, ?, ?, ?, ?, ?, 0)`,
      header.hash,
      header.parent ?? null,
      header.index,
      header.timestamp,
      header.proof,
      chainwork.toString(16).padStart(CHAINWORK_DIGITS, '0'),
      text.length,
    )
    this.db.run('INSERT INTO bodies VALUES (?, ?)', arrival, text)
    for (const [position, { sender, recipient, amount }] of transactions.entries()) {
      const sql = 'INSERT INTO transactions VALUES (?, ?, ?, ?, ?)'
      this.db.run(sql, arrival, position, sender, recipient, amount)
    }
    return { ...header, chainwork, sizeBytes: text.length }
  }

  deleteBlock(hash: BlockHash): void {
    const row = this.db.get('SELECT arrival FROM headers WHERE hash = ? AND active = 0', hash)
    const arrival = Number(row?.arrival)
    for (const table of ['transactions', 'bodies', 'headers']) {
      this.db.run(`DELETE FROM ${table} WHERE arrival = ?`, arrival)
    }
  }

  connect(hash: BlockHash): void {
    this.db.run('UPDATE headers SET active = 1 WHERE hash = ?', hash)
  }

  disconnect(hash: BlockHash): void {
    this.db.run('UPDATE headers SET active = 0 WHERE hash = ?', hash)
  }

  putPooled(place: number, transaction: Transaction): void {
    this.db.run('INSERT INTO current_transactions VALUES (?, ?)', place, transaction.text)
  }

  deletePooled(places: readonly number[]): void {
    for (const place of places)
      this.db.run('DELETE FROM current_transactions WHERE place = ?', place)
  }

  putNode(address: string): void {
    this.db.run('INSERT INTO nodes VALUES (?) ON CONFLICT DO NOTHING', address)
  }

  deleteNode(address: string): void {
    this.db.run('DELETE FROM nodes WHERE address = ?', address)
  }

  setIdentity(id: string): void {
    this.db.run("INSERT INTO meta VALUES ('node_id', ?)", id)
  }

  snapshot(): Snapshot {
    const db = this.#idleReaders.pop() ?? new Database(this.db.path, { readOnly: true })
    return openSnapshot(db, () => {
      if (this.#closed || this.#idleReaders.length >= MAX_IDLE_READERS) db.close()
      else this.#idleReaders.push(db)
    })
  }

  close(): void {
    this.#closed = true
    for (const db of this.#idleReaders.splice(0)) db.close()
    this.db.close()
    this.#lock.close()
  }
}

/** Reads the data of a folder that nobody or somebody else has open. @throws StoreError */
export function openForReading(folder: string): SqliteSnapshot {
  const path = join(folder, DATABASE_FILE)
  if (!existsSync(path)) {
    throw new StoreError(
      'store-failed',
      `${folder}: no toychain data here (${DATABASE_FILE} is missing).`,
    )
  }
  inspectFile(path)
  // Without a log no node has the data open, and they can be read with no trace and no right to write.
  const immutable = !existsSync(`${path}-wal`)
  const db = new Database(path, { readOnly: true, immutable })
  return openSnapshot(db, () => db.close())
}

/** A view of the data at one moment: a read transaction on a connection of its own. */
export class SqliteSnapshot extends SqliteReader implements Snapshot {
  readonly #release: () => void
  #open = true

  constructor(db: Database, release: () => void) {
    super(db)
    this.#release = release
  }

  close(): void {
    if (!this.#open) return
    this.#open = false
    try {
      this.db.exec('COMMIT')
    } catch (error) {
      this.db.close()
      throw error
    }
    this.#release()
  }
}

/** Begins a read transaction; a connection that cannot is closed. */
function openSnapshot(db: Database, release: () => void): SqliteSnapshot {
  try {
    db.exec('BEGIN')
    // The transaction begins with its first read, not with BEGIN.
    db.get('SELECT count(*) FROM meta')
    return new SqliteSnapshot(db, release)
  } catch (error) {
    db.close()
    throw error
  }
}

/**
 * Holds the folder's lock until the connection closes or the process ends, however it ends.
 * @throws StoreError `store-in-use`
 */
export function takeLock(folder: string): Database {
  const lock = new Database(join(folder, LOCK_FILE), { timeoutMs: 0 })
  try {
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch (cause) {
    lock.close()
    if (!(cause instanceof StoreError && cause.code === 'store-locked')) throw cause
    throw new StoreError(
      'store-in-use',
      `${folder}: another node has these data open. Stop it, or give this one its own --data folder or --port.`,
      { cause },
    )
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (cause) {
    throw new StoreError(
      'store-failed',
      `${folder}: cannot be made (${messageOf(cause)}). Choose another --data folder.`,
      {
        cause,
      },
    )
  }
}

/** A log without its database belongs to one that was lost or deleted; a new one must not take it. */
function refuseLeftoverLog(path: string): void {
  if (!hasLog(path)) return
  throw new StoreError(
    'store-damaged',
    `${path}-wal: a write-ahead log without its database. Put ${DATABASE_FILE} back beside it, or clear both with "toychain reset".`,
  )
}

/** Write-ahead log, and the sync call before a commit returns; both are read back. */
function beDurable(db: Database): void {
  const journal = db.get('PRAGMA journal_mode = WAL')?.journal_mode
  db.exec('PRAGMA synchronous = FULL')
  const synchronous = Number(db.get('PRAGMA synchronous')?.synchronous)
  const FULL = 2
  if (journal === 'wal' && synchronous === FULL) return
  throw new StoreError(
    'store-failed',
    `${db.path}: cannot be made durable (journal_mode ${journal}, synchronous ${synchronous}; wal and ${FULL} are needed). Is it on a network drive?`,
  )
}

/** SQLite opens a file that it may only read without a word; a node would then refuse every write. */
function beWritable(db: Database): void {
  db.exec('BEGIN IMMEDIATE')
  db.exec('ROLLBACK')
}

function refuseOtherSpec(folder: string, stored: string | undefined, spec: Spec): void {
  if (stored === spec.text) return
  throw new StoreError(
    'store-other-spec',
    `${folder}: these data were made under another chain spec.\n  theirs: ${stored}\n  asked:  ${spec.text}\nStart with the spec they were made under, or give this chain its own --data folder.`,
  )
}
