/**
 * Writing blocks: their rows, and what connecting them does to the search and to the ledger.
 * Invariant: a header's row is written whole, with its checksum.
 */
import type { Block, Header } from '../../core/block.ts'
import { assert, type RuleFault } from '../../core/errors.ts'
import type { BlockHash } from '../../core/hash.ts'
import { type LedgerDiff, undone } from '../../core/ledger.ts'
import { MAX_CACHED_HEADERS } from '../../core/limits.ts'
import type { Outcome, TreeHeader } from '../../node/store/store.ts'
import { diffIn, diffText, faultText } from './ledger-texts.ts'
import { PartyIndex, partySum } from './party-index.ts'
import { HEADER, SqliteReader } from './reader.ts'
import { putMeta } from './schema.ts'

/** 256 bits as hex, so that the texts order as the numbers do. */
const CHAINWORK_DIGITS = 64

/** The fact of which version of the rules the blocks were condemned under, if any were. */
const CONDEMNED_UNDER = 'condemned_under'

export class BlockWriter extends SqliteReader {
  readonly #parties = new PartyIndex(this.db)
  /** Of blocks that were asked for: a bounded number, so memory does not follow the chain's length. */
  readonly #headers = new Map<BlockHash, TreeHeader>()
  /** The last number of an arrival or a completion; undefined where it has to be read. */
  #lastNumber: number | undefined

  /** Whether any block has changed the ledger: none does in a chain without accounts. */
  #hasDiffs = Number(this.db.get('SELECT max(arrival) AS last FROM diffs')?.last) > 0

  /** The transaction that is open is taken back. */
  protected forgetUnwritten(): void {
    this.#parties.forget()
    this.#headers.clear()
    this.#lastNumber = undefined
  }

  get isBehind(): boolean {
    return this.#parties.isBehind
  }

  writeOn(): void {
    this.#parties.writeOn()
  }

  override header(hash: BlockHash): TreeHeader | undefined {
    const known = this.#headers.get(hash)
    if (known !== undefined) return known
    const header = super.header(hash)
    return header && this.#remember(header)
  }

  #remember(header: TreeHeader): TreeHeader {
    this.#headers.set(header.hash, header)
    const oldest = this.#headers.keys().next().value
    if (this.#headers.size > MAX_CACHED_HEADERS && oldest !== undefined) {
      this.#headers.delete(oldest)
    }
    return header
  }

  putBlock(block: Block, chainwork: bigint): TreeHeader {
    const { header, text } = block
    const arrival = this.#nextNumber()
    const more = { chainwork, sizeBytes: text.length, complete: arrival, condemned: undefined }
    const kept = this.#insertHeader(arrival, { ...header, ...more })
    this.#insertBody(arrival, block)
    return kept
  }

  putHeader(header: Header, chainwork: bigint): TreeHeader {
    const more = { chainwork, sizeBytes: 0, complete: undefined, condemned: undefined }
    return this.#insertHeader(this.#nextNumber(), { ...header, ...more })
  }

  putBody(block: Block): TreeHeader {
    const { header, arrival } = this.#stored(block.header.hash)
    assert(header.sizeBytes === 0, 'a body is kept once')
    this.#insertBody(arrival, block)
    return this.#updateHeader(arrival, { ...header, sizeBytes: block.text.length })
  }

  complete(hash: BlockHash): TreeHeader {
    const { header, arrival } = this.#stored(hash)
    assert(header.sizeBytes > 0, 'a complete block has its text')
    const complete = this.#nextNumber()
    putMeta(this.db, 'last_number', String(complete))
    return this.#updateHeader(arrival, { ...header, complete })
  }

  condemn(hash: BlockHash, condemned: RuleFault, version: number): TreeHeader {
    const { header, arrival } = this.#stored(hash)
    if (this.meta(CONDEMNED_UNDER) !== `${version}`) putMeta(this.db, CONDEMNED_UNDER, `${version}`)
    return this.#updateHeader(arrival, { ...header, condemned }, version)
  }

  forgive(version: number): void {
    const under = this.meta(CONDEMNED_UNDER)
    if (under === undefined || under === `${version}`) return
    const sql = 'SELECT hash FROM headers WHERE version IS NOT NULL AND version <> ?'
    for (const row of this.db.all(sql, version)) {
      const { header, arrival } = this.#stored(this.hash(row.hash))
      this.#updateHeader(arrival, { ...header, condemned: undefined })
    }
    putMeta(this.db, CONDEMNED_UNDER, `${version}`)
  }

  /** Arrivals and completions are counted together; the latter are noted, as no row ends with them. */
  #nextNumber(): number {
    if (this.#lastNumber === undefined) {
      const last = this.db.get('SELECT max(arrival) AS last FROM headers')?.last
      this.#lastNumber = Math.max(Number(last ?? 0), Number(this.meta('last_number') ?? 0))
    }
    return ++this.#lastNumber
  }

  #insertHeader(arrival: number, header: TreeHeader): TreeHeader {
    const row = rowOf(header, undefined)
    this.db.run(
      `INSERT INTO headers (hash, previous_hash, timestamp, proof, chainwork, size, raw, complete,
         condemned, version, height, active, arrival, sum)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)`,
      ...row,
      header.index,
      arrival,
      this.sums.of(header.index, row.join(' ')),
    )
    return this.#remember(header)
  }

  #updateHeader(arrival: number, header: TreeHeader, version?: number): TreeHeader {
    const row = rowOf(header, version)
    this.db.run(
      `UPDATE headers SET (hash, previous_hash, timestamp, proof, chainwork, size, raw, complete,
         condemned, version, sum) = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE arrival = ?`,
      ...row,
      this.sums.of(header.index, row.join(' ')),
      arrival,
    )
    return this.#remember(header)
  }

  #insertBody(arrival: number, block: Block): void {
    const { text, header } = block
    const sum = this.sums.of(header.index, text)
    const sql = 'INSERT INTO bodies VALUES (?, ?, ?, ?)'
    this.db.run(sql, arrival, text, sum, partySum(block, this.sums))
  }

  /** A block that is kept, and the number that it is found by. */
  #stored(hash: BlockHash): { header: TreeHeader; arrival: number } {
    const row = this.db.get(`SELECT h.arrival, ${HEADER} FROM headers h WHERE h.hash = ?`, hash)
    assert(row !== undefined, 'the block is kept')
    return { header: this.treeHeader(row), arrival: Number(row.arrival) }
  }

  deleteBlock(hash: BlockHash): void {
    const row = this.db.get('SELECT arrival FROM headers WHERE hash = ? AND active = 0', hash)
    const arrival = Number(row?.arrival)
    this.#headers.delete(hash)
    for (const table of ['bodies', 'diffs', 'headers']) {
      this.db.run(`DELETE FROM ${table} WHERE arrival = ?`, arrival)
    }
  }

  connect(block: Block, diff?: LedgerDiff): void {
    const { hash } = block.header
    this.db.run('UPDATE headers SET active = 1 WHERE hash = ?', hash)
    this.#parties.add(block)
    if (diff === undefined || diff.length === 0) return
    const { arrival } = this.#stored(hash)
    const text = diffText(diff)
    this.#hasDiffs = true
    this.db.run('REPLACE INTO diffs VALUES (?, ?, ?)', arrival, text, this.sums.of(arrival, text))
    this.#apply(diff)
  }

  disconnect(block: Block): void {
    const { hash } = block.header
    this.db.run('UPDATE headers SET active = 0 WHERE hash = ?', hash)
    this.#parties.remove(block)
    const diff = this.#diff(hash)
    if (diff !== undefined) this.#apply(undone(diff))
  }

  /** Nobody shares blocks that are kept in a file. */
  isPlaced(): boolean {
    return false
  }

  outcome(hash: BlockHash): Outcome | undefined {
    const diff = this.#diff(hash)
    return diff && { diff }
  }

  #diff(hash: BlockHash): LedgerDiff | undefined {
    if (!this.#hasDiffs) return undefined
    const sql =
      'SELECT d.arrival, d.text, d.sum FROM diffs d JOIN headers USING (arrival) WHERE hash = ?'
    const row = this.db.get(sql, hash)
    if (row === undefined) return undefined
    const text = this.string(row.text)
    if (this.sums.of(Number(row.arrival), text) !== row.sum) this.changed("a block's changes")
    return diffIn(text) ?? this.damaged("a block's changes cannot be read")
  }

  #apply(diff: LedgerDiff): void {
    for (const { account, before, after } of diff) {
      if (this.account(account) !== before)
        this.damaged('the ledger is not what blocks have made it')
      if (after === undefined) this.db.run('DELETE FROM ledger WHERE account = ?', account)
      else {
        const sum = this.sums.of(0, `${account} ${after}`)
        this.db.run('REPLACE INTO ledger VALUES (?, ?, ?)', account, after, sum)
      }
    }
  }
}

/** The values of a header's row that its checksum covers, in their order. */
function rowOf(header: TreeHeader, version: number | undefined) {
  const { hash, parent = null, timestamp, proof, chainwork, sizeBytes, raw } = header
  const { complete = null, condemned } = header
  const work = chainwork.toString(16).padStart(CHAINWORK_DIGITS, '0')
  const fault = condemned === undefined ? null : faultText(condemned)
  return [hash, parent, timestamp, proof, work, sizeBytes, raw, complete, fault, version ?? null]
}
