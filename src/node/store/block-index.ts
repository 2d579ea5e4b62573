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
  /** Ends of branches that could be the chain, most work first, then first complete. */
  readonly sideTips: OrderedMap<Kept, true>
  /** Blocks off the active chain that none follows and that could not, most work first, then first come. */
  readonly deadEnds: OrderedMap<Kept, true>
  readonly sideBytes: number
}

const EMPTY: Maps = {
  blocks: new OrderedMap(),
  children: new OrderedMap(),
  active: new OrderedMap(),
  sideTips: new OrderedMap(byCompletion),
  deadEnds: new OrderedMap(byArrival),
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
  *weakestEnds(): Generator<TreeHeader> {
    const others = this.#maps.deadEnds.keysBackwards()
    const tips = this.#maps.sideTips.keysBackwards()
    let [other, tip] = [others.next(), tips.next()]
    for (;;) {
      const isOther = tip.done || (!other.done && byArrival(other.value, tip.value) > 0)
      const next = isOther ? other : tip
      if (next.done) return
      const { header } = next.value
      // One that could be the chain may have blocks after it that could not.
      if (isOther || !this.hasChildren(header.hash)) yield header
      if (isOther) other = others.next()
      else tip = tips.next()
    }
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
    return this.#changed((draft) => {
      const { hash, parent } = kept.header
      const { size } = draft.blocks
      draft.blocks = draft.blocks.with(hash, kept)
      assert(draft.blocks.size > size, 'a block is kept once')
      if (parent !== undefined) {
        const siblings = draft.children.get(parent) ?? []
        draft.children = draft.children.with(parent, [...siblings, hash])
        lookAgain(draft, parent)
      }
      addSide(draft, kept)
    })
  }

  /** With other facts of a block: it may be an end now, or the one before it. */
  replacing(kept: Kept): BlockIndex {
    return this.#changed((draft) => {
      const { hash, index, parent } = kept.header
      const before = this.kept(hash)
      const isSide = this.isSide(before)
      if (isSide) removeSide(draft, before)
      draft.blocks = draft.blocks.with(hash, kept)
      if (isSide) addSide(draft, kept)
      else draft.active = draft.active.with(index, kept)
      if (parent !== undefined) lookAgain(draft, parent)
    })
  }

  without(kept: Kept): BlockIndex {
    assert(this.isSide(kept), 'only blocks off the active chain are forgotten')
    return this.#changed((draft) => {
      const { hash, parent } = kept.header
      removeSide(draft, kept)
      draft.blocks = draft.blocks.without(hash)
      if (parent === undefined) return
      const left = (draft.children.get(parent) ?? []).filter((child) => child !== hash)
      const { children } = draft
      draft.children = left.length === 0 ? children.without(parent) : children.with(parent, left)
      lookAgain(draft, parent)
    })
  }

  /** With a block at the end of the active chain. @param before as it is kept */
  connecting(kept: Kept, before: Kept): BlockIndex {
    return this.#changed((draft) => {
      const { hash, index } = kept.header
      assert(index === draft.active.size + 1, 'a block connects to the tip')
      removeSide(draft, before)
      if (kept !== before) draft.blocks = draft.blocks.with(hash, kept)
      draft.active = draft.active.with(index, kept)
    })
  }

  /** Without the last block of the active chain there. */
  disconnecting(): BlockIndex {
    return this.#changed((draft) => {
      const last = draft.active.get(draft.active.size)
      assert(last !== undefined, 'a chain with a block on it')
      draft.active = draft.active.without(draft.active.size)
      addSide(draft, last)
    })
  }

  #changed(change: (draft: Draft) => void): BlockIndex {
    const draft = { ...this.#maps }
    change(draft)
    return new BlockIndex(draft)
  }
}

/** Maps that are being changed, before anybody has seen them. */
type Draft = { -readonly [K in keyof Maps]: Maps[K] }

/** The block is off the active chain now. */
function addSide(draft: Draft, kept: Kept): void {
  draft.sideBytes += kept.header.sizeBytes
  lookForEnd(draft, kept)
}

/** The block is to be off it no more. */
function removeSide(draft: Draft, kept: Kept): void {
  draft.sideTips = draft.sideTips.without(kept)
  draft.deadEnds = draft.deadEnds.without(kept)
  draft.sideBytes -= kept.header.sizeBytes
}

/** Something has changed after a block. */
function lookAgain(draft: Draft, hash: BlockHash): void {
  // Mostly it is the tip.
  if (draft.active.get(draft.active.size)?.header.hash === hash) return
  const kept = draft.blocks.get(hash)
  if (kept === undefined || draft.active.get(kept.header.index)?.header.hash === hash) return
  lookForEnd(draft, kept)
}

/** Whether a block off the active chain ends a branch, and one that could be the chain. */
function lookForEnd(draft: Draft, kept: Kept): void {
  const children = draft.children.get(kept.header.hash) ?? []
  const isGoodChild = (child: BlockHash) => {
    const header = draft.blocks.get(child)?.header
    return header !== undefined && isGood(header)
  }
  const isTip = isGood(kept.header) && !children.some(isGoodChild)
  const isDead = !isTip && children.length === 0
  draft.sideTips = isTip ? draft.sideTips.with(kept, true) : draft.sideTips.without(kept)
  draft.deadEnds = isDead ? draft.deadEnds.with(kept, true) : draft.deadEnds.without(kept)
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
