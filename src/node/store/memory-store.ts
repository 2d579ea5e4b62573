/**
 * The reference Store: maps in memory, nothing kept. It is the one to read, what the class
 * BlockChain uses by itself, and what `--memory` runs on. What it holds is one value that never changes:
 * a write puts another in its place, a rollback the one before, and a snapshot shows the committed one.
 */
import type { Block, Header, Transaction } from '../../core/block.ts'
import { assert, type RuleFault } from '../../core/errors.ts'
import type { BlockHash } from '../../core/hash.ts'
import { type LedgerDiff, NO_CHANGES, undone } from '../../core/ledger.ts'
import { BlockIndex, type Kept, treeHeader } from './block-index.ts'
import { OrderedMap } from './ordered-map.ts'
import { bodyOf, type SharedBlocks, sharedHeader } from './shared-blocks.ts'
import {
  type Outcome,
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

interface MemoryStoreOptions {
  /** Blocks that it has in common with other nodes; its own if left out. */
  readonly shared?: SharedBlocks | undefined
  /** What it begins with. */
  readonly state?: State
}

export class MemoryStore implements Store {
  readonly #shared: SharedBlocks | undefined
  #state: State
  /** What was there when the transaction that is open began. */
  #committed: State | undefined

  constructor({ shared, state = EMPTY }: MemoryStoreOptions = {}) {
    this.#shared = shared
    this.#state = state
  }

  header(hash: BlockHash): TreeHeader | undefined {
    return shown(this.#blocks.get(hash))
  }

  text(hash: BlockHash): string | undefined {
    return this.#blocks.get(hash)?.body?.text
  }

  tip(): TreeHeader | undefined {
    return shown(this.#blocks.at(this.#blocks.length))
  }

  hashAt(index: number): BlockHash | undefined {
    return this.#blocks.at(index)?.shared.header.hash
  }

  texts(from: number, limit: number): readonly string[] {
    const kept = this.#blocks.from(from).take(limit)
    const texts = kept.map(({ body }) => body?.text ?? '').toArray()
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
    yield* this.#blocks.withParty(party, below)
  }

  account(name: string): string | undefined {
    return this.#state.ledger.get(name)
  }

  isPlaced(hash: BlockHash): boolean {
    return this.#shared?.has(hash) ?? false
  }

  outcome(hash: BlockHash): Outcome | undefined {
    const kept = this.#blocks.get(hash)
    return kept?.outcome ?? kept?.body?.outcome
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
    const shared = sharedHeader(this.#shared, block.header, chainwork)
    return this.#add({ shared, body: bodyOf(shared, block), complete: this.#state.lastNumber + 1 })
  }

  putHeader(header: Header, chainwork: bigint): TreeHeader {
    const shared = sharedHeader(this.#shared, header, chainwork)
    return this.#add({ shared, body: undefined, complete: undefined })
  }

  #add(parts: Pick<Kept, 'shared' | 'body' | 'complete'>): TreeHeader {
    const { shared, body, complete } = parts
    const kept = { shared, body, arrival: this.#nextNumber(), complete, outcome: undefined }
    this.#write({ blocks: this.#blocks.with(kept) })
    return treeHeader(kept)
  }

  #nextNumber(): number {
    const lastNumber = this.#state.lastNumber + 1
    this.#write({ lastNumber })
    return lastNumber
  }

  putBody(block: Block): TreeHeader {
    const kept = this.#blocks.kept(block.header.hash)
    assert(kept.body === undefined, 'a body is kept once')
    return this.#replace({ ...kept, body: bodyOf(kept.shared, block) })
  }

  complete(hash: BlockHash): TreeHeader {
    const kept = this.#blocks.kept(hash)
    assert(kept.body !== undefined, 'a complete block has its text')
    return this.#replace({ ...kept, complete: this.#nextNumber() })
  }

  condemn(hash: BlockHash, fault: RuleFault, version: number): TreeHeader {
    const kept = this.#blocks.kept(hash)
    assert(this.#blocks.isSide(kept), 'the active chain is of good blocks')
    if (kept.body !== undefined && this.#shared !== undefined) kept.body.outcome = { fault }
    return this.#replace({ ...kept, outcome: { fault, version } })
  }

  forgive(version: number): void {
    for (const kept of this.#blocks.all()) {
      const { outcome } = kept
      if (outcome === undefined || !('version' in outcome) || outcome.version === version) continue
      this.#replace({ ...kept, outcome: undefined })
    }
  }

  #replace(kept: Kept): TreeHeader {
    this.#write({ blocks: this.#blocks.replacing(kept) })
    return treeHeader(kept)
  }

  deleteBlock(hash: BlockHash): void {
    this.#write({ blocks: this.#blocks.without(this.#blocks.kept(hash)) })
  }

  connect({ header: { hash } }: Block, diff: LedgerDiff = NO_CHANGES): void {
    const kept = this.#blocks.kept(hash)
    assert(kept.body !== undefined, 'a block that connects has its text')
    if (diff.length > 0) kept.body.outcome ??= { diff }
    const outcome = diff.length === 0 ? undefined : kept.body.outcome
    const connected = outcome === kept.outcome ? kept : { ...kept, outcome }
    this.#write({ blocks: this.#blocks.connecting(connected, kept) })
    this.#apply(diff)
  }

  disconnect({ header }: Block): void {
    const { outcome } = this.#blocks.kept(header.hash)
    assert(header.index === this.#blocks.length, 'only the tip is disconnected')
    this.#write({ blocks: this.#blocks.disconnecting() })
    this.#apply(undone(outcome?.diff ?? NO_CHANGES))
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
    return this.copy()
  }

  /** A store of its own that begins with what is committed here; they have the same blocks in common. */
  copy(): MemoryStore {
    return new MemoryStore({ shared: this.#shared, state: this.#committed ?? this.#state })
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

function shown(kept: Kept | undefined): TreeHeader | undefined {
  return kept === undefined ? undefined : treeHeader(kept)
}
