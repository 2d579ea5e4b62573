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

/** A transaction that waits, at its place in the queue. */
export interface PoolEntry {
  readonly place: number
  readonly transaction: Transaction
}

/** Whole blocks that the queue fills before its last, unfilled one, and bytes of that. */
interface Packing {
  readonly full: number
  readonly bytes: number
}

export class Pool {
  readonly #store: Store
  readonly #blockBytes: number
  readonly #limits: PoolLimits
  /** Entries by place, in the order of the queue: what was given back last comes first. */
  readonly #parts: Map<number, PoolEntry>[] = [new Map()]
  /** The same by key, equal ones in the order of the queue. */
  readonly #byKey = new Map<string, PoolEntry[]>()
  #size = 0
  #bytes = 0
  #lastPlace = 0
  /** Undefined after a change that it does not follow from. */
  #packing: Packing | undefined = { full: 0, bytes: 0 }

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
      for (const { place, text } of page) this.#append({ place, transaction: decode(text) })
    }
  }

  get size(): number {
    return this.#size
  }

  get bytes(): number {
    return this.#bytes
  }

  transactions(): Transaction[] {
    return Array.from(this.#entries(), ({ transaction }) => transaction)
  }

  /**
   * Puts a transaction at the end of the queue.
   * @returns how many blocks come before the one that will hold it
   * @throws RuleError `mempool-full`
   */
  append(transaction: Transaction): number {
    const { maxTransactions, maxBytes } = this.#limits
    if (this.#size >= maxTransactions) {
      throw new RuleError('mempool-full', { limit: maxTransactions, unit: 'transactions' })
    }
    if (this.#bytes + transaction.text.length > maxBytes) {
      throw new RuleError('mempool-full', { limit: maxBytes, unit: 'bytes' })
    }
    const place = this.#lastPlace + 1
    this.#store.putPooled(place, transaction)
    this.#append({ place, transaction })
    return this.#packed().full
  }

  /** The transactions that the next block takes. */
  forNextBlock(): Transaction[] {
    const taken: Transaction[] = []
    let bytes = 0
    for (const { transaction } of this.#entries()) {
      bytes += transaction.text.length + SEPARATOR_BYTES
      if (bytes > this.#blockBytes) break
      taken.push(transaction)
    }
    return taken
  }

  /** The transaction of a key that comes after so many equal ones in the queue. */
  entry(key: string, after = 0): PoolEntry | undefined {
    return this.#byKey.get(key)?.[after]
  }

  /** Takes entries out. */
  take(entries: readonly PoolEntry[]): void {
    if (entries.length === 0) return
    this.#store.deletePooled(entries.map(({ place }) => place).sort((a, b) => a - b))
    for (const { place, transaction } of entries) {
      this.#parts.find((part) => part.delete(place))
      this.#size--
      this.#bytes -= transaction.text.length
    }
    for (const [key, leaving] of byKey(entries)) {
      const places = new Set(leaving.map(({ place }) => place))
      const left = this.#byKey.get(key)?.filter(({ place }) => !places.has(place)) ?? []
      if (left.length === 0) this.#byKey.delete(key)
      else this.#byKey.set(key, left)
    }
    while (this.#parts.length > 1 && this.#parts[0]?.size === 0) this.#parts.shift()
    this.#packing = undefined
  }

  /**
   * Puts what abandoned blocks held before all that waits, in its order, past the limits that hold for
   * new transactions; `withRoom` says how far.
   */
  giveBack(abandoned: readonly Transaction[]): void {
    if (abandoned.length === 0) return
    const first = this.#parts[0]?.keys().next().value ?? 1
    const front = first - abandoned.length
    const entries = abandoned.map((transaction, i) => ({ place: front + i, transaction }))
    for (const { place, transaction } of entries) this.#store.putPooled(place, transaction)
    this.#parts.unshift(new Map(entries.map((entry) => [entry.place, entry])))
    for (const [key, before] of byKey(entries)) {
      this.#byKey.set(key, before.concat(this.#byKey.get(key) ?? []))
    }
    for (const { text } of abandoned) this.#bytes += text.length
    this.#size += abandoned.length
    this.#packing = undefined
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
      return bytes > maxBytes || this.#size + i + 1 > maxTransactions
    })
    return end < 0 ? abandoned : abandoned.slice(0, end)
  }

  #append(entry: PoolEntry): void {
    const { key, text } = entry.transaction
    this.#parts.at(-1)?.set(entry.place, entry)
    const equal = this.#byKey.get(key)
    if (equal === undefined) this.#byKey.set(key, [entry])
    else equal.push(entry)
    this.#size++
    this.#bytes += text.length
    this.#lastPlace = entry.place
    this.#packing = this.#packing && this.#packedWith(this.#packing, entry)
  }

  *#entries(): Generator<PoolEntry> {
    for (const part of this.#parts) yield* part.values()
  }

  /** How the queue fills blocks. What fits into one is counted, and only more is gone through. */
  #packed(): Packing {
    if (this.#packing !== undefined) return this.#packing
    const bytes = this.#bytes + SEPARATOR_BYTES * this.#size
    let packing = { full: 0, bytes }
    if (bytes > this.#blockBytes) {
      packing = { full: 0, bytes: 0 }
      for (const entry of this.#entries()) packing = this.#packedWith(packing, entry)
    }
    this.#packing = packing
    return packing
  }

  #packedWith({ full, bytes }: Packing, { transaction }: PoolEntry): Packing {
    const more = transaction.text.length + SEPARATOR_BYTES
    if (bytes + more > this.#blockBytes) return { full: full + 1, bytes: more }
    return { full, bytes: bytes + more }
  }
}

/** Entries by key, in their order: equal ones may be very many, and each is to be touched once. */
function byKey(entries: readonly PoolEntry[]): Map<string, PoolEntry[]> {
  return Map.groupBy(entries, ({ transaction }) => transaction.key)
}
