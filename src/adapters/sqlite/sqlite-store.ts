/**
 * The durable Store: one SQLite file in write-ahead mode with `synchronous = FULL`, so a commit has
 * reached the disk when it returns. A second file holds the lock that keeps a second node out while
 * anybody may still look in with `sqlite3`. Invariant: all writes go through one connection.
 */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Transaction } from '../../core/block.ts'
import type { Spec } from '../../core/spec.ts'
import { type Snapshot, type Store, StoreError } from '../../node/store/store.ts'
import { BlockWriter } from './block-writer.ts'
import { BackgroundCheck } from './check.ts'
import {
  DATABASE_FILE,
  LOCK_FILE,
  lookOver,
  makeFolder,
  refuseLeftoverLog,
  takeLock,
} from './data-folder.ts'
import { beDurable, beWritable, Database } from './database.ts'
import { LongLog } from './long-log.ts'
import { OpenFiles } from './open-files.ts'
import { createDatabase, MIGRATIONS, migrate, putMeta } from './schema.ts'
import { openSnapshot } from './snapshot.ts'
import { type RowSums, sumsOf } from './sums.ts'

/** Pages that a reader's connection keeps in memory. */
const READER_CACHE_KIB = 256

/** Snapshot connections kept open for the next reader. */
const MAX_IDLE_READERS = 4

export class SqliteStore extends BlockWriter implements Store {
  readonly #lock: Database
  readonly #longLog: LongLog
  readonly #files: OpenFiles
  readonly #idleReaders: Database[] = []
  #check: BackgroundCheck | undefined
  /** Who wrote last, as the data say it: this store's own name once it has written. */
  #writer: string | undefined
  readonly #ownName = randomUUID()
  #changesAtBegin = 0
  #closed = false

  private constructor(db: Database, sums: RowSums, lock: Database) {
    super(db, sums)
    this.#lock = lock
    this.#files = new OpenFiles(db)
    this.#longLog = new LongLog({ db, logBytes: () => this.logBytes })
    this.#writer = this.writer()
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

  /**
   * The lock keeps a second node out, but somebody may delete its file. So the data name who wrote last,
   * and whoever finds another name there knows less of them than they hold, and stops.
   * @throws StoreError `store-in-use` where another node has written since
   */
  begin(): void {
    this.#longLog.beforeBegin()
    this.db.exec('BEGIN')
    if (this.writer() !== this.#writer) {
      this.db.exec('ROLLBACK')
      throw new StoreError(
        'store-in-use',
        `${this.db.path}: another node has begun to write these data while this one had them open (was ${LOCK_FILE} removed?). This one stops; what it had answered is there.`,
      )
    }
    if (this.#writer !== this.#ownName) this.#changesAtBegin = this.#changes()
  }

  /** @throws StoreError `store-lost` where the disk has it and the folder does not */
  commit(): void {
    while (this.isBehind) this.writeOn()
    const isFirst = this.#writer !== this.#ownName && this.#changes() > this.#changesAtBegin
    if (isFirst) putMeta(this.db, 'writer', this.#ownName)
    this.#longLog.beforeCommit()
    this.db.exec('COMMIT')
    this.#files.check()
    this.#longLog.afterCommit()
    if (isFirst) this.#writer = this.#ownName
  }

  #changes(): number {
    return Number(this.db.get('SELECT total_changes() AS changes')?.changes)
  }

  rollback(): void {
    // After some failures SQLite has rolled back by itself (sqlite.org/lang_transaction.html, 3).
    if (this.db.inTransaction) this.db.exec('ROLLBACK')
    this.forgetUnwritten()
  }

  get logBytes(): number {
    return this.#files.logBytes
  }

  get inTransaction(): boolean {
    return this.db.inTransaction
  }

  putPooled(place: number, transaction: Transaction): void {
    const { text } = transaction
    const sum = this.sums.of(place, text)
    this.db.run('INSERT INTO current_transactions VALUES (?, ?, ?)', place, text, sum)
  }

  deletePooled(places: readonly number[]): void {
    // Mostly one run, as blocks take transactions from the front.
    for (let i = 0; i < places.length; i++) {
      const first = places[i] ?? 0
      let last = first
      while (places[i + 1] === last + 1) last = places[++i] ?? 0
      this.db.run('DELETE FROM current_transactions WHERE place BETWEEN ? AND ?', first, last)
    }
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
    const db = this.#idleReaders.pop() ?? openReader(this.db.path)
    const release = () => {
      if (this.#closed || this.#idleReaders.length >= MAX_IDLE_READERS) db.close()
      else this.#idleReaders.push(db)
    }
    return openSnapshot(db, release, this.sums)
  }

  /**
   * Looks through the whole file, in a process of its own, for what no read of a row would notice.
   * Rejects with a StoreError: `store-damaged`, or why it could not be done; resolves as well where it was
   * stopped.
   */
  async check(): Promise<void> {
    this.#check ??= new BackgroundCheck(this.db.path)
    try {
      await this.#check.done
    } catch (error) {
      if (error instanceof StoreError && error.code === 'store-damaged') this.db.noteDamage()
      throw error
    }
  }

  /** Ends a check, if one goes on. Before closing: the last to close takes the log in. */
  async stopCheck(): Promise<void> {
    await this.#check?.stop()
  }

  close(): void {
    this.#closed = true
    this.#longLog.stop()
    for (const db of this.#idleReaders.splice(0)) db.close()
    this.db.close()
    this.#lock.close()
  }
}

/** A connection for one reader. Many may be open at once, and each reads most pages once. */
function openReader(path: string): Database {
  const db = new Database(path, { readOnly: true })
  db.exec(`PRAGMA cache_size = -${READER_CACHE_KIB}`)
  return db
}
