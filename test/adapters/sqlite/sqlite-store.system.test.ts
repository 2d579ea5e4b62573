import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  DATABASE_FILE,
  openForReading,
  takeLock,
} from '../../../src/adapters/sqlite/data-folder.ts'
import { Database } from '../../../src/adapters/sqlite/database.ts'
import { LAST_WITH_PARTY } from '../../../src/adapters/sqlite/party-index.ts'
import { MIGRATIONS, migrate } from '../../../src/adapters/sqlite/schema.ts'
import { SqliteStore } from '../../../src/adapters/sqlite/sqlite-store.ts'
import type { Block } from '../../../src/core/block.ts'
import type { BlockHash } from '../../../src/core/hash.ts'
import { MAX_CACHED_HEADERS } from '../../../src/core/limits.ts'
import { CLASSIC } from '../../../src/core/spec.ts'
import { atomically, StoreError } from '../../../src/node/store/store.ts'
import { blockAfter, branch, EASY, payment, sealed } from '../../helpers/chains.ts'
import { temporaryFolder } from '../../helpers/folders.ts'
import { storeContract } from '../../node/store/store-contract.ts'

storeContract('SqliteStore', {
  open: () => SqliteStore.open(currentFolder(), EASY),
  reopen: (store) => {
    store.close()
    return SqliteStore.open(lastFolder, EASY)
  },
})

let lastFolder = ''
function currentFolder(): string {
  lastFolder = temporaryFolder()
  return lastFolder
}

/** The code with which opening is refused. */
function refusal(open: () => unknown): string | undefined {
  try {
    open()
  } catch (error) {
    if (error instanceof StoreError) return error.code
    throw error
  }
  return undefined
}

/** A folder with a genesis and one block that holds a payment, closed. */
function madeFolder(): string {
  const folder = temporaryFolder()
  const store = SqliteStore.open(folder, EASY)
  const { genesis } = EASY.rules
  const block = blockAfter(genesis, { transactions: [payment('Lea', 'Mark', '10.0')] })
  store.begin()
  for (const [i, each] of [genesis, block].entries()) {
    store.putBlock(each, BigInt(i + 1))
    store.connect(each)
  }
  store.setIdentity('3'.repeat(32))
  store.commit()
  store.close()
  return folder
}

describe('the data folder', () => {
  it('refuses a second node, and takes it once the first has closed', () => {
    const folder = temporaryFolder()
    const first = SqliteStore.open(folder, EASY)
    expect(refusal(() => SqliteStore.open(folder, EASY))).toBe('store-in-use')
    expect(refusal(() => takeLock(folder))).toBe('store-in-use')
    first.close()
    SqliteStore.open(folder, EASY).close()
  })

  describe('whose lock file was removed', () => {
    const { genesis } = EASY.rules
    const [second, other] = [blockAfter(genesis), blockAfter(genesis, { salt: 1 })]

    function write(store: SqliteStore, block: Block): void {
      atomically(store, () => {
        store.putBlock(block, BigInt(block.header.index))
        if (block.header.index === (store.tip()?.index ?? 0) + 1) store.connect(block)
      })
    }

    /** Two stores on the same folder: `first` opened it, or opened it again, before `thief`. */
    function openTwice({ again = false } = {}): { first: SqliteStore; thief: SqliteStore } {
      const folder = temporaryFolder()
      let first = SqliteStore.open(folder, EASY)
      write(first, genesis)
      if (again) {
        first.close()
        first = SqliteStore.open(folder, EASY)
      }
      rmSync(join(folder, 'lock.sqlite'))
      const thief = SqliteStore.open(folder, EASY)
      onTestFinished(() => {
        first.close()
        thief.close()
      })
      return { first, thief }
    }

    it.each([
      ['has written', false],
      ['has only read', true],
    ])('refuses who had it and %s, once another has written', (_did, again) => {
      const { first, thief } = openTwice({ again })
      // It may look on while nobody else writes.
      atomically(first, () => expect(first.tip()?.index).toBe(1))
      write(thief, second)
      expect(refusal(() => write(first, other))).toBe('store-in-use')
      expect(first.inTransaction).toBe(false)
      write(thief, blockAfter(second))
      expect(thief.tip()?.index).toBe(3)
      expect(thief.header(other.header.hash)).toBeUndefined()
    })

    it('refuses the newcomer where who had it has written since', () => {
      const { first, thief } = openTwice({ again: true })
      write(first, second)
      expect(refusal(() => write(thief, other))).toBe('store-in-use')
      write(first, blockAfter(second))
    })

    it('refuses what is written in a transaction that began before the other one wrote', () => {
      const { first, thief } = openTwice()
      first.begin()
      write(thief, second)
      expect(refusal(() => first.putBlock(other, 2n))).toBe('store-locked')
      first.rollback()
      expect(refusal(() => first.begin())).toBe('store-in-use')
    })
  })

  it('can be read while a node has it open', () => {
    const folder = madeFolder()
    const node = SqliteStore.open(folder, EASY)
    const reader = openForReading(folder)
    expect(reader.tip()?.index).toBe(2)
    expect(reader.specText()).toBe(EASY.text)
    reader.close()
    node.close()
  })

  it('refuses data made under another spec and names both', () => {
    const folder = madeFolder()
    expect(() => SqliteStore.open(folder, CLASSIC)).toThrow(EASY.text)
    expect(() => SqliteStore.open(folder, CLASSIC)).toThrow(CLASSIC.text)
    expect(refusal(() => SqliteStore.open(folder, CLASSIC))).toBe('store-other-spec')
    SqliteStore.open(folder, EASY).close()
  })

  it('refuses a newer schema, and leaves the file as it is', () => {
    const folder = madeFolder()
    const file = join(folder, DATABASE_FILE)
    const bytes = readFileSync(file)
    bytes.writeUInt32BE(MIGRATIONS.length + 1, 60)
    writeFileSync(file, bytes)
    expect(refusal(() => SqliteStore.open(folder, EASY))).toBe('store-too-new')
    expect(readFileSync(file).equals(bytes)).toBe(true)
  })

  it('refuses a newer schema that is still in the write-ahead log', () => {
    const folder = madeFolder()
    const other = new Database(join(folder, DATABASE_FILE))
    other.exec('PRAGMA wal_autocheckpoint = 0')
    other.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`)
    expect(refusal(() => SqliteStore.open(folder, EASY))).toBe('store-too-new')
    other.close()
  })

  it('migrates an older schema step by step', () => {
    const db = new Database(join(temporaryFolder(), 'old.sqlite'))
    migrate(db, ['CREATE TABLE a (x)'])
    db.run('INSERT INTO a VALUES (?)', 'kept')
    migrate(db, ['CREATE TABLE a (x)', 'ALTER TABLE a ADD COLUMN y', "UPDATE a SET y = 'new'"])
    expect(db.get('SELECT x, y FROM a')).toEqual({ x: 'kept', y: 'new' })
    expect(db.get('PRAGMA user_version')).toEqual({ user_version: 3 })
    db.close()
  })

  it('leaves an older schema whole where a migration fails', () => {
    const db = new Database(join(temporaryFolder(), 'old.sqlite'))
    migrate(db, ['CREATE TABLE a (x)'])
    expect(() => migrate(db, ['', 'CREATE TABLE b (x); CREATE TABLE a (x)'])).toThrow(StoreError)
    db.exec('ROLLBACK')
    expect(db.all('SELECT name FROM sqlite_schema')).toEqual([{ name: 'a' }])
    expect(db.get('PRAGMA user_version')).toEqual({ user_version: 1 })
    db.close()
  })

  it('refuses what is no SQLite file, and leaves it as it is', () => {
    const folder = temporaryFolder()
    const file = join(folder, DATABASE_FILE)
    writeFileSync(file, 'my shopping list')
    expect(refusal(() => SqliteStore.open(folder, EASY))).toBe('store-damaged')
    expect(refusal(() => openForReading(folder))).toBe('store-damaged')
    expect(readFileSync(file, 'utf8')).toBe('my shopping list')
  })

  it("refuses another program's SQLite file", () => {
    const folder = temporaryFolder()
    const other = new Database(join(folder, DATABASE_FILE))
    other.exec('CREATE TABLE shopping (item)')
    other.close()
    expect(refusal(() => SqliteStore.open(folder, EASY))).toBe('store-foreign')
  })

  it('refuses a file that was cut short', () => {
    const folder = madeFolder()
    const file = join(folder, DATABASE_FILE)
    truncateSync(file, 8_192)
    const bytes = readFileSync(file)
    expect(refusal(() => SqliteStore.open(folder, EASY))).toBe('store-damaged')
    expect(readFileSync(file).equals(bytes)).toBe(true)
  })

  it('reports pages of garbage as damage', () => {
    const folder = madeFolder()
    const file = join(folder, DATABASE_FILE)
    const bytes = readFileSync(file)
    bytes.fill(0xa5, 4_096)
    writeFileSync(file, bytes)
    expect(refusal(() => SqliteStore.open(folder, EASY))).toBe('store-damaged')
    expect(readFileSync(file).equals(bytes)).toBe(true)
  })

  it('refuses a log whose database is gone, and leaves it as it is', () => {
    const folder = temporaryFolder()
    const log = join(folder, `${DATABASE_FILE}-wal`)
    writeFileSync(log, 'what a killed node left')
    expect(refusal(() => SqliteStore.open(folder, EASY))).toBe('store-damaged')
    expect(readFileSync(log, 'utf8')).toBe('what a killed node left')
    writeFileSync(log, '')
    SqliteStore.open(folder, EASY).close()
  })

  it.each([
    ["UPDATE headers SET chainwork = 'zz'", 'tip'],
    ["UPDATE headers SET hash = 'zz' WHERE height = 2", 'tip'],
    ["UPDATE headers SET previous_hash = 'zz'", 'tip'],
  ] as const)('reports a damaged row as damage: %s', (sql, read) => {
    const folder = madeFolder()
    const db = new Database(join(folder, DATABASE_FILE))
    db.exec(sql)
    db.close()
    const data = openForReading(folder)
    expect(refusal(() => data[read]())).toBe('store-damaged')
    data.close()
  })

  it('is not written to by a reader, not even what a killed node left in its log', () => {
    const folder = madeFolder()
    const writer = SqliteStore.open(folder, EASY)
    writer.begin()
    writer.putNode('a:1')
    writer.commit()
    const copy = temporaryFolder()
    const names = [DATABASE_FILE, `${DATABASE_FILE}-wal`]
    for (const name of names) copyFileSync(join(folder, name), join(copy, name))
    writer.close()
    const before = names.map((name) => readFileSync(join(copy, name)))
    const data = openForReading(copy)
    expect(data.nodes()).toEqual(['a:1'])
    data.close()
    expect(names.map((name) => readFileSync(join(copy, name)))).toEqual(before)
  })

  it('does not take a half-made file for a whole one', () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, `${DATABASE_FILE}.new`), 'half')
    SqliteStore.open(folder, EASY).close()
    expect(existsSync(join(folder, `${DATABASE_FILE}.new`))).toBe(false)
  })

  it('says so where there are no data to read', () => {
    expect(refusal(() => openForReading(temporaryFolder()))).toBe('store-failed')
  })

  it('says so where the folder cannot be made', () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'file'), '')
    expect(refusal(() => SqliteStore.open(join(folder, 'file', 'data'), EASY))).toBe('store-failed')
  })

  it('has a commit in the write-ahead log when it returns', () => {
    const folder = madeFolder()
    const store = SqliteStore.open(folder, EASY)
    expect(existsSync(join(folder, `${DATABASE_FILE}-wal`))).toBe(true)
    // A copy of the main file alone lacks what only the log has; with the log it is all there.
    store.begin()
    store.putNode('a:1')
    store.commit()
    const copy = temporaryFolder()
    for (const suffix of ['', '-wal']) {
      copyFileSync(join(folder, DATABASE_FILE + suffix), join(copy, DATABASE_FILE + suffix))
    }
    const copied = SqliteStore.open(copy, EASY)
    expect(copied.nodes()).toEqual(['a:1'])
    copied.close()
    store.close()
  })

  const sqlite3 = spawnSync('sqlite3', ['-version']).status === 0
  it.skipIf(!sqlite3)('can be asked with sqlite3 while a node has it open (needs sqlite3)', () => {
    const folder = madeFolder()
    const node = SqliteStore.open(folder, EASY)
    const query =
      "SELECT height, sender, recipient, amount FROM payments WHERE sender = 'Lea'; SELECT count(*) FROM chain"
    const { stdout } = spawnSync('sqlite3', ['-readonly', join(folder, DATABASE_FILE), query])
    expect(String(stdout)).toBe('2|Lea|Mark|10.0\n2\n')
    node.close()
  })

  it('finds the last block with a party at one place of a table, sorting nothing', () => {
    const db = new Database(join(madeFolder(), DATABASE_FILE))
    const plan = db.all(`EXPLAIN QUERY PLAN ${LAST_WITH_PARTY}`, 0, 'Lea', 3)
    const steps = plan.map(({ detail }) => String(detail))
    expect(steps).toContain('SEARCH parties USING PRIMARY KEY (page=? AND party=? AND height<?)')
    expect(steps.filter((step) => /SCAN parties|TEMP B-TREE/.test(step))).toEqual([])
    db.close()
  })

  it('finds headers that have left its cache, and none that a rollback took back', () => {
    const store = SqliteStore.open(temporaryFolder(), EASY)
    onTestFinished(() => store.close())
    const { genesis } = EASY.rules
    const hashes: BlockHash[] = []
    atomically(store, () => {
      store.putBlock(genesis, 1n)
      store.connect(genesis)
      for (let salt = 1; salt <= MAX_CACHED_HEADERS + 10; salt++) {
        const place = { parent: genesis.header, proof: 0, timestampMs: salt, rewardTo: undefined }
        hashes.push(store.putBlock(sealed(EASY.rules, { ...place, transactions: [] }), 2n).hash)
      }
    })
    for (const hash of [...hashes, ...hashes.slice(0, 5)])
      expect(store.header(hash)?.hash).toBe(hash)
    const [late] = branch(genesis, 1, 1)
    store.begin()
    if (late !== undefined) store.putBlock(late, 2n)
    store.rollback()
    expect(late && store.header(late.header.hash)).toBeUndefined()
  })

  it('finds a party on both sides of a page of the search, with a rest for each page', () => {
    const store = SqliteStore.open(temporaryFolder(), EASY)
    onTestFinished(() => store.close())
    const blocks = [EASY.rules.genesis]
    while (blocks.length < 514) {
      const last = blocks.at(-1) ?? EASY.rules.genesis
      const isOurs = [2, 255, 256, 511, 512].includes(last.header.index + 1)
      blocks.push(blockAfter(last, { rewardTo: isOurs ? 'ours' : 'theirs' }))
    }
    atomically(store, () => {
      for (const block of blocks) {
        store.putBlock(block, BigInt(block.header.index))
        store.connect(block)
      }
    })
    const looks = (party: string, below: number) =>
      Array.from(store.blocksWith(party, below), (header) => header?.index)
    const rest = undefined
    expect(looks('ours', 9_999)).toEqual([512, rest, 511, 256, rest, 255, 2, rest])
    expect(looks('ours', 512)).toEqual([rest, 511, 256, rest, 255, 2, rest])
    expect(looks('ours', 256)).toEqual([rest, 255, 2, rest])
    expect(looks('nobody', 9_999)).toEqual([rest, rest, rest])
    expect(looks('ours', 2)).toEqual([rest])
    expect(looks('ours', 1)).toEqual([rest])
  })
})

describe('a store whose files are taken away while it has them open', () => {
  const { genesis } = EASY.rules
  const put = (store: SqliteStore, block: Block) =>
    atomically(store, () => {
      store.putBlock(block, BigInt(block.header.index))
      store.connect(block)
    })

  function opened(): { folder: string; path: string; store: SqliteStore } {
    const folder = temporaryFolder()
    const store = SqliteStore.open(folder, EASY)
    onTestFinished(() => store.close())
    put(store, genesis)
    return { folder, path: join(folder, DATABASE_FILE), store }
  }

  const takings: [string, (path: string, folder: string) => void][] = [
    ['the folder is deleted', (_path, folder) => rmSync(folder, { recursive: true })],
    ['the folder is moved', (_path, folder) => renameSync(folder, `${folder}-moved`)],
    ['the database is deleted', (path) => unlinkSync(path)],
    ['the database is replaced', (path) => replaceByCopy(path)],
    ['the log is deleted', (path) => unlinkSync(`${path}-wal`)],
    ['the log is replaced', (path) => replaceByCopy(`${path}-wal`)],
    ['the log is emptied', (path) => truncateSync(`${path}-wal`, 0)],
  ]
  it.skipIf(process.platform === 'win32').each(takings)(
    'refuses the next commit: %s',
    (_how, take) => {
      const { folder, path, store } = opened()
      take(path, folder)
      const code = refusal(() => put(store, blockAfter(genesis)))
      expect(code).toBe('store-lost')
    },
  )

  it.skipIf(process.platform === 'win32')(
    'refuses the next commit: the database is cut off',
    () => {
      const { path, store } = opened()
      const visitor = new Database(path)
      visitor.exec('PRAGMA wal_checkpoint(FULL)')
      put(store, blockAfter(genesis))
      truncateSync(path, statSync(path).size - 4_096)
      const third = blockAfter(blockAfter(genesis))
      expect(refusal(() => put(store, third))).toBe('store-lost')
      visitor.close()
    },
  )

  it('goes on where somebody takes in the log and packs the database', () => {
    const { path, store } = opened()
    let last = genesis
    const grow = (count: number) => {
      for (let i = 0; i < count; i++) {
        last = blockAfter(last)
        put(store, last)
      }
    }
    grow(200)
    const visitor = new Database(path)
    visitor.exec('CREATE TABLE large AS SELECT randomblob(1000000) AS filler')
    visitor.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    grow(1)
    const before = statSync(path).size
    visitor.exec('DROP TABLE large; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)')
    expect(statSync(path).size).toBeLessThan(before)
    expect(statSync(`${path}-wal`).size).toBe(0)
    grow(2)
    visitor.close()
    expect(store.tip()?.index).toBe(204)
  })
})

function replaceByCopy(path: string): void {
  copyFileSync(path, `${path}-copy`)
  renameSync(`${path}-copy`, path)
}

describe('a store whose folder cannot be reached any more', () => {
  it('goes on writing to the files that it has open', () => {
    const folder = temporaryFolder()
    const store = SqliteStore.open(folder, EASY)
    const { genesis } = EASY.rules
    const put = (block: typeof genesis) =>
      atomically(store, () => {
        store.putBlock(block, BigInt(block.header.index))
        store.connect(block)
      })
    put(genesis)
    const before = store.logBytes
    expect(before).toBeGreaterThan(0)
    renameSync(folder, `${folder}-moved`)
    symlinkSync(folder, folder)
    try {
      expect(() => statSync(`${folder}/x`)).toThrow('ELOOP')
      expect(store.logBytes).toBe(before)
      put(blockAfter(genesis))
      expect(store.logBytes).toBe(before)
    } finally {
      unlinkSync(folder)
      renameSync(`${folder}-moved`, folder)
    }
    expect(store.logBytes).toBeGreaterThan(before)
    store.close()
  })
})
