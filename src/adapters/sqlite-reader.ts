/**
 * Reading a node's data: the same statements for the writing connection, for snapshots, and for
 * `toychain verify` on a folder that another program has open.
 */
import type { SQLOutputValue } from 'node:sqlite'
import { type BlockHash, isBlockHash } from '../core/hash.ts'
import {
  type PooledTransaction,
  pageLength,
  StoreError,
  type StoreReader,
  type TreeHeader,
} from '../node/ports.ts'
import { type Database, damagedAdvice, type Row } from './sqlite-database.ts'

const HEADER = 'h.hash, h.previous_hash, h.height, h.timestamp, h.proof, h.chainwork, h.size'
const SIDE_TIPS = `
  SELECT ${HEADER} FROM headers h
  WHERE h.active = 0 AND NOT EXISTS (SELECT 1 FROM headers c WHERE c.previous_hash = h.hash)`

export class SqliteReader implements StoreReader {
  protected readonly db: Database

  constructor(db: Database) {
    this.db = db
  }

  header(hash: BlockHash): TreeHeader | undefined {
    return this.#header(this.db.get(`SELECT ${HEADER} FROM headers h WHERE h.hash = ?`, hash))
  }

  text(hash: BlockHash): string | undefined {
    const row = this.db.get(
      'SELECT text FROM headers LEFT JOIN bodies USING (arrival) WHERE hash = ?',
      hash,
    )
    return row === undefined ? undefined : this.#string(row.text)
  }

  tip(): TreeHeader | undefined {
    return this.#header(
      this.db.get(
        `SELECT ${HEADER} FROM headers h WHERE h.active = 1 ORDER BY h.height DESC LIMIT 1`,
      ),
    )
  }

  hashAt(index: number): BlockHash | undefined {
    const row = this.db.get('SELECT hash FROM headers WHERE active = 1 AND height = ?', index)
    return row === undefined ? undefined : this.#hash(row.hash)
  }

  texts(from: number, limit: number): readonly string[] {
    const sizes = `SELECT size FROM headers WHERE active = 1 AND height >= ? ORDER BY height LIMIT ?`
    const count = pageLength(this.db.all(sizes, from, limit).map((row) => Number(row.size)))
    const texts = `SELECT h.height, b.text FROM headers h LEFT JOIN bodies b USING (arrival)
      WHERE h.active = 1 AND h.height >= ? ORDER BY h.height LIMIT ?`
    return this.db.all(texts, from, count).map(({ height, text }, i) => {
      if (height === from + i && text !== null) return this.#string(text)
      return this.#damaged(`the block at index ${from + i} is missing`)
    })
  }

  sideTips(limit: number): readonly TreeHeader[] {
    const rows = this.db.all(`${SIDE_TIPS} ORDER BY h.chainwork DESC, h.arrival LIMIT ?`, limit)
    return rows.map((row) => this.#treeHeader(row))
  }

  weakestSideTips(limit: number): readonly TreeHeader[] {
    const sql = `${SIDE_TIPS} ORDER BY h.chainwork, h.arrival DESC LIMIT ?`
    return this.db.all(sql, limit).map((row) => this.#treeHeader(row))
  }

  hasChildren(hash: BlockHash): boolean {
    return this.db.get('SELECT 1 FROM headers WHERE previous_hash = ? LIMIT 1', hash) !== undefined
  }

  sideBytes(): number {
    return Number(this.db.get('SELECT total(size) AS bytes FROM headers WHERE active = 0')?.bytes)
  }

  pooled(after: number, limit: number): readonly PooledTransaction[] {
    const sql =
      'SELECT place, text FROM current_transactions WHERE place > ? ORDER BY place LIMIT ?'
    return this.db
      .all(sql, after, limit)
      .map((row) => ({ place: Number(row.place), text: this.#string(row.text) }))
  }

  nodes(): readonly string[] {
    const rows = this.db.all('SELECT address FROM nodes ORDER BY address')
    return rows.map((row) => this.#string(row.address))
  }

  identity(): string | undefined {
    return this.meta('node_id')
  }

  /** The spec that the data were made under, as its one line of JSON. */
  specText(): string | undefined {
    return this.meta('spec')
  }

  protected meta(key: string): string | undefined {
    const row = this.db.get('SELECT value FROM meta WHERE key = ?', key)
    return row === undefined ? undefined : this.#string(row.value)
  }

  #header(row: Row | undefined): TreeHeader | undefined {
    return row === undefined ? undefined : this.#treeHeader(row)
  }

  #treeHeader(row: Row): TreeHeader {
    return {
      hash: this.#hash(row.hash),
      parent: row.previous_hash === null ? undefined : this.#hash(row.previous_hash),
      index: Number(row.height),
      timestamp: this.#string(row.timestamp),
      proof: Number(row.proof),
      chainwork: this.#work(row.chainwork),
      sizeBytes: Number(row.size),
    }
  }

  #work(value: SQLOutputValue | undefined): bigint {
    const text = this.#string(value)
    return /^[0-9a-f]{64}$/.test(text)
      ? BigInt(`0x${text}`)
      : this.#damaged(`"${text.slice(0, 80)}" where a branch's work should be`)
  }

  #hash(value: SQLOutputValue | undefined): BlockHash {
    const text = this.#string(value)
    return isBlockHash(text) ? text : this.#damaged(`"${text.slice(0, 80)}" where a hash should be`)
  }

  #string(value: SQLOutputValue | undefined): string {
    return typeof value === 'string'
      ? value
      : this.#damaged(`${typeof value} where a text should be`)
  }

  #damaged(what: string): never {
    throw new StoreError('store-damaged', `${this.db.path}: ${what}. ${damagedAdvice}`)
  }
}
