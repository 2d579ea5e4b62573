/** What a chain is made of, opened from a store, and opened again after the store has failed. */
import type { Consensus } from '../../core/consensus.ts'
import { RuleError } from '../../core/errors.ts'
import { atomically, type Store } from '../store/store.ts'
import { storedTransaction } from '../store/stored.ts'
import { BlockTree } from './blocktree.ts'
import { Pool, type PoolLimits } from './pool.ts'

/** What a reorganisation works on. */
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
    blockBytes: rules.pool.blockBytes,
    decode: (text) => storedTransaction(rules, text),
    limits: poolLimits,
  })
  return { rules, tree: new BlockTree(store, rules, { maxSideBytes }), pool }
}

export class OpenChain {
  readonly #store: Store
  readonly #rules: Consensus
  readonly #limits: ChainLimits
  /** Undefined after a failure, until the store can be read again. */
  #parts: ChainParts | undefined

  /** The store must hold an active chain. @throws StoreError */
  constructor(store: Store, rules: Consensus, limits: ChainLimits) {
    this.#store = store
    this.#rules = rules
    this.#limits = limits
    this.#parts = openParts(store, rules, limits)
  }

  /** @throws StoreError where the store has failed and still does */
  get parts(): ChainParts {
    this.#parts ??= openParts(this.#store, this.#rules, this.#limits)
    return this.#parts
  }

  /**
   * Runs writes in one store transaction. Rules refuse before they write, so a refusal leaves nothing
   * behind; after a failure of another kind in a transaction of our own, the store is read again when it
   * is next asked.
   */
  write<T>(work: () => T): T {
    try {
      return atomically(this.#store, work)
    } catch (error) {
      if (!(error instanceof RuleError) && !this.#store.inTransaction) this.#parts = undefined
      throw error
    }
  }
}
