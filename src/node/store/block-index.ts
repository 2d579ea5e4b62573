/**
 * Where each block of a memory store stands, as one value that never changes: every method that changes
 * something gives another. So a snapshot is a reference, and so is what a rollback goes back to.
 */
import { assert, type RuleFault } from '../../core/errors.ts'
import type { BlockHash } from '../../core/hash.ts'
import { OrderedMap } from './ordered-map.ts'
import { names, type SharedBody, type SharedHeader } from './shared-blocks.ts'
import type { Outcome, TreeHeader } from './store.ts'

/** A block as one node has it. There may be as many of these as nodes times blocks, so they are small. */
export interface Kept {
  readonly shared: SharedHeader
  /** Undefined while it is not here. */
  readonly body: SharedBody | undefined
  /** Of two blocks, the one with the lower number came first. */
  readonly arrival: number
  /** When it was complete, as a number of the same count. */
  readonly complete: number | undefined
  /** What connecting it has changed, or why no chain takes it. */
  readonly outcome: Outcome | Condemned | undefined
}

/** Why no chain takes a block, under one version of the rules. */
export interface Condemned {
  readonly fault: RuleFault
  readonly version: number
  readonly diff?: undefined
}

/** A block's header as the tree shows it. */
export function treeHeader({ shared, body, complete, outcome }: Kept): TreeHeader {
  const { header, chainwork } = shared
  const sizeBytes = body?.text.length ?? 0
  return { ...header, chainwork, sizeBytes, complete, condemned: outcome?.fault }
}

interface Maps {
  /** Every block. */
  readonly blocks: OrderedMap<BlockHash, Kept>
  /** Which blocks off the active chain follow a block, first come first. */
  readonly children: OrderedMap<BlockHash, readonly Kept[]>
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

  /** Headers of the active chain below an index, last first; undefined where the party does not stand in the block. */
  *withParty(party: string, below: number): Generator<TreeHeader | undefined> {
    for (let index = Math.min(below - 1, this.length); index >= 1; index--) {
      const kept = this.at(index)
      yield kept?.body !== undefined && names(kept.body, party) ? treeHeader(kept) : undefined
    }
  }

  /** Most work first, of equals the one that was complete first. */
  sideTips(): IteratorObject<TreeHeader> {
    return this.#maps.sideTips.entries().map(([kept]) => treeHeader(kept))
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
      // One that could be the chain may have blocks after it that could not.
      if (isOther || !this.#maps.children.has(hashOf(next.value))) yield treeHeader(next.value)
      if (isOther) other = others.next()
      else tip = tips.next()
    }
  }

  children(hash: BlockHash): readonly TreeHeader[] {
    const side = this.#maps.children.get(hash) ?? []
    const next = this.#next(hash)
    const all = next === undefined ? side : inserted(side, next)
    return all.map(treeHeader)
  }

  hasChildren(hash: BlockHash): boolean {
    return this.#maps.children.has(hash) || this.#next(hash) !== undefined
  }

  /** The block of the active chain that follows another. */
  #next(hash: BlockHash): Kept | undefined {
    const kept = this.get(hash)
    if (kept === undefined || this.isSide(kept)) return undefined
    return this.at(indexOf(kept) + 1)
  }

  isSide(kept: Kept): boolean {
    return !isActive(this.#maps, kept)
  }

  /** With another block, off the active chain. */
  with(kept: Kept): BlockIndex {
    return this.#changed((draft) => {
      const { size } = draft.blocks
      draft.blocks = draft.blocks.with(hashOf(kept), kept)
      assert(draft.blocks.size > size, 'a block is kept once')
      addSide(draft, kept)
    })
  }

  /** With other facts of a block: it may be an end now, or the one before it. */
  replacing(kept: Kept): BlockIndex {
    return this.#changed((draft) => {
      const before = this.kept(hashOf(kept))
      const isSide = this.isSide(before)
      if (isSide) removeSide(draft, before)
      draft.blocks = draft.blocks.with(hashOf(kept), kept)
      if (isSide) addSide(draft, kept)
      else draft.active = draft.active.with(indexOf(kept), kept)
    })
  }

  without(kept: Kept): BlockIndex {
    assert(this.isSide(kept), 'only blocks off the active chain are forgotten')
    return this.#changed((draft) => {
      removeSide(draft, kept)
      draft.blocks = draft.blocks.without(hashOf(kept))
    })
  }

  /** With a block at the end of the active chain. @param before as it is kept */
  connecting(kept: Kept, before: Kept): BlockIndex {
    return this.#changed((draft) => {
      assert(indexOf(kept) === draft.active.size + 1, 'a block connects to the tip')
      // It is the tip before it leaves the side branches: those have nothing before it to look at again.
      draft.active = draft.active.with(indexOf(kept), kept)
      removeSide(draft, before)
      if (kept !== before) draft.blocks = draft.blocks.with(hashOf(kept), kept)
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
  const { parent } = kept.shared.header
  draft.sideBytes += sizeOf(kept)
  if (parent !== undefined) {
    draft.children = draft.children.with(parent, inserted(draft.children.get(parent) ?? [], kept))
    lookAgain(draft, parent)
  }
  lookForEnd(draft, kept)
}

/** The block is to be off it no more. */
function removeSide(draft: Draft, kept: Kept): void {
  const { parent } = kept.shared.header
  draft.sideTips = draft.sideTips.without(kept)
  draft.deadEnds = draft.deadEnds.without(kept)
  draft.sideBytes -= sizeOf(kept)
  if (parent === undefined) return
  const { children } = draft
  const left = (children.get(parent) ?? []).filter((child) => hashOf(child) !== hashOf(kept))
  draft.children = left.length === 0 ? children.without(parent) : children.with(parent, left)
  lookAgain(draft, parent)
}

/** Blocks in the order in which they came, with another one. */
function inserted(blocks: readonly Kept[], kept: Kept): readonly Kept[] {
  const after = blocks.findIndex(({ arrival }) => arrival > kept.arrival)
  return blocks.toSpliced(after < 0 ? blocks.length : after, 0, kept)
}

/** Something has changed after a block. */
function lookAgain(draft: Draft, hash: BlockHash): void {
  const kept = draft.blocks.get(hash)
  if (kept !== undefined && !isActive(draft, kept)) lookForEnd(draft, kept)
}

/** Whether a block off the active chain ends a branch, and one that could be the chain. */
function lookForEnd(draft: Draft, kept: Kept): void {
  const children = draft.children.get(hashOf(kept)) ?? []
  const isTip = isGood(kept) && !children.some(isGood)
  const isDead = !isTip && children.length === 0
  draft.sideTips = isTip ? draft.sideTips.with(kept, true) : draft.sideTips.without(kept)
  draft.deadEnds = isDead ? draft.deadEnds.with(kept, true) : draft.deadEnds.without(kept)
}

function isActive({ active }: Pick<Maps, 'active'>, kept: Kept): boolean {
  return active.get(indexOf(kept))?.shared.header.hash === hashOf(kept)
}

/** Whether a block could be on a chain. */
function isGood({ complete, outcome }: Kept): boolean {
  return complete !== undefined && outcome?.fault === undefined
}

function hashOf({ shared }: Kept): BlockHash {
  return shared.header.hash
}

function indexOf({ shared }: Kept): number {
  return shared.header.index
}

function sizeOf({ body }: Kept): number {
  return body?.text.length ?? 0
}

function byArrival(a: Kept, b: Kept): number {
  return byWork(a, b) || a.arrival - b.arrival
}

function byCompletion(a: Kept, b: Kept): number {
  return byWork(a, b) || (a.complete ?? 0) - (b.complete ?? 0)
}

/** Most work first. */
function byWork({ shared: a }: Kept, { shared: b }: Kept): number {
  if (a.chainwork === b.chainwork) return 0
  return a.chainwork > b.chainwork ? -1 : 1
}
