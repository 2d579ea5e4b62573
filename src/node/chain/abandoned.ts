/**
 * Transactions of the blocks that a reorganisation abandons, less those that the new branch holds: a
 * multiset difference. No more are kept than may be given back, however many blocks are abandoned.
 */
import type { Transaction } from '../../core/block.ts'
import { MAX_SLICE_TRANSACTIONS } from '../../core/limits.ts'
import type { PoolLimits } from './pool.ts'

export class Abandoned {
  readonly #limits: PoolLimits
  /** Block by block, the last block first. */
  readonly #blocks: (readonly Transaction[])[] = []
  readonly #counts = new Map<string, number>()
  readonly #taken = new Map<string, number>()
  #transactions = 0
  #bytes = 0
  #overflow = 0

  /** @param limits how much can be given back at most */
  constructor(limits: PoolLimits) {
    this.#limits = limits
  }

  get isEmpty(): boolean {
    return this.#blocks.length === 0
  }

  /** How many were too many to keep; some of them may be in the new branch. */
  get overflow(): number {
    return this.#overflow
  }

  /** Takes those of the next block, on the way down to the fork. */
  add(transactions: readonly Transaction[]): void {
    if (transactions.length === 0) return
    this.#blocks.push(transactions)
    this.#transactions += transactions.length
    for (const { key, text } of transactions) {
      this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
      this.#bytes += text.length
    }
    while (this.#isOver() && this.#blocks.length > 1) this.#dropLatest()
  }

  #isOver(): boolean {
    const { maxTransactions, maxBytes } = this.#limits
    return this.#transactions > maxTransactions || this.#bytes > maxBytes
  }

  /** The block that was abandoned first is the latest: what is older comes back first. */
  #dropLatest(): void {
    for (const { key, text } of this.#blocks.shift() ?? []) {
      const count = this.#counts.get(key) ?? 0
      if (count > 1) this.#counts.set(key, count - 1)
      else this.#counts.delete(key)
      this.#transactions--
      this.#bytes -= text.length
      this.#overflow++
    }
  }

  /** Whether one equal transaction was here and not taken yet; it is taken now. */
  take({ key }: Transaction): boolean {
    const count = this.#counts.get(key) ?? 0
    if (count === 0) return false
    this.#counts.set(key, count - 1)
    this.#taken.set(key, (this.#taken.get(key) ?? 0) + 1)
    return true
  }

  /** One that was taken was not taken after all. */
  putBack({ key }: Transaction): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
    this.#taken.set(key, (this.#taken.get(key) ?? 0) - 1)
  }

  /** The block that was abandoned last is one of the chain again. Nothing is taken at that time. */
  takeBack(transactions: readonly Transaction[]): void {
    if (transactions.length === 0) return
    // Of many blocks the first have been dropped, the last of these last.
    if (this.#blocks.pop() === undefined) {
      this.#overflow -= transactions.length
      return
    }
    for (const { key, text } of transactions) {
      this.#counts.set(key, (this.#counts.get(key) ?? 0) - 1)
      this.#transactions--
      this.#bytes -= text.length
    }
  }

  /** What is left, oldest first; of equal ones the first are those that were taken. In slices. */
  *left(): Generator<undefined, readonly Transaction[]> {
    const left: Transaction[] = []
    let looks = 0
    for (const block of this.#blocks.reverse()) {
      looks += block.length
      if (looks > MAX_SLICE_TRANSACTIONS) {
        yield
        looks = block.length
      }
      for (const transaction of block) {
        const taken = this.#taken.get(transaction.key) ?? 0
        if (taken > 0) this.#taken.set(transaction.key, taken - 1)
        else left.push(transaction)
      }
    }
    return left
  }
}
