/**
 * All known blocks as a tree under a virtual root, with the active chain as one path through it
 * (reorganisation.ts moves it). It reads through the store, so memory does not follow the chain's length. Classic's blocks are cheap to make beside each other, so no
 * orphans are kept and side branches have a byte limit.
 */
import type { Block, Header } from '../../core/block.ts'
import type { Past } from '../../core/checks.ts'
import type { Consensus } from '../../core/consensus.ts'
import { assert, errorOf, RuleError, type RuleFault } from '../../core/errors.ts'
import type { BlockHash } from '../../core/hash.ts'
import type { LedgerDiff, LedgerReader } from '../../core/ledger.ts'
import { MAX_SIDE_BRANCH_BYTES, MAX_SLICE_BLOCKS } from '../../core/limits.ts'
import {
  atomically,
  type Outcome,
  type Store,
  StoreError,
  type TreeHeader,
} from '../store/store.ts'
import { restoredBlock } from '../store/stored.ts'

const NOTHING: ReadonlySet<BlockHash> = new Set()

export class BlockTree {
  readonly #store: Store
  readonly #rules: Consensus
  readonly #maxSideBytes: number
  #tip: TreeHeader | undefined
  #sideBytes: number
  #prunedTo: BlockHash | undefined

  /** The store must hold an active chain. */
  constructor(
    store: Store,
    rules: Consensus,
    { maxSideBytes = MAX_SIDE_BRANCH_BYTES }: { maxSideBytes?: number | undefined } = {},
  ) {
    const tip = store.tip()
    assert(tip !== undefined, 'the store holds at least a genesis')
    store.forgive(rules.version)
    this.#store = store
    this.#rules = rules
    this.#maxSideBytes = maxSideBytes
    this.#tip = tip
    this.#sideBytes = store.sideBytes()
  }

  get tip(): TreeHeader {
    assert(this.#tip !== undefined, 'a chain has a tip, but in the middle of a reorganisation')
    return this.#tip
  }

  /** How many blocks the active chain has, also in the middle of a reorganisation. */
  get length(): number {
    return this.#tip?.index ?? 0
  }

  /** The ledger as the blocks of the active chain have left it. */
  get ledger(): LedgerReader {
    return this.#store
  }

  header(hash: BlockHash): TreeHeader | undefined {
    return this.#store.header(hash)
  }

  /**
   * Keeps a block whose form has been checked, off the active chain. Refusals come before anything is
   * written.
   * @returns its header, complete if the one before it is
   * @throws RuleError `duplicate`, `prev-blk-not-found`, `bad-prevblk`, the code with which it was condemned,
   *   and those of the steps `place` and `time`
   */
  put(block: Block, nowMs = Number.POSITIVE_INFINITY): TreeHeader {
    const known = this.#refuseKnown(block.header, { isWhole: true })
    if (known !== undefined) return this.#putBody(block)
    const { chainwork, isComplete } = this.#place(block.header, nowMs)
    if (isComplete) return this.#added(this.#store.putBlock(block, chainwork))
    this.#added(this.#store.putHeader(block.header, chainwork))
    return this.#putBody(block)
  }

  /** Keeps a header that comes before its body. @throws RuleError as put */
  putHeader(header: Header, nowMs = Number.POSITIVE_INFINITY): TreeHeader {
    this.#refuseKnown(header, { isWhole: false })
    return this.#added(this.#store.putHeader(header, this.#place(header, nowMs).chainwork))
  }

  /** A block that is here already is refused, unless it is its body that comes now. */
  #refuseKnown({ hash }: Header, { isWhole }: { isWhole: boolean }): TreeHeader | undefined {
    const known = this.header(hash)
    if (known === undefined) return undefined
    if (known.condemned !== undefined) throw errorOf(known.condemned)
    if (!isWhole || known.sizeBytes > 0) throw new RuleError('duplicate', { hash })
    return known
  }

  /** Checks a header's place and time; the work of its branch, and whether a body would make it complete. */
  #place(header: Header, nowMs: number): { chainwork: bigint; isComplete: boolean } {
    const { parent } = header
    const before = parent === undefined ? undefined : this.header(parent)
    if (parent !== undefined && before === undefined) {
      throw new RuleError('prev-blk-not-found', { previous_hash: parent })
    }
    if (!this.#store.isPlaced(header.hash)) this.#rules.checkPlace(header, this.pastOf(before))
    this.#rules.checkTime(header, nowMs)
    if (before !== undefined && before.condemned !== undefined) {
      throw new RuleError('bad-prevblk', { previous_hash: before.hash })
    }
    const chainwork = (before?.chainwork ?? 0n) + this.#rules.work(header)
    return { chainwork, isComplete: before === undefined || before.complete !== undefined }
  }

  #added(header: TreeHeader): TreeHeader {
    this.#sideBytes += header.sizeBytes
    return header
  }

  /** Keeps a body; it may be what blocks after it have waited for. */
  #putBody(block: Block): TreeHeader {
    const kept = this.#added(this.#store.putBody(block))
    const before = kept.parent === undefined ? undefined : this.header(kept.parent)
    if (kept.parent !== undefined && before?.complete === undefined) return kept
    const waiting = [kept]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      this.#store.complete(next.hash)
      const after = this.#store.children(next.hash)
      for (const child of after) if (child.sizeBytes > 0) waiting.push(child)
    }
    return this.header(kept.hash) ?? kept
  }

  /** No chain takes this block. */
  condemn(header: TreeHeader, fault: RuleFault): TreeHeader {
    return this.#store.condemn(header.hash, fault, this.#rules.version)
  }

  /** The best ends of branches off the active chain. */
  sideTips(limit: number): readonly TreeHeader[] {
    return this.#store.sideTips(limit)
  }

  hasChildren(hash: BlockHash): boolean {
    return this.#store.hasChildren(hash)
  }

  /** What connecting a block has come to before, if it changed something. */
  outcome(hash: BlockHash): Outcome | undefined {
    return this.#store.outcome(hash)
  }

  /** What a block after `parent` stands on. */
  pastOf(parent: TreeHeader | undefined): Past {
    return { parent, ancestor: (index) => this.#ancestor(parent, index) }
  }

  /** A block at an index among those that a block stands on, itself included. */
  #ancestor(of: TreeHeader | undefined, index: number): TreeHeader | undefined {
    let header = of
    while (header !== undefined && header.index > index && !this.isActive(header)) {
      header = header.parent === undefined ? undefined : this.header(header.parent)
    }
    if (header === undefined || header.index <= index) {
      return header?.index === index ? header : undefined
    }
    const hash = this.#store.hashAt(index)
    return hash === undefined ? undefined : this.header(hash)
  }

  isActive(header: Header): boolean {
    // Most that are asked for are the tip or are to follow it.
    if (header.index >= this.length) return header.hash === this.#tip?.hash
    return this.#store.hashAt(header.index) === header.hash
  }

  /** Takes the tip off the active chain; the block before it is the tip then, if there is one. */
  disconnectTip(): Block {
    const last = this.#tip
    assert(last !== undefined, 'a chain with a block on it')
    const block = this.block(last)
    this.#store.disconnect(block)
    this.#sideBytes += last.sizeBytes
    this.#tip = last.parent === undefined ? undefined : this.header(last.parent)
    return block
  }

  /** Puts a kept block on the active chain, after its tip. */
  connect(header: TreeHeader, { block, diff }: { block: Block; diff: LedgerDiff }): void {
    this.#store.connect(block, diff)
    this.#sideBytes -= header.sizeBytes
    this.#tip = header
  }

  /** A block that is in the tree. @throws StoreError `store-damaged` */
  block(header: TreeHeader): Block {
    const text = this.#store.text(header.hash)
    assert(text !== undefined, 'a complete block has its text in the store')
    const { chainwork: _, sizeBytes: __, complete: ___, condemned: ____, ...own } = header
    return restoredBlock(this.#rules, own, text)
  }

  /** Whether side branches are past their limit. */
  get isOverfull(): boolean {
    return this.#sideBytes > this.#maxSideBytes
  }

  /**
   * Forgets blocks of side branches until they fit their limit, a slice of them at most: least work
   * first, of those the last come.
   * @param growing blocks that others are about to follow: they stay
   * @returns whether anything was left to forget
   */
  prune(growing: ReadonlySet<BlockHash> = NOTHING): boolean {
    if (!this.isOverfull) return false
    // Where the last slice ended, if that is an end still: to search for one takes a while.
    let weakest = this.#sideEnd(this.#prunedTo, growing)
    for (let i = 0; this.isOverfull && i < MAX_SLICE_BLOCKS; i++) {
      weakest ??= this.#weakestEnd(growing)
      if (weakest === undefined) return false
      this.#delete(weakest)
      // The block before has less work than any other end, if it is one now: no need to search.
      this.#prunedTo = weakest.parent
      weakest = this.#sideEnd(weakest.parent, growing)
    }
    return this.isOverfull
  }

  /**
   * Forgets blocks off the active chain, last first, but for those that other blocks follow.
   * @returns these
   */
  forget(
    hashes: ReadonlySet<BlockHash>,
    growing: ReadonlySet<BlockHash> = NOTHING,
  ): ReadonlySet<BlockHash> {
    const side = [...hashes]
      .map((hash) => this.header(hash))
      .filter((header) => header !== undefined)
    const left = new Set<BlockHash>()
    for (const header of side.sort((a, b) => b.index - a.index)) {
      if (this.isActive(header)) continue
      if (this.#sideEnd(header.hash, growing) === undefined) left.add(header.hash)
      else this.#delete(header)
    }
    return left
  }

  #delete({ hash, sizeBytes }: TreeHeader): void {
    this.#store.deleteBlock(hash)
    this.#sideBytes -= sizeBytes
  }

  #weakestEnd(growing: ReadonlySet<BlockHash>): TreeHeader | undefined {
    const weakest = this.#store.weakestSideTips(growing.size + 1)
    assert(weakest.length > 0, 'bytes off the active chain belong to a side branch')
    return weakest.find(({ hash }) => !growing.has(hash))
  }

  /** The block with this hash, if it is the end of a side branch that nobody is about to go on with. */
  #sideEnd(hash: BlockHash | undefined, growing: ReadonlySet<BlockHash>): TreeHeader | undefined {
    const header = hash === undefined || growing.has(hash) ? undefined : this.header(hash)
    if (header === undefined || this.isActive(header)) return undefined
    return this.#store.hasChildren(header.hash) ? undefined : header
  }
}

/** Begins a chain in a store that has none. @throws StoreError `store-damaged` */
export function plantGenesis(store: Store, { genesis, work, connect }: Consensus): void {
  if (store.tip() !== undefined) return
  if (store.sideBytes() > 0) {
    throw new StoreError('store-damaged', 'the store has blocks, but none of them is on a chain')
  }
  atomically(store, () => {
    store.putBlock(genesis, work(genesis.header))
    store.connect(genesis, connect(genesis, store))
  })
}
