/**
 * The reference Store: maps in memory, nothing kept. It is the one to read, what the class
 * BlockChain uses by itself, and what `--memory` runs on. Invariant: every write notes its inverse,
 * so a rollback leaves exactly what `begin` found, and a snapshot shows it meanwhile.
 */
import type { Block, Transaction } from '../../core/block.ts'
import { assert } from '../../core/errors.ts'
import type { BlockHash } from '../../core/hash.ts'
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
  /** Who pays or is paid in it. */
  readonly parties: ReadonlySet<string>
}

interface Write {
  readonly redo: () => void
  readonly undo: () => void
}

interface State {
  /** Every block, by hash. Blocks never change, so snapshots share this map. */
  readonly blocks: Map<BlockHash, Kept>
  /** How many blocks follow a block. */
  readonly children: Map<BlockHash, number>
  /** The active chain, genesis first. */
  readonly active: Kept[]
  /** The blocks off the active chain. */
  readonly side: Map<BlockHash, Kept>
  readonly pool: Map<number, string>
  readonly nodes: Set<string>
  identity: string | undefined
}

export class MemoryStore implements Store {
  #state: State
  #arrivals = 0
  /** Writes of the transaction that is open, first to last. */
  #writes: Write[] | undefined

  constructor(state: State = emptyState()) {
    this.#state = state
  }

  header(hash: BlockHash): TreeHeader | undefined {
    return this.#state.blocks.get(hash)?.header
  }

  text(hash: BlockHash): string | undefined {
    return this.#state.blocks.get(hash)?.text
  }

  tip(): TreeHeader | undefined {
    return this.#state.active.at(-1)?.header
  }

  hashAt(index: number): BlockHash | undefined {
    return this.#state.active[index - 1]?.header.hash
  }

  texts(from: number, limit: number): readonly string[] {
    const texts = this.#state.active.slice(from - 1, from - 1 + limit).map((kept) => kept.text)
    return texts.slice(0, pageLength(texts.map((text) => text.length)))
  }

  sideTips(limit: number): readonly TreeHeader[] {
    const side = [...this.#state.side.values()]
    const parents = new Set(side.map((kept) => kept.header.parent))
    return side
      .filter((kept) => !parents.has(kept.header.hash))
      .sort((a, b) => Number(b.header.chainwork - a.header.chainwork) || a.arrival - b.arrival)
      .slice(0, limit)
      .map((kept) => kept.header)
  }

  *sideTipsInSteps(): Generator<TreeHeader | undefined> {
    yield* this.sideTips(Number.POSITIVE_INFINITY)
  }

  weakestSideTips(limit: number): readonly TreeHeader[] {
    return this.sideTips(Number.POSITIVE_INFINITY).slice(-limit).reverse()
  }

  hasChildren(hash: BlockHash): boolean {
    return (this.#state.children.get(hash) ?? 0) > 0
  }

  sideBytes(): number {
    return [...this.#state.side.values()].reduce((sum, { header }) => sum + header.sizeBytes, 0)
  }

  *blocksWith(party: string, below: number): Generator<TreeHeader | undefined> {
    const { active } = this.#state
    const wanted = party.toWellFormed()
    for (let index = Math.min(below - 1, active.length); index >= 1; index--) {
      const kept = active[index - 1]
      yield kept?.parties.has(wanted) ? kept.header : undefined
    }
  }

  pooled(after: number, limit: number): readonly PooledTransaction[] {
    return [...this.#state.pool]
      .filter(([place]) => place > after)
      .sort(([a], [b]) => a - b)
      .slice(0, limit)
      .map(([place, text]) => ({ place, text }))
  }

  nodes(): readonly string[] {
    return [...this.#state.nodes].sort()
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
    return this.#writes !== undefined
  }

  begin(): void {
    assert(this.#writes === undefined, 'one transaction at a time')
    this.#writes = []
  }

  commit(): void {
    assert(this.#writes !== undefined, 'a transaction is open')
    this.#writes = undefined
  }

  rollback(): void {
    this.#takeBack()
    this.#writes = undefined
  }

  putBlock(block: Block, chainwork: bigint): TreeHeader {
    const header = { ...block.header, chainwork, sizeBytes: block.text.length }
    const arrival = this.#arrivals++
    const kept = { header, text: block.text, arrival, parties: partiesOf(block) }
    this.#set(this.#state.blocks, header.hash, kept)
    this.#set(this.#state.side, header.hash, kept)
    this.#countChild(header.parent, 1)
    return header
  }

  deleteBlock(hash: BlockHash): void {
    assert(this.#state.side.has(hash), 'only blocks off the active chain are forgotten')
    this.#countChild(this.header(hash)?.parent, -1)
    this.#delete(this.#state.side, hash)
    this.#delete(this.#state.blocks, hash)
  }

  connect(hash: BlockHash): void {
    const { active, side } = this.#state
    const kept = side.get(hash)
    assert(kept?.header.index === active.length + 1, 'a block connects to the tip')
    this.#delete(side, hash)
    this.#write({ redo: () => active.push(kept), undo: () => active.pop() })
  }

  disconnect(hash: BlockHash): void {
    const { active, side } = this.#state
    const kept = active.at(-1)
    assert(kept?.header.hash === hash, 'only the tip is disconnected')
    this.#write({ redo: () => active.pop(), undo: () => active.push(kept) })
    this.#set(side, hash, kept)
  }

  putPooled(place: number, transaction: Transaction): void {
    this.#set(this.#state.pool, place, transaction.text)
  }

  deletePooled(places: readonly number[]): void {
    for (const place of places) this.#delete(this.#state.pool, place)
  }

  putNode(address: string): void {
    const { nodes } = this.#state
    if (nodes.has(address)) return
    this.#write({ redo: () => nodes.add(address), undo: () => nodes.delete(address) })
  }

  deleteNode(address: string): void {
    const { nodes } = this.#state
    if (!nodes.has(address)) return
    this.#write({ redo: () => nodes.delete(address), undo: () => nodes.add(address) })
  }

  setIdentity(id: string): void {
    const before = this.#state.identity
    const set = (identity: string | undefined) => {
      this.#state.identity = identity
    }
    this.#write({ redo: () => set(id), undo: () => set(before) })
  }

  snapshot(): Snapshot {
    this.#takeBack()
    const { blocks, children, active, side, pool, nodes, identity } = this.#state
    const committed = new MemoryStore({
      // Blocks never change, so they are shared; nobody asks a snapshot for one that came later.
      blocks,
      children,
      active: [...active],
      side: new Map(side),
      pool: new Map(pool),
      nodes: new Set(nodes),
      identity,
    })
    for (const { redo } of this.#writes ?? []) redo()
    return committed
  }

  close(): void {
    this.#state = emptyState()
  }

  #write(write: Write): void {
    write.redo()
    this.#writes?.push(write)
  }

  #takeBack(): void {
    for (const { undo } of this.#writes?.toReversed() ?? []) undo()
  }

  #countChild(parent: BlockHash | undefined, change: number): void {
    if (parent === undefined) return
    const { children } = this.#state
    const before = children.get(parent) ?? 0
    const set = (count: number) => {
      if (count === 0) children.delete(parent)
      else children.set(parent, count)
    }
    this.#write({ redo: () => set(before + change), undo: () => set(before) })
  }

  #set<K, V>(map: Map<K, V>, key: K, value: V): void {
    assert(!map.has(key), 'a key is written once')
    this.#write({ redo: () => map.set(key, value), undo: () => map.delete(key) })
  }

  #delete<K, V>(map: Map<K, V>, key: K): void {
    const value = map.get(key)
    if (value === undefined) return
    this.#write({ redo: () => map.delete(key), undo: () => map.set(key, value) })
  }
}

function partiesOf({ transactions }: Block): ReadonlySet<string> {
  const parties = transactions.flatMap(({ sender, recipient }) => [sender, recipient])
  return new Set(parties.map((party) => party.toWellFormed()))
}

function emptyState(): State {
  return {
    blocks: new Map(),
    children: new Map(),
    active: [],
    side: new Map(),
    pool: new Map(),
    nodes: new Set(),
    identity: undefined,
  }
}
