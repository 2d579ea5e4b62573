/**
 * The choice of the active chain: the branch with the most summed work; of equal work the one that
 * was here first. Moving to another branch disconnects down to the fork point, connects upwards, and
 * gives back to the current transactions what only abandoned blocks held. A long move is cut into
 * slices, all in the store transaction that is open: nobody sees it half done.
 */
import type { Block, Transaction } from '../../core/block.ts'
import type { Consensus } from '../../core/consensus.ts'
import type { BlockHash } from '../../core/hash.ts'
import { MAX_SLICE_BLOCKS, MAX_SLICE_BYTES, MAX_SLICE_TRANSACTIONS } from '../../core/limits.ts'
import type { Store, TreeHeader } from '../store/store.ts'
import { storedTransaction } from '../store/stored.ts'
import { Abandoned } from './abandoned.ts'
import { BlockTree } from './blocktree.ts'
import { Pool, type PoolLimits } from './pool.ts'

/** What a chain is made of, and what a reorganisation works on. */
export interface ChainParts {
  readonly rules: Consensus
  readonly tree: BlockTree
  readonly pool: Pool
}

export interface ChainLimits {
  readonly poolLimits?: PoolLimits | undefined
  readonly maxSideBytes?: number | undefined
}

/** Reads the parts from a store, which must hold an active chain. */
export function openParts(
  store: Store,
  rules: Consensus,
  { poolLimits, maxSideBytes }: ChainLimits,
): ChainParts {
  const pool = new Pool(store, {
    blockBytes: rules.transactionBytesPerBlock,
    decode: (text) => storedTransaction(rules, text),
    limits: poolLimits,
  })
  return { rules, tree: new BlockTree(store, rules, { maxSideBytes }), pool }
}

/** What a block did to the active chain. */
export interface ChainChange {
  /** The last block that was added. */
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
  /** Transactions of those blocks that found no room among the current ones, at most. */
  readonly lost: number
}

/** A move that has begun: `next()` does a slice of it, until it gives the change. */
export type Reorganisation = Generator<undefined, ChainChange>

/**
 * Makes a kept block the tip.
 * @param fresh blocks of its branch that are at hand and need not be read again
 */
export function* reorganise(
  to: TreeHeader,
  { rules, tree, pool }: ChainParts,
  fresh: ReadonlyMap<BlockHash, Block> = new Map(),
): Reorganisation {
  const slice = new Slice()
  const branch: TreeHeader[] = []
  let fork: TreeHeader | undefined = to
  while (fork !== undefined && !tree.isActive(fork)) {
    if (!slice.takes(0)) yield
    branch.push(fork)
    fork = fork.parent === undefined ? undefined : tree.header(fork.parent)
  }
  branch.reverse()

  const disconnected: TreeHeader[] = []
  const abandoned = new Abandoned(pool.returnLimits)
  const height = fork?.index ?? 0
  for (let left = tree.tip.index - height; left > 0; left--) {
    if (!slice.takes(tree.tip.sizeBytes)) yield
    const last = tree.disconnectTip()
    abandoned.add(rules.returnable(tree.block(last.hash)))
    disconnected.push(last)
  }

  let confirmed: Transaction[] = []
  for (const header of branch) {
    if (!slice.takes(header.sizeBytes)) {
      pool.remove(confirmed)
      confirmed = []
      yield
    }
    tree.connect(header)
    const block = fresh.get(header.hash) ?? tree.block(header.hash)
    for (const transaction of rules.returnable(block)) {
      if (!abandoned.take(transaction)) confirmed.push(transaction)
    }
  }
  pool.remove(confirmed)
  // The last slice goes back first, and each before those that are there.
  const left = yield* abandoned.left()
  const kept = pool.withRoom(left)
  for (let end = kept.length; end > 0; end -= MAX_SLICE_TRANSACTIONS) {
    pool.giveBack(kept.slice(Math.max(0, end - MAX_SLICE_TRANSACTIONS), end))
    if (end > MAX_SLICE_TRANSACTIONS) yield
  }
  const lost = abandoned.overflow + left.length - kept.length
  return { added: to, tip: to, fork, connected: branch, disconnected, lost }
}

/** Runs a move to its end. */
export function finish(move: Reorganisation): ChainChange {
  for (;;) {
    const { done, value } = move.next()
    if (done === true) return value
  }
}

/** Counts work until there is enough of it for one turn. */
class Slice {
  #blocks = 0
  #bytes = 0

  /** Whether a block of so many bytes belongs to this turn's work; if not, it begins that of the next. */
  takes(bytes: number): boolean {
    const isFull = this.#blocks === MAX_SLICE_BLOCKS || this.#bytes + bytes > MAX_SLICE_BYTES
    // A slice has a block at least, however large.
    const begins = isFull && this.#blocks > 0
    this.#blocks = begins ? 1 : this.#blocks + 1
    this.#bytes = begins ? bytes : this.#bytes + bytes
    return !begins
  }
}
