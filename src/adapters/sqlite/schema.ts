/**
 * The one schema of a node's data (docs/STORAGE.md explains it for people with `sqlite3`), as a list
 * of migrations: number N takes version N to N + 1. Invariant: a file in place always holds a whole
 * schema, because a new one is made beside it and renamed.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { messageOf } from '../../core/errors.ts'
import { StoreError } from '../../node/store/store.ts'
import { Database, damaged } from './database.ts'
import { defineRowSum, sumsOf } from './sums.ts'

/** "toyc": what tells our files from other programs' (sqlite.org/fileformat2.html, offset 68). */
const APPLICATION_ID = 0x746f7963

const DATA_ID = "(SELECT value FROM meta WHERE key = 'data_id')"

/** What version 3 added to a header's row. */
const HEADER_MORE = ', raw, complete, condemned, version'

/** Write every row's checksum (sums.ts): of the number that it is found by, and its values. */
export const SUM_ALL_ROWS: readonly string[] = [
  `UPDATE meta SET sum = row_sum(${DATA_ID}, 0, key, value);`,
  `UPDATE headers SET sum =
    row_sum(${DATA_ID}, height, hash, previous_hash, timestamp, proof, chainwork, size${HEADER_MORE});`,
  `UPDATE bodies SET sum = row_sum(${DATA_ID},
    (SELECT height FROM headers WHERE headers.arrival = bodies.arrival), text);`,
  `UPDATE current_transactions SET sum = row_sum(${DATA_ID}, place, text);`,
  `UPDATE nodes SET sum = row_sum(${DATA_ID}, 0, address);`,
  `UPDATE diffs SET sum = row_sum(${DATA_ID}, arrival, text);`,
  `UPDATE ledger SET sum = row_sum(${DATA_ID}, 0, account, state);`,
]

/** The same as version 2 had them. */
const SUM_ALL_ROWS_OF_2 = SUM_ALL_ROWS.slice(0, -2).map((sql) => sql.replace(HEADER_MORE, ''))

export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE headers (
    arrival       INTEGER PRIMARY KEY,
    hash          TEXT NOT NULL UNIQUE,
    previous_hash TEXT,
    height        INTEGER NOT NULL,
    timestamp     TEXT NOT NULL,
    proof         INTEGER NOT NULL,
    chainwork     TEXT NOT NULL,
    size          INTEGER NOT NULL,
    active        INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX headers_active ON headers (height) WHERE active = 1;
  CREATE INDEX headers_side ON headers (chainwork, arrival DESC) WHERE active = 0;
  CREATE INDEX headers_previous ON headers (previous_hash);

  CREATE TABLE bodies (
    arrival INTEGER PRIMARY KEY REFERENCES headers,
    text    TEXT NOT NULL
  ) STRICT;

  CREATE TABLE transactions (
    arrival   INTEGER NOT NULL REFERENCES headers,
    position  INTEGER NOT NULL,
    sender    TEXT NOT NULL,
    recipient TEXT NOT NULL,
    amount    TEXT NOT NULL,
    PRIMARY KEY (arrival, position)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX transactions_sender ON transactions (sender);
  CREATE INDEX transactions_recipient ON transactions (recipient);

  CREATE TABLE current_transactions (
    place INTEGER PRIMARY KEY,
    text  TEXT NOT NULL
  ) STRICT;

  CREATE TABLE nodes (
    address TEXT PRIMARY KEY
  ) STRICT, WITHOUT ROWID;

  CREATE VIEW chain AS
    SELECT height, hash, previous_hash, datetime(timestamp, 'unixepoch') AS time, proof, size
    FROM headers WHERE active = 1 ORDER BY height;
  CREATE VIEW payments AS
    SELECT h.height, t.position, t.sender, t.recipient, t.amount
    FROM transactions t JOIN headers h USING (arrival) WHERE h.active = 1;
  `,
  `
  ALTER TABLE meta ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE headers ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE bodies ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE current_transactions ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE nodes ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
  INSERT INTO meta (key, value) VALUES ('data_id', lower(hex(randomblob(16))));
  ${SUM_ALL_ROWS_OF_2.join('\n  ')}
  `,
  `
  ALTER TABLE headers ADD COLUMN raw TEXT NOT NULL DEFAULT '';
  ALTER TABLE headers ADD COLUMN complete INTEGER;
  ALTER TABLE headers ADD COLUMN condemned TEXT;
  ALTER TABLE headers ADD COLUMN version INTEGER;
  UPDATE headers SET complete = arrival;

  CREATE TABLE diffs (
    arrival INTEGER PRIMARY KEY,
    text    TEXT NOT NULL,
    sum     INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE ledger (
    account TEXT PRIMARY KEY,
    state   TEXT NOT NULL,
    sum     INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE parties (
    page   INTEGER NOT NULL,
    party  TEXT NOT NULL,
    height INTEGER NOT NULL,
    PRIMARY KEY (page, party, height)
  ) STRICT, WITHOUT ROWID;
  CREATE TEMP TABLE parties_of (arrival INTEGER, party TEXT, PRIMARY KEY (arrival, party)) WITHOUT ROWID;
  INSERT INTO parties_of
    SELECT arrival, sender FROM transactions UNION SELECT arrival, recipient FROM transactions;
  INSERT INTO parties
    SELECT height / 256, party, height FROM parties_of JOIN headers USING (arrival) WHERE active = 1;
  ALTER TABLE bodies ADD COLUMN parties INTEGER NOT NULL DEFAULT 0;
  UPDATE bodies SET parties = (SELECT sum(row_sum(${DATA_ID}, height, party))
    FROM parties_of JOIN headers USING (arrival) WHERE arrival = bodies.arrival)
    WHERE arrival IN (SELECT arrival FROM parties_of);
  DROP TABLE parties_of;
  DROP VIEW payments;
  CREATE VIEW payments AS
    SELECT h.height, t.key AS position, t.value ->> 'sender' AS sender,
      t.value ->> 'recipient' AS recipient, t.value -> 'amount' AS amount
    FROM headers h JOIN bodies b USING (arrival), json_each(b.text, '$.transactions') t
    WHERE h.active = 1;
  DROP TABLE transactions;
  DROP INDEX headers_previous;
  CREATE INDEX headers_previous ON headers (previous_hash) WHERE active = 0;
  -- A row of nobody's: the page of an empty table, in the place of another table's, would empty that unseen.
  INSERT INTO diffs VALUES (0, '[]', 0);
  INSERT INTO ledger VALUES ('', '', 0);
  ${SUM_ALL_ROWS.join('\n  ')}
  `,
]

/** Makes a file with the current schema and nothing in it. A crash leaves no half-made file in place. */
export function createDatabase(path: string, specText: string): void {
  const unfinished = `${path}.new`
  rmSync(unfinished, { force: true })
  rmSync(`${unfinished}-journal`, { force: true })
  const db = new Database(unfinished)
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}`)
  migrate(db, MIGRATIONS)
  // Without the room of tables that older versions had.
  db.exec('VACUUM')
  putMeta(db, 'spec', specText)
  db.close()
  renameSync(unfinished, path)
}

/** Keeps a fact about the data, in the place of an older one. */
export function putMeta(db: Database, key: string, value: string): void {
  db.run('REPLACE INTO meta VALUES (?, ?, ?)', key, value, sumsOf(db).of(0, `${key} ${value}`))
}

/**
 * The version of a schema, which may still be in the log.
 * @throws StoreError `store-too-new`
 */
export function schemaVersion(db: Database, migrations = MIGRATIONS): number {
  const version = Number(db.get('PRAGMA user_version')?.user_version)
  refuseNewer(db.path, version, migrations.length)
  return version
}

/**
 * Brings an older schema up to date, each step in a transaction of its own.
 * @throws StoreError `store-too-new`
 */
export function migrate(db: Database, migrations: readonly string[]): void {
  const version = schemaVersion(db, migrations)
  defineRowSum(db)
  for (const [from, sql] of migrations.entries()) {
    if (from < version) continue
    db.exec(`BEGIN IMMEDIATE; ${sql}; PRAGMA user_version = ${from + 1}; COMMIT`)
  }
}

/**
 * Looks at a file before SQLite does, so that what is not ours is not touched.
 * @throws StoreError `store-foreign`, `store-too-new`, `store-damaged`
 */
export function inspectFile(path: string): void {
  const { header, sizeBytes } = readHeader(path)
  // Offsets from sqlite.org/fileformat2.html, section 1.3.
  if (header.toString('latin1', 0, 16) !== 'SQLite format 3\0') {
    throw damaged(path, 'it does not begin as an SQLite file does')
  }
  if (sizeBytes < header.length) throw damaged(path, `cut short (it has ${sizeBytes} bytes)`)
  if (header.readUInt32BE(68) !== APPLICATION_ID) {
    throw new StoreError(
      'store-foreign',
      `${path}: an SQLite file, but not one of toychain's. Choose another --data folder.`,
    )
  }
  const version = header.readUInt32BE(60)
  if (version === 0) throw damaged(path, 'it has no schema version')
  refuseNewer(path, version, MIGRATIONS.length)
  const pageBytes = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16)
  const expectedBytes = header.readUInt32BE(28) * pageBytes
  // A write-ahead log may still hold the missing pages; without one they are lost.
  if (sizeBytes < expectedBytes && !hasLog(path)) {
    throw damaged(path, `cut short (it has ${sizeBytes} bytes and says it had ${expectedBytes})`)
  }
}

function readHeader(path: string): { header: Buffer; sizeBytes: number } {
  const header = Buffer.alloc(100)
  try {
    const file = openSync(path, 'r')
    try {
      readSync(file, header, 0, header.length, 0)
      return { header, sizeBytes: fstatSync(file).size }
    } finally {
      closeSync(file)
    }
  } catch (cause) {
    throw new StoreError('store-failed', `${path}: cannot be read (${messageOf(cause)})`, { cause })
  }
}

/** Whether a database has a write-ahead log with something in it. */
export function hasLog(path: string): boolean {
  return existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 0
}

function refuseNewer(path: string, version: number, known: number): void {
  if (version <= known) return
  throw new StoreError(
    'store-too-new',
    `${path}: its schema is version ${version}, and this program knows up to ${known}. Use the newer toychain that wrote it, or another --data folder.`,
  )
}
