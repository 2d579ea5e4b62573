/**
 * Who pays or is paid in which blocks of the active chain: the table `parties`, a row for each name in each
 * block. Rows of PAGE_BLOCKS blocks lie beside each other, so that a block that joins writes into a few places
 * of the file, however long the chain is; a party is looked for in one such page after another. Invariant: the
 * rows of a block are those that `bodies.parties` sums up.
 */
import type { Block } from '../../core/block.ts'
import { MAX_SLICE_ROWS } from '../../core/limits.ts'
import { partiesOf } from '../../node/store/party-history.ts'
import type { Database } from './database.ts'
import type { RowSums } from './sums.ts'

/** Of the schema: other data have been written with it. */
const PAGE_BLOCKS = 256

const INSERT = 'INSERT INTO parties VALUES (?, ?, ?)'
const DELETE = 'DELETE FROM parties WHERE page = ? AND party = ? AND height = ?'

/** The last block of a page, below a height, that a party stands in. */
export const LAST_WITH_PARTY =
  'SELECT max(height) AS height FROM parties WHERE page = ? AND party = ? AND height < ?'

/** The page that a block's rows are in. */
export function pageOf(height: number): number {
  return Math.floor(height / PAGE_BLOCKS)
}

/** What `bodies.parties` has of a block: its rows' checksums, added up. */
export function partySum(block: Block, sums: RowSums): number {
  let sum = 0
  for (const party of partiesOf(block)) sum += sums.of(block.header.index, party)
  return sum
}

/** Rows that are still to be written, or to be deleted. */
interface Change {
  readonly height: number
  readonly parties: readonly string[]
  readonly isGone: boolean
  next: number
}

/** Writes the rows. A block may have tens of thousands, so those of a large one are put off and done in slices. */
export class PartyIndex {
  readonly #db: Database
  #putOff: Change[] = []

  constructor(db: Database) {
    this.#db = db
  }

  get isBehind(): boolean {
    return this.#putOff.length > 0
  }

  /** The block is on the active chain from now on. */
  add(block: Block): void {
    this.#change(block, { isGone: false })
  }

  /** It is on it no more. */
  remove(block: Block): void {
    this.#change(block, { isGone: true })
  }

  /** Writes a slice of what was put off. */
  writeOn(): void {
    const [first] = this.#putOff
    if (first === undefined) return
    this.#write(first)
    if (first.next === first.parties.length) this.#putOff.shift()
  }

  /** The transaction that is open is taken back. */
  forget(): void {
    this.#putOff = []
  }

  #change(block: Block, { isGone }: { isGone: boolean }): void {
    // In the order of the table: neighbours are written together.
    const parties = [...partiesOf(block)].sort()
    const change = { height: block.header.index, parties, isGone, next: 0 }
    // One change of a block's rows may follow another, so none overtakes one that was put off.
    if (this.isBehind || parties.length > MAX_SLICE_ROWS) this.#putOff.push(change)
    else this.#write(change)
  }

  #write(change: Change): void {
    const { height, parties, isGone } = change
    const sql = isGone ? DELETE : INSERT
    const page = pageOf(height)
    const end = Math.min(parties.length, change.next + MAX_SLICE_ROWS)
    for (const party of parties.slice(change.next, end)) this.#db.run(sql, page, party, height)
    change.next = end
  }
}

/** Whether every block of the active chain is found by those who stand in it and by nobody else. @throws StoreError `store-damaged` */
export function checkParties(db: Database, sums: RowSums): void {
  const last = pageOf(
    Number(db.get('SELECT max(height) AS tip FROM headers WHERE active = 1')?.tip),
  )
  for (let page = 0; page <= last; page++) {
    const found = new Map<number, number>()
    for (const row of db.each('SELECT party, height FROM parties WHERE page = ?', page)) {
      const height = Number(row.height)
      found.set(height, (found.get(height) ?? 0) + sums.of(height, String(row.party)))
    }
    const blocks = `SELECT h.height, b.parties FROM headers h LEFT JOIN bodies b USING (arrival)
      WHERE h.active = 1 AND h.height >= ? AND h.height < ?`
    for (const row of db.each(blocks, page * PAGE_BLOCKS, (page + 1) * PAGE_BLOCKS)) {
      const height = Number(row.height)
      // Of a text that is missing hears who reads it.
      if (row.parties !== null && (found.get(height) ?? 0) !== row.parties) {
        throw db.damaged(`the block at index ${height} is not found by those who stand in it`)
      }
      found.delete(height)
    }
    for (const height of found.keys()) throw ofNoBlock(db, height)
  }
  const other = db.get('SELECT height FROM parties WHERE page NOT BETWEEN 0 AND ? LIMIT 1', last)
  if (other !== undefined) throw ofNoBlock(db, other.height)
}

function ofNoBlock(db: Database, height: unknown) {
  return db.damaged(`somebody is found in a block at index ${height}, which there is not`)
}
