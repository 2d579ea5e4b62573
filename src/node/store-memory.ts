/**
 * The reference Store: maps in memory, nothing kept. It is the one to read, what the class
 * BlockChain uses by itself, and what `--memory` runs on. Invariant: every write notes its inverse,
 * so a rollback leaves exactly what `begin` found.
 */
import type { Block, Transaction } from '../core/block.ts'
import { assert } from '../core/errors.ts'
import type { BlockHash } from '../core/hash.ts'
import {
  type PooledTransaction,
  pageLength,
  type Snapshot,
  type Store,
  type TreeHeader,
} from './ports.ts'

interface Kept {
  readonly header: TreeHeader
  readonly text: string
  /** Of two blocks, the one with the lower number came first. */
  readonly arrival: number
}

interface State {
  /** Every block, by hash. Blocks never change, so snapshots share this map. */
  readonly blocks: Map<BlockHash, Kept>
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
  #undo: (() => void)[] | undefined

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

  weakestSideTip(): TreeHeader | undefined {
    return this.sideTips(Number.POSITIVE_INFINITY).at(-1)
  }

  hasChildren(hash: BlockHash): boolean {
    for (const { header } of this.#state.side.values()) if (header.parent === hash) return true
    return this.#state.active.some(({ header }) => header.parent === hash)
  }

  sideBytes(): number {
    return [...this.#state.side.values()].reduce((sum, { header }) => sum + header.sizeBytes, 0)
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

  get inTransaction(): boolean {
    return this.#undo !== undefined
  }

  begin(): void {
    assert(this.#undo === undefined, 'one transaction at a time')
    this.#undo = []
  }

  commit(): void {
    assert(this.#undo !== undefined, 'a transaction is open')
    this.#undo = undefined
  }

  rollback(): void {
    for (const undo of this.#undo?.reverse() ?? []) undo()
    this.#undo = undefined
  }

  putBlock(block: Block, chainwork: bigint): TreeHeader {
    const header = { ...block.header, chainwork, sizeBytes: block.text.length }
    const kept = { header, text: block.text, arrival: this.#arrivals++ }
    this.#set(this.#state.blocks, header.hash, kept)
    this.#set(this.#state.side, header.hash, kept)
    return header
  }

  deleteBlock(hash: BlockHash): void {
    assert(this.#state.side.has(hash), 'only blocks off the active chain are forgotten')
    this.#delete(this.#state.side, hash)
    this.#delete(this.#state.blocks, hash)
  }

  connect(hash: BlockHash): void {
    const { active, side } = this.#state
    const kept = side.get(hash)
    assert(kept?.header.index === active.length + 1, 'a block connects to the tip')
    this.#delete(side, hash)
    active.push(kept)
    this.#note(() => active.pop())
  }

  disconnect(hash: BlockHash): void {
    const { active, side } = this.#state
    const kept = active.pop()
    assert(kept?.header.hash === hash, 'only the tip is disconnected')
    this.#note(() => active.push(kept))
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
    nodes.add(address)
    this.#note(() => nodes.delete(address))
  }

  deleteNode(address: string): void {
    const { nodes } = this.#state
    if (nodes.delete(address)) this.#note(() => nodes.add(address))
  }

  setIdentity(id: string): void {
    const before = this.#state.identity
    this.#state.identity = id
    this.#note(() => {
      this.#state.identity = before
    })
  }

  snapshot(): Snapshot {
    assert(this.#undo === undefined, 'a snapshot shows what is committed')
    const { blocks, active, side, pool, nodes, identity } = this.#state
    return new MemoryStore({
      blocks,
      active: [...active],
      side: new Map(side),
      pool: new Map(pool),
      nodes: new Set(nodes),
      identity,
    })
  }

  close(): void {
    this.#state = emptyState()
  }

  /** Keeps the inverse of a write, where a transaction could want it. */
  #note(undo: () => void): void {
    this.#undo?.push(undo)
  }

  #set<K, V>(map: Map<K, V>, key: K, value: V): void {
    assert(!map.has(key), 'a key is written once')
    map.set(key, value)
    this.#note(() => map.delete(key))
  }

  #delete<K, V>(map: Map<K, V>, key: K): void {
    const value = map.get(key)
    if (value === undefined) return
    map.delete(key)
    this.#note(() => map.set(key, value))
  }
}

function emptyState(): State {
  return {
    blocks: new Map(),
    active: [],
    side: new Map(),
    pool: new Map(),
    nodes: new Set(),
    identity: undefined,
  }
}
