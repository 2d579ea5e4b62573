/**
 * All known blocks as a tree under a virtual root, with the active chain as one path through it
 * (reorganisation.ts moves it). Reads through the store with a bounded cache of headers, so memory
 * does not follow the chain's length. Classic's blocks are cheap to make beside each other, so no
 * orphans are kept and side branches have a byte limit.
 */
import type { Block, Header } from '../core/block.ts'
import type { Consensus } from '../core/consensus.ts'
import { assert, RuleError } from '../core/errors.ts'
import type { BlockHash } from '../core/hash.ts'
import { MAX_CACHED_HEADERS, MAX_SIDE_BRANCH_BYTES } from '../core/limits.ts'
import type { Store, TreeHeader } from './ports.ts'
import { storedBlock } from './stored.ts'

export class BlockTree {
  readonly #store: Store
  readonly #rules: Consensus
  readonly #maxSideBytes: number
  readonly #cache = new Map<BlockHash, TreeHeader>()
  #tip: TreeHeader | undefined
  #sideBytes: number

  /** The store must hold an active chain. */
  constructor(
    store: Store,
    rules: Consensus,
    { maxSideBytes = MAX_SIDE_BRANCH_BYTES }: { maxSideBytes?: number | undefined } = {},
  ) {
    const tip = store.tip()
    assert(tip !== undefined, 'the store holds at least a genesis')
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

  header(hash: BlockHash): TreeHeader | undefined {
    const cached = this.#cache.get(hash)
    if (cached !== undefined) return cached
    const header = this.#store.header(hash)
    if (header !== undefined) this.#remember(header)
    return header
  }

  /**
   * Keeps a block whose form has been checked, off the active chain. Refusals come before anything is
   * written.
   * @throws RuleError `duplicate`, `prev-blk-not-found`, and those of `checkAgainstParent`
   */
  put(block: Block): TreeHeader {
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
    return added
  }

  isActive(header: Header): boolean {
    return this.#store.hashAt(header.index) === header.hash
  }

  /** Takes the tip off the active chain; the block before it is the tip then, if there is one. */
  disconnectTip(): TreeHeader {
    const last = this.#tip
    assert(last !== undefined, 'a chain with a block on it')
    this.#store.disconnect(last.hash)
    this.#sideBytes += last.sizeBytes
    this.#tip = last.parent === undefined ? undefined : this.header(last.parent)
    return last
  }

  /** Puts a kept block on the active chain, after its tip. */
  connect(header: TreeHeader): void {
    this.#store.connect(header.hash)
    this.#sideBytes -= header.sizeBytes
    this.#tip = header
  }

  /** A block that is in the tree. @throws StoreError `store-damaged` */
  block(hash: BlockHash): Block {
    const text = this.#store.text(hash)
    assert(text !== undefined, 'a header in the tree has its block in the store')
    return storedBlock(this.#rules, text)
  }

  /**
   * Forgets side branches until they fit their limit: least work first, of those the last come.
   * @param growing ends of branches that are still being fetched, which stay
   */
  prune(growing: ReadonlySet<BlockHash> = new Set()): void {
    let weakest: TreeHeader | undefined
    while (this.#sideBytes > this.#maxSideBytes) {
      weakest ??= this.#weakestEnd(growing)
      if (weakest === undefined) return
      this.#store.deleteBlock(weakest.hash)
      this.#cache.delete(weakest.hash)
      this.#sideBytes -= weakest.sizeBytes
      // The block before has less work than any other end, if it is one now: no need to search.
      weakest = this.#sideEnd(weakest.parent)
    }
  }

  #weakestEnd(growing: ReadonlySet<BlockHash>): TreeHeader | undefined {
    const weakest = this.#store.weakestSideTips(growing.size + 1)
    assert(weakest.length > 0, 'bytes off the active chain belong to a side branch')
    return weakest.find(({ hash }) => !growing.has(hash))
  }

  /** The block with this hash, if it is the end of a side branch. */
  #sideEnd(hash: BlockHash | undefined): TreeHeader | undefined {
    const header = hash === undefined ? undefined : this.header(hash)
    if (header === undefined || this.isActive(header)) return undefined
    return this.#store.hasChildren(header.hash) ? undefined : header
  }

  #remember(header: TreeHeader): void {
    this.#cache.set(header.hash, header)
    if (this.#cache.size <= MAX_CACHED_HEADERS) return
    const oldest = this.#cache.keys().next().value
    if (oldest !== undefined) this.#cache.delete(oldest)
  }
}
