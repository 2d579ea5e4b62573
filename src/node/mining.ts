/**
 * Who waits for a block, whether blocks are mined without end, and the search that runs for them.
 * Invariant: at most one search runs, for the block after the tip, and only while a block is wanted.
 */
import { RuleError } from '../core/errors.ts'
import type { BlockHash } from '../core/hash.ts'
import { MAX_WAITING_MINES } from '../core/limits.ts'
import type { BlockChain } from './chain/blockchain.ts'
import type { MiningState, NodeBefore, Reply, SearchEffect } from './messages.ts'

export class Mining {
  readonly #chain: BlockChain
  readonly #emit: (effect: SearchEffect) => void
  /** Requests to mine, first come first: the first gets the block that is searched for. */
  readonly #waiting: number[] = []
  #search: { readonly number: number; readonly parent: BlockHash } | undefined
  #lastSearch: number
  #isOn: boolean
  #found: number

  /** @param before of a node before this one, on the same data */
  constructor(
    chain: BlockChain,
    emit: (effect: SearchEffect) => void,
    before: Partial<NodeBefore> = {},
  ) {
    this.#chain = chain
    this.#emit = emit
    this.#lastSearch = before.lastSearch ?? 0
    this.#isOn = before.mining?.on ?? false
    this.#found = before.mining?.found ?? 0
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

  get state(): MiningState {
    return { on: this.#isOn, found: this.#found }
  }

  /** Whether a block is wanted and none is searched for, as after a failure of the store. */
  get isStalled(): boolean {
    return this.#isOn && this.#search === undefined
  }

  /** Mines one block after another from now on, or only those that somebody waits for. */
  set({ on, threads }: { on: boolean; threads?: number | undefined }): Reply {
    this.#isOn = on
    if (threads !== undefined) this.#emit({ type: 'set-threads', count: threads })
    return { type: 'mining', state: this.state }
  }

  /** A search has succeeded: who gets the block, if anybody waits. False if it is not the one that runs. */
  found(search: number): { readonly id: number | undefined } | false {
    if (this.#search?.number !== search) return false
    this.#search = undefined
    this.#found++
    return { id: this.#waiting.shift() }
  }

  /** A search cannot be done, so none is: everybody who waits for a block, and waits no more. */
  failed(search: number): readonly number[] {
    if (this.#search?.number !== search) return []
    this.#search = undefined
    this.#isOn = false
    return this.#waiting.splice(0)
  }

  /** Points the search at the tip, or ends it where no block is wanted. */
  aim(): void {
    const { tip } = this.#chain
    const isWanted = this.#isOn || this.#waiting.length > 0
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
