/**
 * A data folder: its files, the lock that keeps a second node out, and who may open what. Invariant: a
 * folder that is refused is left to the byte as it was.
 */
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { messageOf } from '../../core/errors.ts'
import type { Spec } from '../../core/spec.ts'
import { pooledPages, StoreError } from '../../node/store/store.ts'
import { checkStructure } from './check.ts'
import { Database } from './database.ts'
import { SqliteReader } from './reader.ts'
import { hasLog, inspectFile, MIGRATIONS, schemaVersion } from './schema.ts'
import { openSnapshot, type SqliteSnapshot } from './snapshot.ts'
import { sumsOf } from './sums.ts'

export const DATABASE_FILE = 'chain.sqlite'
export const LOCK_FILE = 'lock.sqlite'

/** Current transactions read at once. */
const POOL_PAGE = 1_000

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
export function lookOver(folder: string, spec: Spec): void {
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

/**
 * Makes a folder and those around it. Node.js has `recursive` for that, which goes on for ever where the system
 * says that a folder is missing and it is there (below `/proc`).
 */
function makeFolders(folder: string): void {
  if (existsSync(folder)) {
    // Says what it is, where it is no folder.
    readdirSync(folder)
    return
  }
  makeFolders(dirname(resolve(folder)))
  try {
    mkdirSync(folder)
  } catch (cause) {
    // Another program may have been quicker.
    if (!existsSync(folder)) throw cause
  }
}

/** @throws StoreError `store-failed` */
export function makeFolder(folder: string): void {
  try {
    makeFolders(folder)
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
export function refuseLeftoverLog(path: string): void {
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
