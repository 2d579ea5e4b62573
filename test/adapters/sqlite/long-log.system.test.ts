import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { DATABASE_FILE, openForReading } from '../../../src/adapters/sqlite/data-folder.ts'
import { beDurable, Database, LONG_LOG_BYTES } from '../../../src/adapters/sqlite/database.ts'
import { LongLog } from '../../../src/adapters/sqlite/long-log.ts'
import { SqliteStore } from '../../../src/adapters/sqlite/sqlite-store.ts'
import { CLASSIC } from '../../../src/core/spec.ts'
import { temporaryFolder } from '../../helpers/folders.ts'

const ROW = Buffer.alloc(1024 * 1024)
const KIB_OF_LONG_LOG = LONG_LOG_BYTES / 1024
const PROGRAM_THAT_FAILS = new URL('data:text/javascript,throw new Error("no thread")')

/** A database of a table of large rows, and its log. */
function open(program?: URL) {
  const db = new Database(join(temporaryFolder(), DATABASE_FILE))
  beDurable(db)
  db.exec('CREATE TABLE rows (bytes BLOB)')
  let nowMs = 0
  const logBytes = () => statSync(`${db.path}-wal`).size
  const options = { db, logBytes, nowMs: () => nowMs }
  const log = new LongLog(program === undefined ? options : { ...options, program })
  onTestFinished(() => {
    log.stop()
    db.close()
  })
  /** Writes so much and a little, as one transaction of a store. */
  const write = (kib: number) => {
    log.beforeBegin()
    db.exec('BEGIN')
    for (; kib > 0; kib -= 1024) {
      db.run('INSERT INTO rows VALUES (?)', ROW.subarray(0, Math.min(kib, 1024) * 1024))
    }
    log.beforeCommit()
    db.exec('COMMIT')
    log.afterCommit()
  }
  const fileBytes = () => statSync(db.path).size
  const later = (ms: number) => {
    nowMs += ms
  }
  return { db, log, write, logBytes, fileBytes, later }
}

/** Lets time pass for whoever else works, until something is so. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await nextTurn()
}

describe('a long write-ahead log', () => {
  it('is taken in by SQLite in the commit, while it is not long', () => {
    const { write, fileBytes } = open()
    write(KIB_OF_LONG_LOG / 2)
    expect(fileBytes()).toBeGreaterThan(LONG_LOG_BYTES / 2)
  })

  it('is taken in by a thread, then what was written meanwhile, and then it is short', async () => {
    const { db, write, logBytes, fileBytes, later } = open()
    const before = fileBytes()
    write(2 * KIB_OF_LONG_LOG)
    expect(logBytes()).toBeGreaterThan(2 * LONG_LOG_BYTES)
    expect(fileBytes()).toBe(before)
    // Who writes on does not take it in either, the thread does.
    write(1)
    await until(() => fileBytes() > 2 * LONG_LOG_BYTES)
    await until(() => {
      write(1)
      later(1)
      return logBytes() <= LONG_LOG_BYTES
    })
    write(1)
    expect(db.get('PRAGMA wal_autocheckpoint')?.wal_autocheckpoint).toBe(1_000)
  })

  it('stays while somebody reads an older view, and is tried once a second', async () => {
    const { db, write, logBytes, fileBytes, later } = open()
    const reader = new Database(db.path, { readOnly: true })
    reader.exec('BEGIN')
    reader.get('SELECT count(*) FROM rows')
    const before = fileBytes()
    write(2 * KIB_OF_LONG_LOG)
    for (let i = 0; i < 20; i++) {
      await nextTurn()
      write(1)
    }
    expect([fileBytes(), logBytes() > LONG_LOG_BYTES]).toEqual([before, true])
    reader.close()
    await until(() => {
      write(1)
      later(100)
      return logBytes() <= LONG_LOG_BYTES
    })
    expect(fileBytes()).toBeGreaterThan(2 * LONG_LOG_BYTES)
  })

  it('is left to SQLite for a minute where no thread can be had', async () => {
    const { write, fileBytes, later } = open(PROGRAM_THAT_FAILS)
    const before = fileBytes()
    write(2 * KIB_OF_LONG_LOG)
    expect(fileBytes()).toBe(before)
    await until(() => {
      write(1)
      return fileBytes() > before
    })
    later(60_000)
    const then = fileBytes()
    write(2 * KIB_OF_LONG_LOG)
    expect(fileBytes()).toBe(then)
  })

  it.each([
    ['has not begun', false],
    ['is at work', true],
  ])('is gone when a store is closed whose thread %s', async (_where, hasBegun) => {
    const folder = temporaryFolder()
    const store = SqliteStore.open(folder, CLASSIC)
    const fileBytes = () => statSync(join(folder, DATABASE_FILE)).size
    const before = fileBytes()
    store.begin()
    for (let place = 1; store.logBytes <= 2 * LONG_LOG_BYTES; place++) {
      store.putNode(`${'x'.repeat(200_000)}:${place}`)
    }
    store.commit()
    expect(fileBytes()).toBe(before)
    if (hasBegun) await until(() => fileBytes() > before)
    store.close()
    expect(readdirSync(folder).sort()).toEqual(['chain.sqlite', 'lock.sqlite'])
    const reader = openForReading(folder)
    onTestFinished(() => reader.close())
    expect(reader.nodes().length).toBeGreaterThan(100)
  })
})
