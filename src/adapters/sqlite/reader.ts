/**
 * Reading a node's data: the same statements for the writing connection, for snapshots, and for
 * `toychain verify` on a folder that another program has open. Invariant: what is given is of rows
 * as they were written (sums.ts), and of those that were asked for.
 */
import type { BlockHash } from '../../core/hash.ts'
import { STREAM_PAGE } from '../../core/limits.ts'
import {
  type PooledTransaction,
  pageLength,
  type StoreReader,
  type Text,
  type TreeHeader,
} from '../../node/store/store.ts'
import type { Row } from './database.ts'
import { LAST_WITH_PARTY, pageOf } from './party-index.ts'
import { RowReader } from './rows.ts'

export const HEADER = `h.hash, h.previous_hash, h.height, h.timestamp, h.proof, h.chainwork, h.size, h.raw,
  h.complete, h.condemned, h.version, h.sum`
/** The block of a header, which may be lost. */
export const BODY = 'b.text, b.sum AS text_sum, b.parties'
/** Of a block off the active chain: what follows it is off it too. */
const CHILD = 'SELECT 1 FROM headers c WHERE c.active = 0 AND c.previous_hash = h.hash'
const GOOD_CHILD = `${CHILD} AND c.complete IS NOT NULL AND c.condemned IS NULL`
const SIDE_TIPS = `
  SELECT ${HEADER} FROM headers h
  WHERE h.active = 0 AND h.complete IS NOT NULL AND h.condemned IS NULL AND NOT EXISTS (${GOOD_CHILD})`
/** The block of the active chain at an index. */
const ACTIVE_AT = `SELECT h.arrival, ${HEADER} FROM headers h WHERE h.active = 1 AND h.height = ?`
/** Blocks off the active chain that none follows. */
const ENDS = `
  SELECT ${HEADER} FROM headers h
  WHERE h.active = 0 AND NOT EXISTS (${CHILD})`

export class SqliteReader extends RowReader implements StoreReader {
  header(hash: BlockHash): TreeHeader | undefined {
    return this.#header(this.db.get(`SELECT ${HEADER} FROM headers h WHERE h.hash = ?`, hash))
  }

  text(hash: BlockHash): string | undefined {
    const row = this.db.get(
      `SELECT ${HEADER}, ${BODY} FROM headers h LEFT JOIN bodies b USING (arrival) WHERE h.hash = ?`,
      hash,
    )
    return row === undefined ? undefined : this.string(this.#body(row, this.treeHeader(row).index))
  }

  tip(): TreeHeader | undefined {
    return this.#header(
      this.db.get(
        `SELECT ${HEADER} FROM headers h WHERE h.active = 1 ORDER BY h.height DESC LIMIT 1`,
      ),
    )
  }

  hashAt(index: number): BlockHash | undefined {
    return this.#header(this.db.get(ACTIVE_AT, index))?.hash
  }

  texts(from: number, limit: number): readonly Text[] {
    const sizes = `SELECT size FROM headers WHERE active = 1 AND height >= ? ORDER BY height LIMIT ?`
    const count = pageLength(this.db.all(sizes, from, limit).map((row) => Number(row.size)))
    const texts = `SELECT CAST(b.text AS BLOB) AS text, b.sum AS text_sum FROM headers h LEFT JOIN bodies b USING (arrival)
      WHERE h.active = 1 AND h.height >= ? ORDER BY h.height LIMIT ?`
    // A header is not read here: another block's text does not fit the index.
    return this.db.all(texts, from, count).map((row, i) => this.#body(row, from + i))
  }

  sideTips(limit: number): readonly TreeHeader[] {
    const rows = this.db.all(`${SIDE_TIPS} ORDER BY h.chainwork DESC, h.complete LIMIT ?`, limit)
    return rows.map((row) => this.treeHeader(row))
  }

  *sideTipsInSteps(): Generator<TreeHeader | undefined> {
    const sql = `SELECT EXISTS (${GOOD_CHILD}) AS has_child, ${HEADER} FROM headers h
      WHERE h.active = 0 AND h.complete IS NOT NULL AND h.condemned IS NULL
      ORDER BY h.chainwork DESC, h.complete`
    let looked = 0
    for (const row of this.db.each(sql)) {
      if (++looked % STREAM_PAGE === 0) yield undefined
      if (row.has_child === 0) yield this.treeHeader(row)
    }
  }

  weakestSideTips(limit: number): readonly TreeHeader[] {
    const sql = `${ENDS} ORDER BY h.chainwork, h.arrival DESC LIMIT ?`
    return this.db.all(sql, limit).map((row) => this.treeHeader(row))
  }

  hasChildren(hash: BlockHash): boolean {
    const sql = 'SELECT 1 FROM headers WHERE active = 0 AND previous_hash = ? LIMIT 1'
    return this.db.get(sql, hash) !== undefined || this.#next(hash) !== undefined
  }

  children(hash: BlockHash): readonly TreeHeader[] {
    const sql = `SELECT h.arrival, ${HEADER} FROM headers h
      WHERE h.active = 0 AND h.previous_hash = ? ORDER BY h.arrival`
    const side = this.db.all(sql, hash)
    const next = this.#next(hash)
    if (next === undefined) return side.map((row) => this.treeHeader(row))
    const after = side.findIndex((row) => Number(row.arrival) > Number(next.arrival))
    return side
      .toSpliced(after < 0 ? side.length : after, 0, next)
      .map((row) => this.treeHeader(row))
  }

  /** The row of the active chain that follows a block. */
  #next(hash: BlockHash): Row | undefined {
    const row = this.db.get(`SELECT h.active, ${HEADER} FROM headers h WHERE h.hash = ?`, hash)
    if (row?.active !== 1) return undefined
    const next = this.db.get(ACTIVE_AT, this.treeHeader(row).index + 1)
    if (next === undefined) return undefined
    return this.treeHeader(next).parent === hash ? next : this.#outOfOrder()
  }

  #outOfOrder(): never {
    return this.damaged('blocks of the active chain are out of order')
  }

  account(name: string): string | undefined {
    const row = this.db.get('SELECT state, sum FROM ledger WHERE account = ?', name)
    if (row === undefined) return undefined
    const state = this.string(row.state)
    return this.sums.of(0, `${name} ${state}`) === row.sum ? state : this.changed('an account')
  }

  sideBytes(): number {
    return Number(this.db.get('SELECT total(size) AS bytes FROM headers WHERE active = 0')?.bytes)
  }

  /** Reads the headers whose sizes `sideBytes` believes. @throws StoreError `store-damaged` */
  checkSideHeaders(): void {
    const rows = this.db.each(`SELECT ${HEADER} FROM headers h WHERE h.active = 0`)
    for (const row of rows) this.treeHeader(row)
  }

  *blocksWith(party: string, below: number): Generator<TreeHeader | undefined> {
    let last = Math.min(below, (this.tip()?.index ?? 0) + 1)
    let lastArrival = Number.POSITIVE_INFINITY
    for (let page = pageOf(last); page >= 0; page--) {
      for (;;) {
        const found = this.db.get(LAST_WITH_PARTY, page, party, last)?.height
        if (found === undefined || found === null) break
        last = this.integer(found)
        const row = this.db.get(ACTIVE_AT, last) ?? this.damaged('a party stands in no block')
        // A block comes after its parent, so along the active chain arrivals grow as indexes do.
        const arrival = this.integer(row.arrival)
        if (arrival >= lastArrival) this.#outOfOrder()
        lastArrival = arrival
        yield this.treeHeader(row)
      }
      yield undefined
    }
  }

  pooled(after: number, limit: number): readonly PooledTransaction[] {
    const sql =
      'SELECT place, text, sum FROM current_transactions WHERE place > ? ORDER BY place LIMIT ?'
    let last = after
    return this.db.all(sql, after, limit).map((row) => {
      const place = Number(row.place)
      if (place <= last) this.damaged('current transactions are out of order')
      const text = this.string(row.text)
      if (this.sums.of(place, text) !== row.sum) this.changed('a current transaction')
      last = place
      return { place, text }
    })
  }

  nodes(): readonly string[] {
    return this.db.all('SELECT address, sum FROM nodes ORDER BY address').map((row) => {
      const address = this.string(row.address)
      return this.sums.of(0, address) === row.sum ? address : this.changed('the address of a node')
    })
  }

  identity(): string | undefined {
    return this.meta('node_id')
  }

  /** The spec that the data were made under, as its one line of JSON. */
  specText(): string | undefined {
    return this.meta('spec')
  }

  /** The node that wrote last; undefined before any that said so. */
  writer(): string | undefined {
    // By its key alone, unlike the other facts: it is read with each transaction.
    const row = this.db.get("SELECT value, sum FROM meta WHERE key = 'writer'")
    if (row === undefined) return undefined
    const value = this.string(row.value)
    return this.sums.of(0, `writer ${value}`) === row.sum ? value : this.changed('the writer')
  }

  /** All facts are looked at: where a key has changed, its row is not found by it. */
  protected meta(wanted: string): string | undefined {
    let found: string | undefined
    for (const row of this.db.all('SELECT key, value, sum FROM meta')) {
      const [key, value] = [this.string(row.key), this.string(row.value)]
      if (this.sums.of(0, `${key} ${value}`) !== row.sum)
        this.changed(`the entry "${key.slice(0, 20)}"`)
      if (key === wanted) found = value
    }
    return found
  }

  #header(row: Row | undefined): TreeHeader | undefined {
    return row === undefined ? undefined : this.treeHeader(row)
  }

  protected treeHeader(row: Row): TreeHeader {
    const header = this.parseHeader(row)
    if (this.headerSum(row) === row.sum) return header
    return this.changed(`the header of a block at index ${header.index}`)
  }

  #body({ text, text_sum: sum }: Row, index: number): Text {
    if (typeof text !== 'string' && !(text instanceof Uint8Array)) {
      return this.damaged(`the block at index ${index} is missing`)
    }
    if (this.sums.of(index, text) === sum) return text
    return this.changed(`the block at index ${index}`)
  }
}
