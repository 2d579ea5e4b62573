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
import { RowReader } from './rows.ts'

export const HEADER = `h.hash, h.previous_hash, h.height, h.timestamp, h.proof, h.chainwork, h.size, h.raw,
  h.complete, h.condemned, h.version, h.sum`
/** The block of a header, which may be lost. */
export const BODY = 'b.text, b.sum AS text_sum'
const GOOD_CHILD = `SELECT 1 FROM headers c
  WHERE c.previous_hash = h.hash AND c.complete IS NOT NULL AND c.condemned IS NULL`
const SIDE_TIPS = `
  SELECT ${HEADER} FROM headers h
  WHERE h.active = 0 AND h.complete IS NOT NULL AND h.condemned IS NULL AND NOT EXISTS (${GOOD_CHILD})`
/** Blocks off the active chain that none follows. */
const ENDS = `
  SELECT ${HEADER} FROM headers h
  WHERE h.active = 0 AND NOT EXISTS (SELECT 1 FROM headers c WHERE c.previous_hash = h.hash)`
/** The last block before another that a party pays or is paid in: two looks into indexes. */
export const LAST_WITH_PARTY = `
  SELECT max(arrival) AS arrival FROM (
    SELECT max(arrival) AS arrival FROM transactions WHERE sender = ? AND arrival < ?
    UNION ALL
    SELECT max(arrival) FROM transactions WHERE recipient = ? AND arrival < ?)`

/** Blocks of lost branches that a party's history passes one by one, before it looks where to go on. */
const LOST_ROWS = 16

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
    const sql = `SELECT ${HEADER} FROM headers h WHERE h.active = 1 AND h.height = ?`
    return this.#header(this.db.get(sql, index))?.hash
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
    return this.db.get('SELECT 1 FROM headers WHERE previous_hash = ? LIMIT 1', hash) !== undefined
  }

  children(hash: BlockHash): readonly TreeHeader[] {
    const sql = `SELECT ${HEADER} FROM headers h WHERE h.previous_hash = ? ORDER BY h.arrival`
    return this.db.all(sql, hash).map((row) => this.treeHeader(row))
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
    if (below <= 1) return
    // A block comes after its parent, so along the active chain arrivals grow as indexes do.
    let arrival = this.#arrivalAt(below)
    let last = below
    let lost = 0
    for (;;) {
      const found = this.db.get(LAST_WITH_PARTY, party, arrival, party, arrival)?.arrival
      if (found === undefined || found === null) return
      arrival = this.integer(found)
      const row = this.db.get(
        `SELECT h.active, ${HEADER} FROM headers h WHERE h.arrival = ?`,
        arrival,
      )
      if (row === undefined) this.damaged('a transaction is of no block')
      if (row.active !== 1) {
        // A lost branch may be long, and be of this party alone.
        if (++lost % LOST_ROWS === 0) arrival = this.#activeArrivalBefore(arrival, last) + 1
        yield undefined
        continue
      }
      const header = this.treeHeader(row)
      if (header.index >= last) this.damaged('blocks of the active chain are out of order')
      last = header.index
      yield header
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

  /** When the active chain's block at an index came; later than all where the chain has ended. */
  #arrivalAt(index: number): number {
    const sql = `SELECT h.arrival, ${HEADER} FROM headers h WHERE h.active = 1 AND h.height = ?`
    const row = this.db.get(sql, index)
    if (row === undefined) return Number.MAX_SAFE_INTEGER
    this.treeHeader(row)
    return this.integer(row.arrival)
  }

  /** When the last block of the active chain before an arrival came, of those below an index; or 0. */
  #activeArrivalBefore(arrival: number, below: number): number {
    let found = 0
    let [from, to] = [1, Math.min(below, (this.tip()?.index ?? 0) + 1)]
    while (from < to) {
      const middle = Math.floor((from + to) / 2)
      const here = this.#arrivalAt(middle)
      if (here < arrival) [found, from] = [here, middle + 1]
      else to = middle
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
