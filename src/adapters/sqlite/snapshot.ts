/**
 * A view of the data at one moment: a read transaction on a connection of its own. Nothing is ever
 * written through it, not even the log into the database.
 */
import type { Block } from '../../core/block.ts'
import type { Snapshot, TreeHeader } from '../../node/store/store.ts'
import { checkStructure } from './check.ts'
import type { Database } from './database.ts'
import { checkParties, partySum } from './party-index.ts'
import { BODY, HEADER, SqliteReader } from './reader.ts'
import { type RowSums, sumsOf } from './sums.ts'

/** All that the data say of one block, as it is there: its header may be of another text. */
export interface StoredBlock {
  readonly header: TreeHeader
  readonly text: string
  readonly isActive: boolean
  readonly isHeaderAsWritten: boolean
  readonly isTextAsWritten: boolean
  /** Whether all who stand in a block of this text are those that it is found by (party-index.ts). */
  readonly isFound: (block: Block) => boolean
}

export class SqliteSnapshot extends SqliteReader implements Snapshot {
  readonly #release: () => void
  #open = true

  constructor(db: Database, sums: RowSums, release: () => void) {
    super(db, sums)
    this.#release = release
  }

  /** Every block on every branch, in the order in which they came: parents first. @throws StoreError */
  *blocks(): Generator<StoredBlock> {
    const sql = `SELECT h.arrival, h.active, ${HEADER}, ${BODY}
      FROM headers h LEFT JOIN bodies b USING (arrival) ORDER BY h.arrival`
    for (const row of this.db.each(sql)) {
      const header = this.parseHeader(row)
      if (row.text === null) this.damaged(`the block at index ${header.index} is missing`)
      const text = this.string(row.text)
      yield {
        header,
        text,
        isActive: row.active === 1,
        isHeaderAsWritten: this.headerSum(row) === row.sum,
        isTextAsWritten: this.sums.of(header.index, text) === row.text_sum,
        isFound: (block) => partySum(block, this.sums) === row.parties,
      }
    }
  }

  get blockCount(): number {
    return this.#count('headers')
  }

  /** Whether there are no texts but so many that were seen. @throws StoreError `store-damaged` */
  expectBodies(count: number): void {
    if (this.#count('bodies') !== count) this.damaged('bodies has rows of no block')
  }

  /** Whether the whole file is as SQLite keeps one, and the search as blocks are. @throws StoreError `store-damaged` */
  checkStructure(): void {
    checkStructure(this.db)
    checkParties(this.db, this.sums)
  }

  close(): void {
    if (!this.#open) return
    this.#open = false
    try {
      this.db.exec('COMMIT')
    } catch (error) {
      this.db.close()
      throw error
    }
    this.#release()
  }

  #count(table: 'headers' | 'bodies'): number {
    return Number(this.db.get(`SELECT count(*) AS count FROM ${table}`)?.count)
  }
}

/**
 * Begins a read transaction; a connection that cannot is closed.
 * @param sums those of the data, where they are known already
 */
export function openSnapshot(db: Database, release: () => void, sums?: RowSums): SqliteSnapshot {
  try {
    db.exec('BEGIN')
    // The transaction begins with its first read, not with BEGIN.
    db.get('SELECT count(*) FROM meta')
    return new SqliteSnapshot(db, sums ?? sumsOf(db), release)
  } catch (error) {
    db.close()
    throw error
  }
}
