/**
 * What a move of the chain does to the current transactions. Blocks that join take theirs out, blocks that
 * leave give theirs back; but nothing is done to the pool before the chain stands, because a block on the way
 * may be refused and its branch given up again. Until then only what will be done is noted.
 */
import type { Transaction } from '../../core/block.ts'
import { MAX_SLICE_TRANSACTIONS } from '../../core/limits.ts'
import { Abandoned } from './abandoned.ts'
import type { Pool, PoolEntry } from './pool.ts'

/** What a block that joined has taken: entries of the pool, and keys of abandoned transactions. */
interface Taken {
  readonly entries: readonly PoolEntry[]
  readonly abandoned: readonly Transaction[]
}

/** Most blocks of most moves have taken nothing. */
const NOTHING: Taken = { entries: [], abandoned: [] }

export class PoolMove {
  readonly #pool: Pool
  readonly #abandoned: Abandoned
  /** By block that joined, the last one last. */
  readonly #joined: Taken[] = []
  /** How many of the pool's entries of a key are taken: the first of equal ones go. */
  readonly #counts = new Map<string, number>()

  constructor(pool: Pool) {
    this.#pool = pool
    this.#abandoned = new Abandoned(pool.returnLimits)
  }

  /** A block of the old chain has left. */
  left(transactions: readonly Transaction[]): void {
    this.#abandoned.add(transactions)
  }

  /** The one that left last is back. */
  cameBack(transactions: readonly Transaction[]): void {
    this.#abandoned.takeBack(transactions)
  }

  /** A block of another branch has joined. */
  joined(transactions: readonly Transaction[]): void {
    if (this.#pool.size === 0 && this.#abandoned.isEmpty) {
      this.#joined.push(NOTHING)
      return
    }
    const entries: PoolEntry[] = []
    const abandoned: Transaction[] = []
    for (const transaction of transactions) {
      if (this.#abandoned.take(transaction)) abandoned.push(transaction)
      else {
        const count = this.#counts.get(transaction.key) ?? 0
        const entry = this.#pool.entry(transaction.key, count)
        if (entry === undefined) continue
        this.#counts.set(transaction.key, count + 1)
        entries.push(entry)
      }
    }
    const isNothing = entries.length === 0 && abandoned.length === 0
    this.#joined.push(isNothing ? NOTHING : { entries, abandoned })
  }

  /** The one that joined last has left again. */
  gaveUp(): void {
    const { entries, abandoned } = this.#joined.pop() ?? NOTHING
    for (const { transaction } of entries) {
      const count = this.#counts.get(transaction.key) ?? 0
      this.#counts.set(transaction.key, count - 1)
    }
    for (const transaction of abandoned) this.#abandoned.putBack(transaction)
  }

  /**
   * The chain stands: does what has been noted, in slices.
   * @returns how many transactions found no room
   */
  *finish(): Generator<undefined, number> {
    let taken: PoolEntry[] = []
    for (const { entries } of this.#joined) {
      if (taken.length > 0 && taken.length + entries.length > MAX_SLICE_TRANSACTIONS) {
        this.#pool.take(taken)
        taken = []
        yield
      }
      for (const entry of entries) taken.push(entry)
    }
    this.#pool.take(taken)
    // The last slice goes back first, and each before those that are there.
    const left = yield* this.#abandoned.left()
    const kept = this.#pool.withRoom(left)
    for (let end = kept.length; end > 0; end -= MAX_SLICE_TRANSACTIONS) {
      this.#pool.giveBack(kept.slice(Math.max(0, end - MAX_SLICE_TRANSACTIONS), end))
      if (end > MAX_SLICE_TRANSACTIONS) yield
    }
    return this.#abandoned.overflow + left.length - kept.length
  }
}
