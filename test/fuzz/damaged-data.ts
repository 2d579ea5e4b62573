/**
 * Data folders that are not what we wrote: bytes of the file changed, moved or cut off, and rows of
 * the right form with odd values in them. The rows need a schema whose columns take any type.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DATABASE_FILE } from '../../src/adapters/sqlite/data-folder.ts'
import { Database } from '../../src/adapters/sqlite/database.ts'
import { MIGRATIONS, migrate, putMeta, SUM_ALL_ROWS } from '../../src/adapters/sqlite/schema.ts'
import { SqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts'
import { defineRowSum } from '../../src/adapters/sqlite/sums.ts'
import { branch, EASY, payment } from '../helpers/chains.ts'
import { fc } from '../helpers/fast-check.ts'
import { temporaryFolder } from '../helpers/folders.ts'
import { share } from './inputs.ts'
import { outcomeOf } from './runs.ts'

const { genesis } = EASY.rules
/** The blocks of the data: a chain, and a branch that lost. */
export const MAIN = [genesis, ...branch(genesis, 4)]
export const SIDE = branch(genesis, 2, 1)
/** As our files are marked (sqlite-schema.ts); a change there breaks this on purpose. */
const APPLICATION_ID = 0x746f7963

/** The bytes of a whole database; `isLoose` for columns that take any type. */
export function wholeDatabase({ isLoose }: { isLoose: boolean }): Buffer {
  const folder = temporaryFolder()
  const path = join(folder, DATABASE_FILE)
  if (isLoose) makeLoose(path)
  const store = SqliteStore.open(folder, EASY)
  store.begin()
  for (const [i, block] of MAIN.entries()) {
    store.putBlock(block, BigInt(i + 1))
    store.connect(block)
  }
  for (const [i, block] of SIDE.entries()) store.putBlock(block, BigInt(i + 2))
  for (const place of [1, 2, 3]) store.putPooled(place, payment('a', 'b', `${place}.0`))
  for (const address of ['a:1', 'b:2']) store.putNode(address)
  store.setIdentity('3'.repeat(32))
  store.commit()
  store.close()
  return readFileSync(path)
}

function makeLoose(path: string): void {
  const loose = MIGRATIONS.map((sql) =>
    sql.replaceAll('STRICT, ', '').replaceAll(') STRICT;', ');'),
  )
  const db = new Database(path)
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}`)
  migrate(db, loose)
  putMeta(db, 'spec', EASY.text)
  db.close()
}

/** Puts these bytes in the place of a folder's database. */
export function putDatabase(folder: string, bytes: Uint8Array): void {
  for (const suffix of ['-wal', '-shm'])
    rmSync(join(folder, DATABASE_FILE + suffix), { force: true })
  writeFileSync(join(folder, DATABASE_FILE), bytes)
}

/** What is done to a file; places are parts of its length. */
export interface FileDamage {
  readonly kind: 'anywhere' | 'in the rows' | 'cut off' | 'pages swapped'
  readonly places: readonly { readonly at: number; readonly byte: number }[]
}

export const fileDamages: fc.Arbitrary<FileDamage> = fc.record({
  kind: fc.oneof(
    { arbitrary: fc.constant<FileDamage['kind']>('in the rows'), weight: 4 },
    fc.constantFrom<FileDamage['kind']>('anywhere', 'cut off', 'pages swapped'),
  ),
  places: fc.array(
    fc.record({
      at: share,
      byte: fc.nat(255),
    }),
    { minLength: 1, maxLength: 12 },
  ),
})

const PAGE_BYTES = 4_096

/** Where the page begins and ends that has a text in it. */
export function pageOf(whole: Buffer, text: string): readonly [begin: number, end: number] {
  const begin = whole.indexOf(text) - (whole.indexOf(text) % PAGE_BYTES)
  return [begin, begin + PAGE_BYTES]
}

export function damagedFile(whole: Buffer, { kind, places }: FileDamage): Uint8Array {
  const bytes = Buffer.from(whole)
  const spot = ({ at }: { at: number }, count: number) => Math.floor(at * count)
  const [first = { at: 0, byte: 0 }, second = first] = places
  switch (kind) {
    case 'anywhere':
      for (const place of places) bytes[spot(place, bytes.length)] = place.byte
      return bytes
    case 'in the rows': {
      // The first page holds the schema, without which nothing is read.
      const used = [...whole.keys()].filter((i) => i >= PAGE_BYTES && whole[i] !== 0)
      for (const place of places) bytes[used[spot(place, used.length)] ?? 0] = place.byte
      return bytes
    }
    case 'cut off':
      return bytes.subarray(0, spot(first, bytes.length))
    case 'pages swapped': {
      const pages = bytes.length / PAGE_BYTES
      const [one, other] = [spot(first, pages) * PAGE_BYTES, spot(second, pages) * PAGE_BYTES]
      whole.copy(bytes, one, other, other + PAGE_BYTES)
      whole.copy(bytes, other, one, one + PAGE_BYTES)
      return bytes
    }
  }
}

const TABLES = {
  meta: ['key', 'value'],
  headers: [
    'arrival',
    'hash',
    'previous_hash',
    'height',
    'timestamp',
    'proof',
    'chainwork',
    'size',
    'active',
  ],
  bodies: ['arrival', 'text'],
  current_transactions: ['place', 'text'],
  nodes: ['address'],
} as const

export interface OddCell {
  readonly table: keyof typeof TABLES
  readonly column: string
  readonly row: number
  readonly value: string | number | bigint | null | Uint8Array
}

const value = fc.constantFrom<OddCell['value']>(
  null,
  '',
  'x',
  '"',
  '0',
  '1',
  'NaN',
  '1e400',
  '-1',
  '\u0000',
  'f'.repeat(64),
  '0'.repeat(64),
  '9'.repeat(500),
  ...MAIN.map(({ header }) => header.hash),
  ...MAIN.map(({ text }) => text),
  '{"index": 1}',
  '[',
  payment('x', 'y').text,
  0,
  1,
  -1,
  2,
  3,
  1.5,
  1e300,
  2n ** 53n,
  2n ** 62n,
  -(2n ** 63n),
  new Uint8Array(),
  Uint8Array.of(0xff, 0),
)

/** Cells of a database with an odd value in each. */
export const oddCells: fc.Arbitrary<readonly OddCell[]> = fc.array(
  fc
    .constantFrom(
      ...Object.entries(TABLES).flatMap(([table, columns]) =>
        columns.map((column) => [table, column]),
      ),
    )
    .chain(([table, column]) =>
      fc.record({
        table: fc.constantFrom(...tableNames().filter((name) => name === table)),
        column: fc.constant(column ?? ''),
        row: fc.nat(6),
        value,
      }),
    ),
  { minLength: 1, maxLength: 3 },
)

function tableNames(): OddCell['table'][] {
  return ['meta', 'headers', 'bodies', 'current_transactions', 'nodes']
}

/** Puts odd values into a folder's database, with right checksums; what no row can hold is left out. */
export function putCells(folder: string, cells: readonly OddCell[]): void {
  const db = new Database(join(folder, DATABASE_FILE))
  defineRowSum(db)
  db.exec('PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF')
  for (const { table, column, row, value } of cells) {
    const [key] = TABLES[table]
    const chosen = `SELECT ${key} FROM ${table} ORDER BY 1 LIMIT 1 OFFSET ?`
    const sql = `UPDATE OR IGNORE ${table} SET ${column} = ? WHERE ${key} = (${chosen})`
    outcomeOf(() => db.run(sql, value, row))
  }
  for (const sql of SUM_ALL_ROWS) outcomeOf(() => db.exec(sql))
  db.close()
}
