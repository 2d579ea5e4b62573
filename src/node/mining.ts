/**
 * Who waits for a block, and the search that runs for them. Invariant: at most one search runs, for
 * the block after the tip, and only while somebody waits.
 */
import { RuleError } from '../core/errors.ts'
import type { BlockHash } from '../core/hash.ts'
import { MAX_WAITING_MINES } from '../core/limits.ts'
import type { BlockChain } from './blockchain.ts'
import type { SearchEffect } from './messages.ts'

export class Mining {
  readonly #chain: BlockChain
  readonly #emit: (effect: SearchEffect) => void
  /** Requests to mine, first come first: the first gets the block that is searched for. */
  readonly #waiting: number[] = []
  #search: { readonly number: number; readonly parent: BlockHash } | undefined
  #lastSearch: number

  /** @param lastSearch the last number that a search has had, of a node before this one */
  constructor(chain: BlockChain, emit: (effect: SearchEffect) => void, lastSearch: number) {
    this.#chain = chain
    this.#emit = emit
    this.#lastSearch = lastSearch
  }

  /** @throws RuleError `mining-queue-full` */
  wait(id: number): void {
    if (this.#waiting.length >= MAX_WAITING_MINES) {
      throw new RuleError('mining-queue-full', { limit: MAX_WAITING_MINES })
    }
    this.#waiting.push(id)
  }

  leave(id: number): void {
    const place = this.#waiting.indexOf(id)
    if (place >= 0) this.#waiting.splice(place, 1)
  }

  /** A search has succeeded: who gets the block; undefined if it is no longer the one that runs. */
  found(search: number): number | undefined {
    if (this.#search?.number !== search) return undefined
    this.#search = undefined
    return this.#waiting.shift()
  }

  /** A search cannot be done: everybody who waits for a block, and waits no more. */
  failed(search: number): readonly number[] {
    if (this.#search?.number !== search) return []
    this.#search = undefined
    return this.#waiting.splice(0)
  }

  /** Points the search at the tip, or ends it where nobody waits. */
  aim(): void {
    const { tip } = this.#chain
    const isWanted = this.#waiting.length > 0
    if (this.#search !== undefined && (!isWanted || this.#search.parent !== tip.hash)) {
      this.#emit({ type: 'cancel', search: this.#search.number })
      this.#search = undefined
    }
    if (!isWanted || this.#search !== undefined) return
    this.#search = { number: ++this.#lastSearch, parent: tip.hash }
    const puzzle = this.#chain.spec.rules.puzzle(tip)
    this.#emit({ type: 'search', search: this.#search.number, puzzle })
  }
}
