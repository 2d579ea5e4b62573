/**
 * The current transactions (Bitcoin's mempool): those that wait for a block, in order. Bounded by
 * count and bytes. Knows which block will hold each of them, because a block takes them from the
 * front until it is full.
 */
import type { Transaction } from '../../core/block.ts'
import { RuleError } from '../../core/errors.ts'
import { MAX_POOL_BYTES, MAX_POOL_TRANSACTIONS, RETURNED_POOL_FACTOR } from '../../core/limits.ts'
import { pooledPages, type Store } from '../store/store.ts'

export interface PoolLimits {
  readonly maxTransactions: number
  readonly maxBytes: number
}

const DEFAULT_LIMITS: PoolLimits = {
  maxTransactions: MAX_POOL_TRANSACTIONS,
  maxBytes: MAX_POOL_BYTES,
}

/** `", "` between two transactions of a block. */
const SEPARATOR_BYTES = 2

/** Transactions read from the store at once when a node starts. */
const LOAD_PAGE = 1_000

export class Pool {
  readonly #store: Store
  readonly #blockBytes: number
  readonly #limits: PoolLimits
  /** By place in the queue, in order. */
  #waiting = new Map<number, Transaction>()
  #bytes = 0
  #lastPlace = 0
  /** Whole blocks that the queue fills before its last, unfilled one. */
  #fullBlocks = 0
  #lastBlockBytes = 0

  /**
   * @param blockBytes bytes of transactions that one block takes
   * @param decode reads a stored transaction
   */
  constructor(
    store: Store,
    {
      blockBytes,
      decode,
      limits = DEFAULT_LIMITS,
    }: {
      blockBytes: number
      decode: (text: string) => Transaction
      limits?: PoolLimits | undefined
    },
  ) {
    this.#store = store
    this.#blockBytes = blockBytes
    this.#limits = limits
    for (const page of pooledPages(store, LOAD_PAGE)) {
      for (const { place, text } of page) this.#hold(place, decode(text))
    }
  }

  get size(): number {
    return this.#waiting.size
  }

  get bytes(): number {
    return this.#bytes
  }

  transactions(): Transaction[] {
    return [...this.#waiting.values()]
  }

  /**
   * Puts a transaction at the end of the queue.
   * @returns how many blocks come before the one that will hold it
   * @throws RuleError `mempool-full`
   */
  append(transaction: Transaction): number {
    const { maxTransactions, maxBytes } = this.#limits
    if (this.#waiting.size >= maxTransactions) {
      throw new RuleError('mempool-full', { limit: maxTransactions, unit: 'transactions' })
    }
    if (this.#bytes + transaction.text.length > maxBytes) {
      throw new RuleError('mempool-full', { limit: maxBytes, unit: 'bytes' })
    }
    const place = this.#lastPlace + 1
    this.#store.putPooled(place, transaction)
    return this.#hold(place, transaction)
  }

  /** The transactions that the next block takes. */
  forNextBlock(): Transaction[] {
    const taken: Transaction[] = []
    let bytes = 0
    for (const transaction of this.#waiting.values()) {
      bytes += transaction.text.length + SEPARATOR_BYTES
      if (bytes > this.#blockBytes) break
      taken.push(transaction)
    }
    return taken
  }

  /**
   * Takes out what blocks hold now, one for each, because two equal payments are two; the first of
   * equal ones goes.
   */
  remove(confirmed: readonly Transaction[]): void {
    if (confirmed.length === 0 || this.#waiting.size === 0) return
    const counts = new Map<string, number>()
    for (const { key } of confirmed) counts.set(key, (counts.get(key) ?? 0) + 1)
    const leaving: number[] = []
    for (const [place, { key }] of this.#waiting) {
      const count = counts.get(key) ?? 0
      if (count === 0) continue
      counts.set(key, count - 1)
      leaving.push(place)
    }
    this.#store.deletePooled(leaving)
    for (const place of leaving) this.#waiting.delete(place)
    this.#repack([...this.#waiting])
  }

  /**
   * Puts what abandoned blocks held before all that waits, in its order, past the limits that hold for
   * new transactions; `withRoom` says how far.
   */
  giveBack(abandoned: readonly Transaction[]): void {
    const first: number | undefined = this.#waiting.keys().next().value
    const front = (first ?? 1) - abandoned.length
    const before = abandoned.map((transaction, i) => [front + i, transaction] as const)
    for (const [place, transaction] of before) this.#store.putPooled(place, transaction)
    this.#repack([...before, ...this.#waiting])
  }

  /** All that waits and returns, at most. */
  get returnLimits(): PoolLimits {
    const { maxTransactions, maxBytes } = this.#limits
    return {
      maxTransactions: RETURNED_POOL_FACTOR * maxTransactions,
      maxBytes: RETURNED_POOL_FACTOR * maxBytes,
    }
  }

  /** The first of them, as far as there is room for what returns: not without end, as blocks are cheap. */
  withRoom(abandoned: readonly Transaction[]): readonly Transaction[] {
    const { maxTransactions, maxBytes } = this.returnLimits
    let bytes = this.#bytes
    const end = abandoned.findIndex(({ text }, i) => {
      bytes += text.length
      return bytes > maxBytes || this.#waiting.size + i + 1 > maxTransactions
    })
    return end < 0 ? abandoned : abandoned.slice(0, end)
  }

  #repack(entries: readonly (readonly [number, Transaction])[]): void {
    this.#waiting = new Map()
    this.#bytes = 0
    this.#fullBlocks = 0
    this.#lastBlockBytes = 0
    for (const [place, transaction] of entries) this.#hold(place, transaction)
  }

  #hold(place: number, transaction: Transaction): number {
    this.#waiting.set(place, transaction)
    this.#lastPlace = place
    this.#bytes += transaction.text.length
    const bytes = transaction.text.length + SEPARATOR_BYTES
    if (this.#lastBlockBytes + bytes > this.#blockBytes) {
      this.#fullBlocks++
      this.#lastBlockBytes = 0
    }
    this.#lastBlockBytes += bytes
    return this.#fullBlocks
  }
}
