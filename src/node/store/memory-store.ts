/**
 * The reference Store: maps in memory, nothing kept. It is the one to read, what the class
 * BlockChain uses by itself, and what `--memory` runs on. What it holds is one value that never changes:
 * a write puts another in its place, a rollback the one before, and a snapshot shows the committed one.
 */
import type { Block, Transaction } from '../../core/block.ts'
import { detached } from '../../core/detached.ts'
import { assert } from '../../core/errors.ts'
import type { BlockHash } from '../../core/hash.ts'
import { OrderedMap } from './ordered-map.ts'
import {
  type PooledTransaction,
  pageLength,
  type Snapshot,
  type Store,
  type TreeHeader,
} from './store.ts'

interface Kept {
  readonly header: TreeHeader
  readonly text: string
  /** Of two blocks, the one with the lower number came first. */
  readonly arrival: number
  /** Who pays or is paid in it, each once as JSON in a line: a set of them would take ten times as much. */
  readonly parties: string
}

interface State {
  /** Every block. */
  readonly blocks: OrderedMap<BlockHash, Kept>
  /** How many blocks follow a block. */
  readonly children: OrderedMap<BlockHash, number>
  /** The active chain, by index. */
  readonly active: OrderedMap<number, Kept>
  /** The blocks off the active chain that none follows, most work first, then first come. */
  readonly sideTips: OrderedMap<Kept, true>
  readonly sideBytes: number
  /** Current transactions, by place. */
  readonly pool: OrderedMap<number, string>
  readonly nodes: OrderedMap<string, true>
  readonly identity: string | undefined
}

const EMPTY: State = {
  blocks: new OrderedMap(),
  children: new OrderedMap(),
  active: new OrderedMap(),
  sideTips: new OrderedMap(byWork),
  sideBytes: 0,
  pool: new OrderedMap(),
  nodes: new OrderedMap(),
  identity: undefined,
}

export class MemoryStore implements Store {
  #state: State
  /** What was there when the transaction that is open began. */
  #committed: State | undefined
  #arrivals = 0

  constructor(state: State = EMPTY) {
    this.#state = state
  }

  header(hash: BlockHash): TreeHeader | undefined {
    return this.#state.blocks.get(hash)?.header
  }

  text(hash: BlockHash): string | undefined {
    return this.#state.blocks.get(hash)?.text
  }

  tip(): TreeHeader | undefined {
    const { active } = this.#state
    return active.get(active.size)?.header
  }

  hashAt(index: number): BlockHash | undefined {
    return this.#state.active.get(index)?.header.hash
  }

  texts(from: number, limit: number): readonly string[] {
    const blocks = this.#state.active.entries(from)
    const texts = Array.from(blocks.take(limit), ([, { text }]) => text)
    return texts.slice(0, pageLength(texts.map((text) => text.length)))
  }

  sideTips(limit: number): readonly TreeHeader[] {
    return Array.from(this.#state.sideTips.entries().take(limit), ([{ header }]) => header)
  }

  *sideTipsInSteps(): Generator<TreeHeader | undefined> {
    for (const [{ header }] of this.#state.sideTips.entries()) yield header
  }

  weakestSideTips(limit: number): readonly TreeHeader[] {
    return Array.from(this.#state.sideTips.keysBackwards().take(limit), ({ header }) => header)
  }

  hasChildren(hash: BlockHash): boolean {
    return this.#state.children.has(hash)
  }

  sideBytes(): number {
    return this.#state.sideBytes
  }

  *blocksWith(party: string, below: number): Generator<TreeHeader | undefined> {
    const { active } = this.#state
    const wanted = `${lineOf(party)}\n`
    for (let index = Math.min(below - 1, active.size); index >= 1; index--) {
      const kept = active.get(index)
      yield kept?.parties.includes(wanted) ? kept.header : undefined
    }
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
    const { header: blockHeader, text } = block
    const header = { ...blockHeader, chainwork, sizeBytes: text.length }
    assert(!this.#state.blocks.has(header.hash), 'a block is kept once')
    const kept = { header, text, arrival: this.#arrivals++, parties: partiesOf(block) }
    this.#write({ blocks: this.#state.blocks.with(header.hash, kept) })
    this.#countChild(header.parent, 1)
    this.#addSide(kept)
    return header
  }

  deleteBlock(hash: BlockHash): void {
    const kept = this.#state.blocks.get(hash)
    assert(
      kept !== undefined && this.#isSide(kept),
      'only blocks off the active chain are forgotten',
    )
    this.#removeSide(kept)
    this.#countChild(kept.header.parent, -1)
    this.#write({ blocks: this.#state.blocks.without(hash) })
  }

  connect(hash: BlockHash): void {
    const { blocks, active } = this.#state
    const kept = blocks.get(hash)
    assert(kept?.header.index === active.size + 1, 'a block connects to the tip')
    this.#removeSide(kept)
    this.#write({ active: active.with(kept.header.index, kept) })
  }

  disconnect(hash: BlockHash): void {
    const { active } = this.#state
    const kept = active.get(active.size)
    assert(kept?.header.hash === hash, 'only the tip is disconnected')
    this.#write({ active: active.without(active.size) })
    this.#addSide(kept)
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

  #write(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change }
  }

  #isSide({ header: { hash, index } }: Kept): boolean {
    return this.hashAt(index) !== hash
  }

  /** The block is off the active chain now. */
  #addSide(kept: Kept): void {
    this.#write({ sideBytes: this.#state.sideBytes + kept.header.sizeBytes })
    this.#lookForEnd(kept)
  }

  /** The block is to be off it no more. */
  #removeSide(kept: Kept): void {
    const { sideTips, sideBytes } = this.#state
    this.#write({ sideTips: sideTips.without(kept), sideBytes: sideBytes - kept.header.sizeBytes })
  }

  #countChild(parent: BlockHash | undefined, change: number): void {
    if (parent === undefined) return
    const { children, blocks } = this.#state
    const count = (children.get(parent) ?? 0) + change
    this.#write({ children: count === 0 ? children.without(parent) : children.with(parent, count) })
    const kept = blocks.get(parent)
    if (kept !== undefined && this.#isSide(kept)) this.#lookForEnd(kept)
  }

  /** Whether a block off the active chain ends a branch. */
  #lookForEnd(kept: Kept): void {
    const { sideTips } = this.#state
    const isEnd = !this.hasChildren(kept.header.hash)
    this.#write({ sideTips: isEnd ? sideTips.with(kept, true) : sideTips.without(kept) })
  }
}

function byWork({ header: a, arrival: aArrival }: Kept, { header: b, arrival: bArrival }: Kept) {
  if (a.chainwork === b.chainwork) return aArrival - bArrival
  return a.chainwork > b.chainwork ? -1 : 1
}

function partiesOf({ transactions }: Block): string {
  const parties = transactions.flatMap(({ sender, recipient }) => [sender, recipient])
  return detached(`${[...new Set(parties.map(lineOf))].join('')}\n`)
}

/** A line that no other has in it: JSON escapes what ends one. */
function lineOf(party: string): string {
  return `\n${JSON.stringify(party.toWellFormed())}`
}
