/**
 * What tells damaged data from whole ones: a checksum in every row that is read, and the check of
 * the whole file that a node has done when it has started. Thousands of damages are in test/faults.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { DATABASE_FILE, openForReading } from '../../../src/adapters/sqlite/data-folder.ts'
import { Database } from '../../../src/adapters/sqlite/database.ts'
import { MIGRATIONS, migrate } from '../../../src/adapters/sqlite/schema.ts'
import { SqliteStore } from '../../../src/adapters/sqlite/sqlite-store.ts'
import { messageOf } from '../../../src/core/errors.ts'
import { BlockChain } from '../../../src/node/chain/blockchain.ts'
import { StoreError, type StoreReader } from '../../../src/node/store/store.ts'
import { branch, EASY, payment } from '../../helpers/chains.ts'
import { temporaryFolder } from '../../helpers/folders.ts'
import { run } from '../../helpers/toychain.ts'

let folder = ''
let file = ''
beforeEach(() => {
  folder = temporaryFolder()
  file = join(folder, DATABASE_FILE)
  fill(folder)
})

/** Eight blocks, a side branch of two, two payments that wait, and a node. */
function fill(folder: string): void {
  const store = SqliteStore.open(folder, EASY)
  store.setIdentity('3'.repeat(32))
  const chain = new BlockChain({ spec: EASY, store })
  for (const block of branch(EASY.rules.genesis, 7)) chain.addBlock(block)
  for (const block of branch(EASY.rules.genesis, 2, 1)) chain.addBlock(block)
  for (const sender of ['Lea', 'Zoë']) {
    chain.addTransaction({ sender, recipient: 'Mark', amount: 1 })
  }
  chain.registerNode('a:1')
  store.close()
}

const side = branch(EASY.rules.genesis, 2, 1).map(({ header }) => header.hash)

/** Everything, each part by itself; what cannot be read, as its code. */
function everything(reader: StoreReader) {
  const parts = {
    tip: () => reader.tip(),
    hash: () => reader.hashAt(5),
    texts: () => reader.texts(1, 100),
    text: () => reader.texts(5, 1),
    side: () => [reader.sideTips(9), reader.weakestSideTips(9), reader.sideBytes()],
    bodies: () => side.map((hash) => reader.text(hash)),
    payments: () => [...reader.blocksWith('miner-0', 9)],
    pooled: () => reader.pooled(0, 9),
    nodes: () => reader.nodes(),
    identity: () => reader.identity(),
  }
  return Object.entries(parts).map(([name, read]) => [name, failure(read) ?? read()] as const)
}

function failure(work: () => unknown): string | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    if (error instanceof StoreError) return error.code
    throw error
  }
}

function sql(statement: string): void {
  const db = new Database(file)
  db.exec(statement)
  db.close()
}

/** Makes the index of the active chain say at one index that its block is another. */
function misleadIndex(): void {
  const bytes = readFileSync(file)
  // A cell of it: length, length of the header, two integers of one byte, height, arrival.
  const at = bytes.indexOf(Buffer.from([5, 3, 1, 1, 5, 5]))
  expect(at).toBeGreaterThan(0)
  bytes[at + 5] = 6
  writeFileSync(file, bytes)
}

describe('a row that is not as it was written', () => {
  it.each([
    [['hash', 'payments'], "UPDATE headers SET timestamp = '7' WHERE height = 5"],
    [['tip', 'texts', 'text', 'payments'], 'UPDATE headers SET height = 9 WHERE height = 5'],
    [['tip'], 'UPDATE headers SET proof = proof + 1 WHERE height = 8'],
    [['side', 'bodies'], 'UPDATE headers SET size = size + 1 WHERE active = 0'],
    [['texts', 'text'], "UPDATE bodies SET text = replace(text, '5', '6') WHERE arrival = 5"],
    [['bodies'], "UPDATE bodies SET text = text || ' ' WHERE arrival > 8"],
    [['pooled'], "UPDATE current_transactions SET text = replace(text, 'Lea', 'Leo')"],
    [['pooled'], 'UPDATE current_transactions SET place = place + 5'],
    [['nodes'], "UPDATE nodes SET address = 'b:1'"],
    [['identity'], "UPDATE meta SET value = 'x' WHERE key = 'node_id'"],
    [['identity'], "UPDATE meta SET key = 'node_ie' WHERE key = 'node_id'"],
  ])('is refused: %j after %s', (refused, statement) => {
    sql(statement)
    const data = openForReading(folder)
    const codes = everything(data).filter(
      ([, read]) => typeof read === 'string' && /^store-/.test(read),
    )
    data.close()
    expect(codes.map(([name]) => name)).toEqual(expect.arrayContaining(refused))
    expect(new Set(codes.map(([, code]) => code))).toEqual(new Set(['store-damaged']))
  })

  it('is refused where an index leads to another row', () => {
    misleadIndex()
    const data = openForReading(folder)
    expect(() => data.hashAt(5)).toThrow(file)
    expect(() => data.texts(5, 1)).toThrow('--data')
    data.close()
  })

  it('is refused where it is of other data', () => {
    const other = temporaryFolder()
    fill(other)
    sql(`ATTACH '${join(other, DATABASE_FILE)}' AS other;
      DELETE FROM nodes; INSERT INTO nodes SELECT * FROM other.nodes`)
    expect(failure(() => SqliteStore.open(folder, EASY))).toBe('store-damaged')
  })
})

describe('data of schema version 1', () => {
  const COLUMNS = {
    meta: 'key, value',
    headers: 'arrival, hash, previous_hash, height, timestamp, proof, chainwork, size, active',
    bodies: 'arrival, text',
    current_transactions: 'place, text',
    nodes: 'address',
  }

  /** The same data as an older program kept them. */
  function older(): string {
    const folder = temporaryFolder()
    const db = new Database(join(folder, DATABASE_FILE))
    db.exec(`PRAGMA application_id = ${0x746f7963}; PRAGMA journal_mode = WAL`)
    migrate(db, MIGRATIONS.slice(0, 1))
    db.exec(`ATTACH '${file}' AS newer`)
    for (const [table, columns] of Object.entries(COLUMNS)) {
      db.exec(`INSERT INTO ${table} SELECT ${columns} FROM newer.${table}`)
    }
    db.exec(`INSERT INTO transactions
      SELECT b.arrival, t.key, t.value ->> 'sender', t.value ->> 'recipient', t.value -> 'amount'
      FROM newer.bodies b, json_each(b.text, '$.transactions') t`)
    db.exec("DELETE FROM meta WHERE key = 'data_id'")
    db.close()
    return folder
  }

  it('are brought up to date: nothing in them changes, and every row is covered', async () => {
    const folder = older()
    const whole = openForReading(file.slice(0, -DATABASE_FILE.length))
    const store = SqliteStore.open(folder, EASY)
    expect(everything(store)).toEqual(everything(whole))
    expect(store.specText()).toBe(EASY.text)
    whole.close()
    await store.check()
    store.begin()
    store.putPooled(9, payment('a', 'b'))
    store.commit()
    store.close()
    expect(await run(['verify', '--data', folder])).toMatchObject({ status: 0 })
    SqliteStore.open(folder, EASY).close()
  })

  it('have an id of their own each', () => {
    const ids = [older(), older()].map((folder) => {
      SqliteStore.open(folder, EASY).close()
      const db = new Database(join(folder, DATABASE_FILE), { readOnly: true })
      const id = db.get("SELECT value FROM meta WHERE key = 'data_id'")?.value
      db.close()
      return id
    })
    expect(new Set(ids).size).toBe(2)
    expect(ids[0]).toMatch(/^[0-9a-f]{32}$/)
  })

  it('are refused and left alone where they are damaged', () => {
    const older1 = older()
    file = join(older1, DATABASE_FILE)
    misleadIndex()
    const before = readFileSync(file)
    expect(failure(() => SqliteStore.open(older1, EASY))).toBe('store-damaged')
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it('are not read by who may not bring them up to date, who says what to do', () => {
    const folder = older()
    expect(() => openForReading(folder)).toThrow('start a node')
  })
})

describe('the check of a whole file', () => {
  it('finds nothing in whole data, asked once or twice', async () => {
    const store = SqliteStore.open(folder, EASY)
    await Promise.all([store.check(), store.check()])
    await store.stopCheck()
    store.close()
    expect(existsSync(`${file}-wal`), 'the log was taken in').toBe(false)
  })

  it('finds an index that misleads, and closing leaves database and log as they are', async () => {
    misleadIndex()
    const store = SqliteStore.open(folder, EASY)
    store.putNode('b:2')
    const [before, log] = [readFileSync(file), readFileSync(`${file}-wal`)]
    const error = await store.check().catch((cause: unknown) => cause)
    expect(error).toMatchObject({ name: 'StoreError', code: 'store-damaged' })
    expect(messageOf(error)).toContain(file)
    store.close()
    expect(readFileSync(file).equals(before)).toBe(true)
    expect(readFileSync(`${file}-wal`).equals(log)).toBe(true)
  })

  it('finds sizes of side branches that have changed', async () => {
    sql('UPDATE headers SET size = size + 1 WHERE active = 0')
    const store = SqliteStore.open(folder, EASY)
    await expect(store.check()).rejects.toThrow('index 2')
    store.close()
  })

  it('ends without a word where it is stopped', async () => {
    const store = SqliteStore.open(folder, EASY)
    const check = store.check()
    await store.stopCheck()
    await expect(check).resolves.toBeUndefined()
    store.close()
  })

  it('ends a node that has started, which says why, with status 1', async () => {
    misleadIndex()
    const before = readFileSync(file)
    const { status, out, err } = await run([
      'node',
      ...['--port', '0', '--difficulty', '1', '--data', folder],
    ])
    expect(out).toContain('Listening')
    expect(err).toContain(file)
    expect(err).toContain('--data')
    expect(err, 'a stack is for faults of our own').not.toMatch(/^\s+at /m)
    expect(status).toBe(1)
    expect(readFileSync(file).equals(before)).toBe(true)
  })
})
