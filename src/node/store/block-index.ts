/**
 * Where each block of a memory store stands, as one value that never changes: every method that changes
 * something gives another. So a snapshot is a reference, and so is what a rollback goes back to.
 */
import { assert } from '../../core/errors.ts'
import type { BlockHash } from '../../core/hash.ts'
import type { LedgerDiff } from '../../core/ledger.ts'
import { OrderedMap } from './ordered-map.ts'
import type { TreeHeader } from './store.ts'

export interface Kept {
  readonly header: TreeHeader
  /** Empty while it is not here. */
  readonly text: string
  /** Of two blocks, the one with the lower number came first. */
  readonly arrival: number
  /** Who pays or is paid in it, each once as JSON in a line: a set of them would take ten times as much. */
  readonly parties: string
  /** The version of the rules that condemned it. */
  readonly version: number | undefined
  /** What connecting it changed. */
  readonly diff: LedgerDiff
}

interface Maps {
  /** Every block. */
  readonly blocks: OrderedMap<BlockHash, Kept>
  /** Which blocks follow a block, first come first. */
  readonly children: OrderedMap<BlockHash, readonly BlockHash[]>
  /** The active chain, by index. */
  readonly active: OrderedMap<number, Kept>
  /** The blocks off the active chain that none follows, most work first, then first come. */
  readonly ends: OrderedMap<Kept, true>
  /** The same of those alone that could be the chain, by when they were complete. */
  readonly sideTips: OrderedMap<Kept, true>
  readonly sideBytes: number
}

const EMPTY: Maps = {
  blocks: new OrderedMap(),
  children: new OrderedMap(),
  active: new OrderedMap(),
  ends: new OrderedMap(byArrival),
  sideTips: new OrderedMap(byCompletion),
  sideBytes: 0,
}

export class BlockIndex {
  readonly #maps: Maps

  constructor(maps: Maps = EMPTY) {
    this.#maps = maps
  }

  get sideBytes(): number {
    return this.#maps.sideBytes
  }

  get length(): number {
    return this.#maps.active.size
  }

  get(hash: BlockHash): Kept | undefined {
    return this.#maps.blocks.get(hash)
  }

  /** A block that is there. */
  kept(hash: BlockHash): Kept {
    const kept = this.get(hash)
    assert(kept !== undefined, 'the block is kept')
    return kept
  }

  /** A block of the active chain. */
  at(index: number): Kept | undefined {
    return this.#maps.active.get(index)
  }

  all(): Iterable<Kept> {
    return this.#maps.blocks.entries().map(([, kept]) => kept)
  }

  /** Blocks of the active chain from an index on. */
  from(index: number): IteratorObject<Kept> {
    return this.#maps.active.entries(index).map(([, kept]) => kept)
  }

  /** Most work first, of equals the one that was complete first. */
  sideTips(): IteratorObject<TreeHeader> {
    return this.#maps.sideTips.entries().map(([{ header }]) => header)
  }

  /** Least work first, of equals the last come. */
  weakestEnds(): IteratorObject<TreeHeader> {
    return this.#maps.ends.keysBackwards().map(({ header }) => header)
  }

  children(hash: BlockHash): readonly TreeHeader[] {
    return (this.#maps.children.get(hash) ?? []).map((child) => this.kept(child).header)
  }

  hasChildren(hash: BlockHash): boolean {
    return this.#maps.children.has(hash)
  }

  isSide({ header: { hash, index } }: Kept): boolean {
    return this.at(index)?.header.hash !== hash
  }

  /** With another block, off the active chain. */
  with(kept: Kept): BlockIndex {
    const { hash, parent } = kept.header
    assert(this.get(hash) === undefined, 'a block is kept once')
    const { blocks, children } = this.#maps
    const added = this.#and({ blocks: blocks.with(hash, kept) })
    if (parent === undefined) return added.#withSide(kept)
    const siblings = [...(children.get(parent) ?? []), hash]
    return added
      .#and({ children: children.with(parent, siblings) })
      .#seen(parent)
      .#withSide(kept)
  }

  /** With other facts of a block: it may be an end now, or the one before it. */
  replacing(kept: Kept): BlockIndex {
    const { hash, index, parent } = kept.header
    const before = this.kept(hash)
    const blocks = this.#maps.blocks.with(hash, kept)
    const replaced = this.isSide(before)
      ? this.#withoutSide(before).#and({ blocks }).#withSide(kept)
      : this.#and({ blocks, active: this.#maps.active.with(index, kept) })
    return parent === undefined ? replaced : replaced.#seen(parent)
  }

  without(kept: Kept): BlockIndex {
    const { hash, parent } = kept.header
    assert(this.isSide(kept), 'only blocks off the active chain are forgotten')
    const { blocks, children } = this.#maps
    const left = this.#withoutSide(kept).#and({ blocks: blocks.without(hash) })
    if (parent === undefined) return left
    const siblings = (children.get(parent) ?? []).filter((child) => child !== hash)
    const others =
      siblings.length === 0 ? children.without(parent) : children.with(parent, siblings)
    return left.#and({ children: others }).#seen(parent)
  }

  /** With a block at the end of the active chain. */
  connecting(kept: Kept): BlockIndex {
    const { hash, index } = kept.header
    const before = this.kept(hash)
    assert(index === this.length + 1, 'a block connects to the tip')
    const { blocks, active } = this.#maps
    const all = kept === before ? blocks : blocks.with(hash, kept)
    return this.#withoutSide(before).#and({ blocks: all, active: active.with(index, kept) })
  }

  /** Without the last block of the active chain there. */
  disconnecting(): BlockIndex {
    const last = this.at(this.length)
    assert(last !== undefined, 'a chain with a block on it')
    const { active } = this.#maps
    return this.#and({ active: active.without(active.size) }).#withSide(last)
  }

  #and(change: Partial<Maps>): BlockIndex {
    return new BlockIndex({ ...this.#maps, ...change })
  }

  /** The block is off the active chain now. */
  #withSide(kept: Kept): BlockIndex {
    const sideBytes = this.#maps.sideBytes + kept.header.sizeBytes
    return this.#and({ sideBytes }).#looked(kept)
  }

  /** The block is to be off it no more. */
  #withoutSide(kept: Kept): BlockIndex {
    const { ends, sideTips, sideBytes } = this.#maps
    return this.#and({
      ends: ends.without(kept),
      sideTips: sideTips.without(kept),
      sideBytes: sideBytes - kept.header.sizeBytes,
    })
  }

  /** Something has changed after a block. */
  #seen(hash: BlockHash): BlockIndex {
    const kept = this.get(hash)
    return kept !== undefined && this.isSide(kept) ? this.#looked(kept) : this
  }

  /** Whether a block off the active chain ends a branch, and one that could be the chain. */
  #looked(kept: Kept): BlockIndex {
    const { ends, sideTips } = this.#maps
    const children = this.children(kept.header.hash)
    const isTip = isGood(kept.header) && !children.some(isGood)
    return this.#and({
      ends: children.length === 0 ? ends.with(kept, true) : ends.without(kept),
      sideTips: isTip ? sideTips.with(kept, true) : sideTips.without(kept),
    })
  }
}

/** Whether a block could be on a chain. */
function isGood({ complete, condemned }: TreeHeader): boolean {
  return complete !== undefined && condemned === undefined
}

function byArrival(a: Kept, b: Kept): number {
  return byWork(a.header, b.header) || a.arrival - b.arrival
}

function byCompletion(a: Kept, b: Kept): number {
  return byWork(a.header, b.header) || (a.header.complete ?? 0) - (b.header.complete ?? 0)
}

/** Most work first. */
function byWork(a: TreeHeader, b: TreeHeader): number {
  if (a.chainwork === b.chainwork) return 0
  return a.chainwork > b.chainwork ? -1 : 1
}
