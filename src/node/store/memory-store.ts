/**
 * The reference Store: maps in memory, nothing kept. It is the one to read, what the class
 * BlockChain uses by itself, and what `--memory` runs on. What it holds is one value that never changes:
 * a write puts another in its place, a rollback the one before, and a snapshot shows the committed one.
 */
import type { Block, Header, Transaction } from '../../core/block.ts'
import { detached } from '../../core/detached.ts'
import { assert, type RuleFault } from '../../core/errors.ts'
import type { BlockHash } from '../../core/hash.ts'
import { type LedgerDiff, NO_CHANGES, undone } from '../../core/ledger.ts'
import { BlockIndex, type Kept } from './block-index.ts'
import { OrderedMap } from './ordered-map.ts'
import { partiesOf } from './party-history.ts'
import {
  type PooledTransaction,
  pageLength,
  type Snapshot,
  type Store,
  type TreeHeader,
} from './store.ts'

interface State {
  readonly blocks: BlockIndex
  /** Accounts by name. */
  readonly ledger: OrderedMap<string, string>
  /** Current transactions, by place. */
  readonly pool: OrderedMap<number, string>
  readonly nodes: OrderedMap<string, true>
  readonly identity: string | undefined
  /** The last number of an arrival or a completion. */
  readonly lastNumber: number
}

const EMPTY: State = {
  blocks: new BlockIndex(),
  ledger: new OrderedMap(),
  pool: new OrderedMap(),
  nodes: new OrderedMap(),
  identity: undefined,
  lastNumber: 0,
}

export class MemoryStore implements Store {
  #state: State
  /** What was there when the transaction that is open began. */
  #committed: State | undefined

  constructor(state: State = EMPTY) {
    this.#state = state
  }

  header(hash: BlockHash): TreeHeader | undefined {
    return this.#blocks.get(hash)?.header
  }

  text(hash: BlockHash): string | undefined {
    return this.#blocks.get(hash)?.text || undefined
  }

  tip(): TreeHeader | undefined {
    return this.#blocks.at(this.#blocks.length)?.header
  }

  hashAt(index: number): BlockHash | undefined {
    return this.#blocks.at(index)?.header.hash
  }

  texts(from: number, limit: number): readonly string[] {
    const texts = this.#blocks
      .from(from)
      .take(limit)
      .map(({ text }) => text)
      .toArray()
    return texts.slice(0, pageLength(texts.map((text) => text.length)))
  }

  sideTips(limit: number): readonly TreeHeader[] {
    return this.#blocks.sideTips().take(limit).toArray()
  }

  *sideTipsInSteps(): Generator<TreeHeader | undefined> {
    yield* this.#blocks.sideTips()
  }

  weakestSideTips(limit: number): readonly TreeHeader[] {
    return this.#blocks.weakestEnds().take(limit).toArray()
  }

  hasChildren(hash: BlockHash): boolean {
    return this.#blocks.hasChildren(hash)
  }

  children(hash: BlockHash): readonly TreeHeader[] {
    return this.#blocks.children(hash)
  }

  sideBytes(): number {
    return this.#blocks.sideBytes
  }

  *blocksWith(party: string, below: number): Generator<TreeHeader | undefined> {
    const blocks = this.#blocks
    const wanted = `${lineOf(party)}\n`
    for (let index = Math.min(below - 1, blocks.length); index >= 1; index--) {
      const kept = blocks.at(index)
      yield kept?.parties.includes(wanted) ? kept.header : undefined
    }
  }

  account(name: string): string | undefined {
    return this.#state.ledger.get(name)
  }

  diff(hash: BlockHash): LedgerDiff | undefined {
    const diff = this.#blocks.get(hash)?.diff
    return diff === NO_CHANGES ? undefined : diff
  }

  pooled(after: number, limit: number): readonly PooledTransaction[] {
    const transactions = this.#state.pool.entries(after + 1).take(limit)
    return Array.from(transactions, ([place, text]) => ({ place, text }))
  }

  nodes(): readonly string[] {
    return Array.from(this.#state.nodes.entries(), ([address]) => address)
  }

  identity(): string | undefined {
    return this.#state.identity
  }

  get isBehind(): boolean {
    return false
  }

  writeOn(): void {
    // Nothing is ever put off.
  }

  get logBytes(): number {
    return 0
  }

  get inTransaction(): boolean {
    return this.#committed !== undefined
  }

  begin(): void {
    assert(this.#committed === undefined, 'one transaction at a time')
    this.#committed = this.#state
  }

  commit(): void {
    assert(this.#committed !== undefined, 'a transaction is open')
    this.#committed = undefined
  }

  rollback(): void {
    this.#state = this.#committed ?? this.#state
    this.#committed = undefined
  }

  putBlock(block: Block, chainwork: bigint): TreeHeader {
    const { header, text } = block
    const complete = this.#state.lastNumber + 1
    const more = { chainwork, sizeBytes: text.length, complete, condemned: undefined }
    return this.#add({ header: { ...header, ...more }, text, parties: linesOf(block) })
  }

  putHeader(header: Header, chainwork: bigint): TreeHeader {
    const more = { chainwork, sizeBytes: 0, complete: undefined, condemned: undefined }
    return this.#add({ header: { ...header, ...more }, text: '', parties: '' })
  }

  #add(parts: Pick<Kept, 'header' | 'text' | 'parties'>): TreeHeader {
    const arrival = this.#nextNumber()
    const kept = { ...parts, arrival, version: undefined, diff: NO_CHANGES }
    this.#write({ blocks: this.#blocks.with(kept) })
    return kept.header
  }

  #nextNumber(): number {
    const lastNumber = this.#state.lastNumber + 1
    this.#write({ lastNumber })
    return lastNumber
  }

  putBody(block: Block): TreeHeader {
    const kept = this.#blocks.kept(block.header.hash)
    assert(kept.text === '', 'a body is kept once')
    const { text } = block
    const header = { ...kept.header, sizeBytes: text.length }
    return this.#replace({ ...kept, header, text, parties: linesOf(block) })
  }

  complete(hash: BlockHash): TreeHeader {
    const kept = this.#blocks.kept(hash)
    assert(kept.text !== '', 'a complete block has its text')
    return this.#replace({ ...kept, header: { ...kept.header, complete: this.#nextNumber() } })
  }

  condemn(hash: BlockHash, condemned: RuleFault, version: number): TreeHeader {
    const kept = this.#blocks.kept(hash)
    assert(this.#blocks.isSide(kept), 'the active chain is of good blocks')
    return this.#replace({ ...kept, header: { ...kept.header, condemned }, version })
  }

  forgive(version: number): void {
    for (const kept of this.#blocks.all()) {
      if (kept.version === undefined || kept.version === version) continue
      const header = { ...kept.header, condemned: undefined }
      this.#replace({ ...kept, header, version: undefined })
    }
  }

  #replace(kept: Kept): TreeHeader {
    this.#write({ blocks: this.#blocks.replacing(kept) })
    return kept.header
  }

  deleteBlock(hash: BlockHash): void {
    this.#write({ blocks: this.#blocks.without(this.#blocks.kept(hash)) })
  }

  connect({ header: { hash } }: Block, diff: LedgerDiff = NO_CHANGES): void {
    const kept = this.#blocks.kept(hash)
    const connected = diff.length === 0 ? kept : { ...kept, diff }
    this.#write({ blocks: this.#blocks.connecting(connected, kept) })
    this.#apply(diff)
  }

  disconnect({ header }: Block): void {
    const { diff } = this.#blocks.kept(header.hash)
    assert(header.index === this.#blocks.length, 'only the tip is disconnected')
    this.#write({ blocks: this.#blocks.disconnecting() })
    this.#apply(undone(diff))
  }

  #apply(diff: LedgerDiff): void {
    let { ledger } = this.#state
    for (const { account, before, after } of diff) {
      assert(ledger.get(account) === before, 'a diff applies to the ledger that it was made on')
      ledger = after === undefined ? ledger.without(account) : ledger.with(account, after)
    }
    this.#write({ ledger })
  }

  putPooled(place: number, transaction: Transaction): void {
    this.#write({ pool: this.#state.pool.with(place, transaction.text) })
  }

  deletePooled(places: readonly number[]): void {
    let { pool } = this.#state
    for (const place of places) pool = pool.without(place)
    this.#write({ pool })
  }

  putNode(address: string): void {
    this.#write({ nodes: this.#state.nodes.with(address, true) })
  }

  deleteNode(address: string): void {
    this.#write({ nodes: this.#state.nodes.without(address) })
  }

  setIdentity(identity: string): void {
    this.#write({ identity })
  }

  snapshot(): Snapshot {
    return new MemoryStore(this.#committed ?? this.#state)
  }

  close(): void {
    this.#state = EMPTY
  }

  get #blocks(): BlockIndex {
    return this.#state.blocks
  }

  #write(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change }
  }
}

function linesOf(block: Block): string {
  return detached(`${Array.from(partiesOf(block), lineOf).join('')}\n`)
}

/** A line that no other has in it: JSON escapes what ends one. */
function lineOf(party: string): string {
  return `\n${JSON.stringify(party.toWellFormed())}`
}
