/**
 * The durable Store: one SQLite file in write-ahead mode with `synchronous = FULL`, so a commit has
 * reached the disk when it returns. A second file holds the lock that keeps a second node out while
 * anybody may still look in with `sqlite3`. Invariant: all writes go through one connection.
 */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Block, Transaction } from '../../core/block.ts'
import { messageOf } from '../../core/errors.ts'
import type { BlockHash } from '../../core/hash.ts'
import type { Spec } from '../../core/spec.ts'
import { pooledPages } from '../../node/store/pooled-pages.ts'
import { type Snapshot, type Store, StoreError, type TreeHeader } from '../../node/store/store.ts'
import { BackgroundCheck, checkStructure } from './check.ts'
import { beDurable, beWritable, Database } from './database.ts'
import { SqliteReader } from './reader.ts'
import {
  createDatabase,
  hasLog,
  inspectFile,
  MIGRATIONS,
  migrate,
  putMeta,
  schemaVersion,
} from './schema.ts'
import { openSnapshot, type SqliteSnapshot } from './snapshot.ts'
import { type RowSums, sumsOf } from './sums.ts'

/** The files of a data folder. */
export const DATABASE_FILE = 'chain.sqlite'
const LOCK_FILE = 'lock.sqlite'

/** Snapshot connections kept open for the next reader. */
const MAX_IDLE_READERS = 4

/** Current transactions read at once. */
const POOL_PAGE = 1_000

/** 256 bits as hex, so that the texts order as the numbers do. */
const CHAINWORK_DIGITS = 64

export class SqliteStore extends SqliteReader implements Store {
  readonly #lock: Database
  readonly #idleReaders: Database[] = []
  #check: BackgroundCheck | undefined
  #isDamaged = false
  #closed = false

  private constructor(db: Database, sums: RowSums, lock: Database) {
    super(db, sums)
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
      lookOver(folder, spec)
      db = new Database(path)
      migrate(db, MIGRATIONS)
      beDurable(db)
      beWritable(db)
      return new SqliteStore(db, sumsOf(db), lock)
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
    const { hash, parent = null, index, timestamp, proof } = header
    const work = chainwork.toString(16).padStart(CHAINWORK_DIGITS, '0')
    const row = [hash, parent, timestamp, proof, work, text.length]
    const arrival = this.db.run(
      `INSERT INTO headers (hash, previous_hash, timestamp, proof, chainwork, size, height, active, sum)
       VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)`,
      ...row,
      index,
      this.sums.of(index, row.join(' ')),
    )
    this.db.run('INSERT INTO bodies VALUES (?, ?, ?)', arrival, text, this.sums.of(index, text))
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
    const { text } = transaction
    const sum = this.sums.of(place, text)
    this.db.run('INSERT INTO current_transactions VALUES (?, ?, ?)', place, text, sum)
  }

  deletePooled(places: readonly number[]): void {
    for (const place of places)
      this.db.run('DELETE FROM current_transactions WHERE place = ?', place)
  }

  putNode(address: string): void {
    const sum = this.sums.of(0, address)
    this.db.run('INSERT INTO nodes VALUES (?, ?) ON CONFLICT DO NOTHING', address, sum)
  }

  deleteNode(address: string): void {
    this.db.run('DELETE FROM nodes WHERE address = ?', address)
  }

  setIdentity(id: string): void {
    putMeta(this.db, 'node_id', id)
  }

  snapshot(): Snapshot {
    const db = this.#idleReaders.pop() ?? new Database(this.db.path, { readOnly: true })
    const release = () => {
      if (this.#closed || this.#idleReaders.length >= MAX_IDLE_READERS) db.close()
      else this.#idleReaders.push(db)
    }
    return openSnapshot(db, release, this.sums)
  }

  /**
   * Looks through the whole file, in a thread of its own, for what no read of a row would notice.
   * Rejects with a StoreError, mostly `store-damaged`; resolves as well where it was stopped.
   */
  async check(): Promise<void> {
    this.#check ??= new BackgroundCheck(this.db.path)
    try {
      await this.#check.done
    } catch (error) {
      this.#isDamaged = true
      throw error
    }
  }

  /** Ends a check, if one goes on. Before closing: the last to close takes the log in. */
  async stopCheck(): Promise<void> {
    await this.#check?.stop()
  }

  close(): void {
    this.#closed = true
    // The log would be taken into a damaged file, unless one that may not write closes last.
    const last = this.#isDamaged ? this.snapshot() : undefined
    for (const db of this.#idleReaders.splice(0)) db.close()
    this.db.close()
    last?.close()
    this.#lock.close()
  }
}

/** Reads the data of a folder that nobody or somebody else has open. @throws StoreError */
export function openForReading(folder: string): SqliteSnapshot {
  const db = openReadOnly(folder)
  const version = schemaVersion(db)
  if (version === MIGRATIONS.length) return openSnapshot(db, () => db.close())
  db.close()
  throw new StoreError(
    'store-failed',
    `${db.path}: its schema is version ${version}; start a node on it once, which brings it up to date.`,
  )
}

/** Opens the database of a folder with no trace and no right to write, as far as that goes. */
function openReadOnly(folder: string): Database {
  const path = join(folder, DATABASE_FILE)
  if (!existsSync(path)) {
    throw new StoreError(
      'store-failed',
      `${folder}: no toychain data here (${DATABASE_FILE} is missing).`,
    )
  }
  inspectFile(path)
  // Without a log no node has the data open.
  return new Database(path, { readOnly: true, immutable: !existsSync(`${path}-wal`) })
}

/**
 * Reads what a node begins with before anything can be written: to close a database that was opened
 * for writing takes its log into it, and a refusal is to leave both as they are.
 */
function lookOver(folder: string, spec: Spec): void {
  const db = openReadOnly(folder)
  try {
    if (schemaVersion(db) < MIGRATIONS.length) {
      checkStructure(db)
      refuseOtherSpec(folder, db.get("SELECT value FROM meta WHERE key = 'spec'")?.value, spec)
      return
    }
    const reader = new SqliteReader(db, sumsOf(db))
    refuseOtherSpec(folder, reader.specText(), spec)
    reader.tip()
    reader.nodes()
    if (!hasLog(db.path)) return
    // Reading them checks them.
    for (const _ of pooledPages(reader, POOL_PAGE));
  } finally {
    db.close()
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

function refuseOtherSpec(folder: string, stored: unknown, spec: Spec): void {
  if (stored === spec.text) return
  throw new StoreError(
    'store-other-spec',
    `${folder}: these data were made under another chain spec.\n  theirs: ${stored}\n  asked:  ${spec.text}\nStart with the spec they were made under, or give this chain its own --data folder.`,
  )
}
