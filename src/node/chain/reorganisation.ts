/**
 * Moving the active chain to another branch: disconnects down to the fork, connects upwards, each block
 * asked of the rules as it connects, and gives back to the current transactions what only abandoned blocks
 * held. A block that the ledger refuses is condemned, and the chain goes on from there to the next-best branch,
 * which may be the old one: a "no" at any depth ends nothing. A long move is cut into slices, all in the store
 * transaction that is open: nobody sees it half done.
 */
import type { Block } from '../../core/block.ts'
import { attempt, errorOf, faultOf, RuleError } from '../../core/errors.ts'
import type { BlockHash } from '../../core/hash.ts'
import type { LedgerDiff } from '../../core/ledger.ts'
import { MAX_SLICE_BLOCKS, MAX_SLICE_BYTES } from '../../core/limits.ts'
import type { TreeHeader } from '../store/store.ts'
import type { ChainParts } from './chain-parts.ts'
import { nextBest } from './fork-choice.ts'
import { PoolMove } from './pool-move.ts'

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
  /** Blocks on the way that were refused as they were to connect, and are condemned. */
  readonly condemned: readonly TreeHeader[]
  /** Transactions of the blocks that left that found no room among the current ones, at most. */
  readonly lost: number
}

/** Why the block that was added is on no chain, if it is refused by what it would connect to. */
export function refusalIn({ added, condemned: [first] }: ChainChange): RuleError | undefined {
  if (first?.condemned === undefined || first.index > added.index) return undefined
  if (first.hash === added.hash) return errorOf(first.condemned)
  return new RuleError('bad-prevblk', { previous_hash: first.hash })
}

/**
 * A move that has begun: `next()` does a slice of it, until it gives the change. One that takes more than a
 * slice has written nothing after the first.
 */
export type Reorganisation = Generator<undefined, ChainChange>

/**
 * Makes a complete block the tip, or as much of its branch as the rules take.
 * @param fresh blocks of its branch that are at hand and need not be read again
 */
export function* reorganise(
  to: TreeHeader,
  parts: ChainParts,
  fresh: ReadonlyMap<BlockHash, Block> = new Map(),
): Reorganisation {
  const { tree, pool } = parts
  const poolMove = new PoolMove(pool)
  const move = new Move(parts, { fresh, poolMove })
  let target: TreeHeader | undefined = to
  while (target !== undefined) {
    const isThere: boolean = yield* move.along(target)
    target = isThere ? undefined : nextBest(tree)
  }
  const lost = yield* poolMove.finish()
  const { fork, connected, disconnected, condemned } = move
  return { added: to, tip: tree.tip, fork, connected, disconnected, condemned, lost }
}

/** Runs a move to its end. */
export function finish(move: Reorganisation): ChainChange {
  for (;;) {
    const { done, value } = move.next()
    if (done === true) return value
  }
}

class Move {
  /** What has changed in all since the move began. */
  readonly connected: TreeHeader[] = []
  readonly disconnected: TreeHeader[] = []
  readonly condemned: TreeHeader[] = []
  readonly #parts: ChainParts
  readonly #fresh: ReadonlyMap<BlockHash, Block>
  readonly #poolMove: PoolMove
  #slice = new Slice()
  #hasWritten = false

  constructor(
    parts: ChainParts,
    { fresh, poolMove }: { fresh: ReadonlyMap<BlockHash, Block>; poolMove: PoolMove },
  ) {
    this.#parts = parts
    this.#fresh = fresh
    this.#poolMove = poolMove
  }

  /** The last block that the chain before the move and the chain now share. */
  get fork(): TreeHeader | undefined {
    const first = this.connected[0] ?? this.disconnected.at(-1)
    if (first === undefined) return this.#parts.tree.tip
    return first.parent === undefined ? undefined : this.#parts.tree.header(first.parent)
  }

  /** Goes to a block, or until one on the way is refused; whether it came there. */
  *along(to: TreeHeader): Generator<undefined, boolean> {
    const { tree } = this.#parts
    const branch: TreeHeader[] = []
    let fork: TreeHeader | undefined = to
    while (fork !== undefined && !tree.isActive(fork)) {
      if (!this.#slice.takes(0)) yield
      branch.push(fork)
      fork = fork.parent === undefined ? undefined : tree.header(fork.parent)
    }
    const height = fork?.index ?? 0
    if (!this.#hasWritten && this.#isLong(branch, height)) {
      yield
      this.#slice = new Slice()
    }
    this.#hasWritten = true
    for (let left = tree.length - height; left > 0; left--) {
      if (!this.#slice.takes(tree.tip.sizeBytes)) yield
      this.#disconnect()
    }
    for (let i = branch.length - 1; i >= 0; i--) {
      const header = branch[i]
      if (header === undefined) continue
      if (!this.#slice.takes(header.sizeBytes)) yield
      if (!this.#connect(header)) return false
    }
    return true
  }

  /** Whether what is to be written is more than a turn should do. */
  #isLong(branch: readonly TreeHeader[], height: number): boolean {
    const { tree } = this.#parts
    const slice = this.#slice.copy()
    let header: TreeHeader | undefined = tree.tip
    for (let left = tree.length - height; left > 0 && header !== undefined; left--) {
      if (!slice.takes(header.sizeBytes)) return true
      header = header.parent === undefined ? undefined : tree.header(header.parent)
    }
    return branch.some(({ sizeBytes }) => !slice.takes(sizeBytes))
  }

  #disconnect(): void {
    const { tree, rules } = this.#parts
    const last = tree.tip
    const block = tree.disconnectTip()
    if (this.connected.length > 0) {
      this.connected.pop()
      this.#poolMove.gaveUp()
      return
    }
    this.disconnected.push(last)
    this.#poolMove.left(rules.pool.returned(block))
  }

  /** Whether the rules take it. */
  #connect(header: TreeHeader): boolean {
    const { tree, rules } = this.#parts
    const block = this.#fresh.get(header.hash) ?? tree.block(header)
    const diff = this.#ask(header, block)
    if (diff === undefined) return false
    tree.connect(header, { block, diff })
    if (this.connected.length === 0 && this.disconnected.at(-1)?.hash === header.hash) {
      this.disconnected.pop()
      this.#poolMove.cameBack(rules.pool.returned(block))
      return true
    }
    this.connected.push(header)
    this.#poolMove.joined(rules.pool.returned(block))
    return true
  }

  /** What a block changes; undefined where the rules refuse it, and then it is condemned. */
  #ask(header: TreeHeader, block: Block): LedgerDiff | undefined {
    const { tree, rules } = this.#parts
    const known = tree.outcome(header.hash)
    if (known?.diff !== undefined) return known.diff
    const { value, error } = attempt(() => {
      if (known !== undefined) throw errorOf(known.fault)
      return rules.connect(block, tree.ledger)
    })
    if (error !== undefined) this.condemned.push(tree.condemn(header, faultOf(error)))
    return value
  }
}

/** Counts work until there is enough of it for one turn. */
class Slice {
  #blocks = 0
  #bytes = 0

  copy(): Slice {
    const copy = new Slice()
    copy.#blocks = this.#blocks
    copy.#bytes = this.#bytes
    return copy
  }

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
