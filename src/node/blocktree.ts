/**
 * All known blocks as a tree under a virtual root, and the choice of the active chain: the branch
 * with the most summed work; of equal work the one that was here first. Reads through the store
 * with a bounded cache of headers, so memory does not follow the chain's length. Classic's blocks
 * are cheap to make beside each other, so no orphans are kept and side branches have a byte limit.
 */
import type { Block, Transaction } from '../core/block.ts'
import type { Consensus } from '../core/consensus.ts'
import { assert, RuleError } from '../core/errors.ts'
import type { BlockHash } from '../core/hash.ts'
import { MAX_CACHED_HEADERS, MAX_SIDE_BRANCH_BYTES } from '../core/limits.ts'
import type { Store, TreeHeader } from './ports.ts'
import { storedBlock } from './stored.ts'

/** What a block did to the active chain. */
export interface ChainChange {
  /** The block that was added. */
  readonly added: TreeHeader
  /** The last block of the active chain now. */
  readonly tip: TreeHeader
  /**
   * Where the active chain moved, the last block that the old and the new one share; undefined where
   * not even the genesis is.
   */
  readonly fork: TreeHeader | undefined
  /** Blocks that joined the active chain, lowest first; empty for a block of a side branch. */
  readonly connected: readonly TreeHeader[]
  /** Blocks that left it, highest first; not empty means a reorganisation. */
  readonly disconnected: readonly TreeHeader[]
  /** Transactions of the blocks that left, but for rewards, oldest first. */
  readonly abandoned: readonly Transaction[]
  /** Transactions of the blocks that joined, but for rewards. */
  readonly confirmed: readonly Transaction[]
}

export class BlockTree {
  readonly #store: Store
  readonly #rules: Consensus
  readonly #maxSideBytes: number
  readonly #cache = new Map<BlockHash, TreeHeader>()
  #tip: TreeHeader
  #sideBytes: number

  /** The store must hold an active chain. */
  constructor(store: Store, rules: Consensus, { maxSideBytes = MAX_SIDE_BRANCH_BYTES } = {}) {
    const tip = store.tip()
    assert(tip !== undefined, 'the store holds at least a genesis')
    this.#store = store
    this.#rules = rules
    this.#maxSideBytes = maxSideBytes
    this.#tip = tip
    this.#sideBytes = store.sideBytes()
  }

  get tip(): TreeHeader {
    return this.#tip
  }

  header(hash: BlockHash): TreeHeader | undefined {
    const cached = this.#cache.get(hash)
    if (cached !== undefined) return cached
    const header = this.#store.header(hash)
    if (header !== undefined) this.#remember(header)
    return header
  }

  /**
   * Adds a block whose form has been checked, and moves the active chain if its branch has more work.
   * Refusals come before anything is written.
   * @throws RuleError `duplicate`, `prev-blk-not-found`, and those of `checkAgainstParent`
   */
  add(block: Block): ChainChange {
    const { hash, parent } = block.header
    if (this.header(hash) !== undefined) throw new RuleError('duplicate', { hash })
    const before = parent === undefined ? undefined : this.header(parent)
    if (parent !== undefined && before === undefined) {
      throw new RuleError('prev-blk-not-found', { previous_hash: parent })
    }
    this.#rules.checkAgainstParent(block.header, before)

    const chainwork = (before?.chainwork ?? 0n) + this.#rules.work(block.header)
    const added = this.#store.putBlock(block, chainwork)
    this.#remember(added)
    this.#sideBytes += added.sizeBytes
    if (chainwork > this.#tip.chainwork) return this.#activate(added, block)
    return {
      added,
      tip: this.#tip,
      fork: undefined,
      connected: [],
      disconnected: [],
      abandoned: [],
      confirmed: [],
    }
  }

  /** Forgets side branches until they fit their limit: least work first, of those the last come. */
  prune(): void {
    let weakest: TreeHeader | undefined
    while (this.#sideBytes > this.#maxSideBytes) {
      weakest ??= this.#store.weakestSideTip()
      assert(weakest !== undefined, 'bytes off the active chain belong to a side branch')
      this.#store.deleteBlock(weakest.hash)
      this.#cache.delete(weakest.hash)
      this.#sideBytes -= weakest.sizeBytes
      // The block before has less work than any other end, if it is one now: no need to search.
      weakest = this.#sideEnd(weakest.parent)
    }
  }

  /** The block with this hash, if it is the end of a side branch. */
  #sideEnd(hash: BlockHash | undefined): TreeHeader | undefined {
    const header = hash === undefined ? undefined : this.header(hash)
    if (header === undefined || this.#store.hashAt(header.index) === header.hash) return undefined
    return this.#store.hasChildren(header.hash) ? undefined : header
  }

  /** Makes `to` the tip: disconnects to the fork point, connects its branch. */
  #activate(to: TreeHeader, block: Block): ChainChange {
    const branch: TreeHeader[] = []
    let fork: TreeHeader | undefined = to
    while (fork !== undefined && this.#store.hashAt(fork.index) !== fork.hash) {
      branch.push(fork)
      fork = fork.parent === undefined ? undefined : this.header(fork.parent)
    }
    branch.reverse()

    const disconnected: TreeHeader[] = []
    const abandoned: Transaction[][] = []
    for (
      let last: TreeHeader | undefined = this.#tip;
      last !== undefined && last.hash !== fork?.hash;
    ) {
      abandoned.push([...this.#rules.returnable(this.#read(last.hash))])
      this.#store.disconnect(last.hash)
      this.#sideBytes += last.sizeBytes
      disconnected.push(last)
      last = last.parent === undefined ? undefined : this.header(last.parent)
    }

    const confirmed: Transaction[] = []
    for (const header of branch) {
      const joined = header === to ? block : this.#read(header.hash)
      for (const transaction of this.#rules.returnable(joined)) confirmed.push(transaction)
      this.#store.connect(header.hash)
      this.#sideBytes -= header.sizeBytes
    }
    this.#tip = to
    const returning = abandoned.reverse().flat()
    return {
      added: to,
      tip: to,
      fork,
      connected: branch,
      disconnected,
      abandoned: returning,
      confirmed,
    }
  }

  #read(hash: BlockHash): Block {
    const text = this.#store.text(hash)
    assert(text !== undefined, 'a header in the tree has its block in the store')
    return storedBlock(this.#rules, text)
  }

  #remember(header: TreeHeader): void {
    this.#cache.set(header.hash, header)
    if (this.#cache.size <= MAX_CACHED_HEADERS) return
    const oldest = this.#cache.keys().next().value
    if (oldest !== undefined) this.#cache.delete(oldest)
  }
}
