/**
 * One node as a state machine without I/O: `step(input, nowMs)` changes the chain through the store
 * and returns what the world has to do. The live node commits what a step wrote before it lets any
 * effect out; the simulator runs the same effects over virtual links.
 * Invariant: at most one search runs, and only while somebody waits for a block.
 */
import type { Block, Header, Transaction } from '../core/block.ts'
import { assert, assertNever, DecodeError, RuleError } from '../core/errors.ts'
import type { BlockHash } from '../core/hash.ts'
import type { Json } from '../core/json.ts'
import { MAX_WAITING_MINES } from '../core/limits.ts'
import type { Puzzle } from '../core/puzzle.ts'
import { BlockChain, type BlockChainOptions } from './blockchain.ts'
import type { BlockInput } from './inputs.ts'
import type { ChainChange } from './reorganisation.ts'

/** What a caller wants. */
export type Request =
  | { readonly type: 'submit-transaction'; readonly transaction: Json }
  | { readonly type: 'mine' }
  | { readonly type: 'add-block'; readonly block: BlockInput }

export type Input =
  | { readonly type: 'request'; readonly id: number; readonly request: Request }
  /** The caller no longer waits. */
  | { readonly type: 'abandoned'; readonly id: number }
  | { readonly type: 'found'; readonly search: number; readonly proof: number }
  /** The search cannot be done here. */
  | { readonly type: 'search-failed'; readonly search: number; readonly reason: string }

export type Reply =
  | { readonly type: 'transaction'; readonly transaction: Transaction; readonly index: number }
  | { readonly type: 'mined'; readonly block: Block }
  | { readonly type: 'block'; readonly change: ChainChange }
  | { readonly type: 'refused'; readonly error: RuleError | DecodeError }

export type NodeEvent =
  | { readonly type: 'transaction'; readonly transaction: Transaction; readonly index: number }
  | { readonly type: 'block'; readonly header: Header }
  | {
      readonly type: 'reorg'
      readonly from: Header
      readonly to: Header
      readonly fork: Header | undefined
      /** How many blocks left the chain and how many joined it. */
      readonly disconnected: number
      readonly connected: number
    }

export type Effect =
  | { readonly type: 'reply'; readonly id: number; readonly reply: Reply }
  | { readonly type: 'emit'; readonly event: NodeEvent }
  | { readonly type: 'search'; readonly search: number; readonly puzzle: Puzzle }
  | { readonly type: 'cancel'; readonly search: number }

export interface NodeOptions extends BlockChainOptions {
  /** This node's id, 32 hex digits: who its rewards go to. */
  readonly id: string
  /** The last number that a search has had, where a node before this one began some. */
  readonly lastSearch?: number
}

export class Node {
  readonly chain: BlockChain
  readonly #id: string
  /** Requests to mine, first come first: the first gets the block that is searched for. */
  readonly #miners: number[] = []
  #search: { readonly number: number; readonly parent: BlockHash } | undefined
  #lastSearch: number
  #effects: Effect[] = []

  constructor({ id, lastSearch = 0, ...options }: NodeOptions) {
    this.chain = new BlockChain(options)
    this.#id = id
    this.#lastSearch = lastSearch
  }

  /** Takes one input and returns what is to be done, in order. `nowMs` is since 1970. */
  step(input: Input, nowMs: number): readonly Effect[] {
    this.#effects = []
    switch (input.type) {
      case 'request':
        this.#answer(input.id, input.request)
        break
      case 'abandoned':
        this.#forget(input.id)
        break
      case 'found':
        this.#found(input, nowMs)
        break
      case 'search-failed':
        this.#searchFailed(input)
        break
      default:
        assertNever(input)
    }
    this.#aim()
    return this.#effects
  }

  #answer(id: number, request: Request): void {
    try {
      const reply = this.#handle(id, request)
      if (reply !== undefined) this.#do({ type: 'reply', id, reply })
    } catch (error) {
      if (!(error instanceof RuleError || error instanceof DecodeError)) throw error
      this.#do({ type: 'reply', id, reply: { type: 'refused', error } })
    }
  }

  /** The reply, where there is one at once. */
  #handle(id: number, request: Request): Reply | undefined {
    switch (request.type) {
      case 'submit-transaction': {
        const { transaction, index } = this.chain.admit(request.transaction)
        this.#emit({ type: 'transaction', transaction, index })
        return { type: 'transaction', transaction, index }
      }
      case 'mine':
        if (this.#miners.length >= MAX_WAITING_MINES) {
          throw new RuleError('mining-queue-full', { limit: MAX_WAITING_MINES })
        }
        this.#miners.push(id)
        return undefined
      case 'add-block': {
        const from = this.chain.tip
        const change = this.chain.addBlock(request.block)
        this.#announce(from, change)
        return { type: 'block', change }
      }
      default:
        return assertNever(request)
    }
  }

  #forget(id: number): void {
    const place = this.#miners.indexOf(id)
    if (place >= 0) this.#miners.splice(place, 1)
  }

  /**
   * A proof arrived. In classic it does not cover the block's own transactions, so the block is made
   * only now, and holds those that were posted while the search ran.
   */
  #found({ search, proof }: { search: number; proof: number }, nowMs: number): void {
    if (this.#search?.number !== search) return
    this.#search = undefined
    const id = this.#miners.shift()
    assert(id !== undefined, 'a search runs only while somebody waits for a block')
    const from = this.chain.tip
    const { block, change } = this.chain.newBlock({
      proof,
      timestampMs: nowMs,
      rewardTo: this.#id,
    })
    this.#announce(from, change)
    this.#do({ type: 'reply', id, reply: { type: 'mined', block } })
  }

  #searchFailed({ search, reason }: { search: number; reason: string }): void {
    if (this.#search?.number !== search) return
    this.#search = undefined
    const error = new RuleError('mining-failed', { reason })
    for (const id of this.#miners.splice(0)) {
      this.#do({ type: 'reply', id, reply: { type: 'refused', error } })
    }
  }

  /** Points the search at the tip, or ends it where nobody waits. */
  #aim(): void {
    const { tip } = this.chain
    const wanted = this.#miners.length > 0
    if (this.#search !== undefined && (!wanted || this.#search.parent !== tip.hash)) {
      this.#do({ type: 'cancel', search: this.#search.number })
      this.#search = undefined
    }
    if (wanted && this.#search === undefined) {
      const number = ++this.#lastSearch
      this.#search = { number, parent: tip.hash }
      this.#do({ type: 'search', search: number, puzzle: this.chain.spec.rules.puzzle(tip) })
    }
  }

  #announce(from: Header, change: ChainChange): void {
    if (change.disconnected.length > 0) {
      this.#emit({
        type: 'reorg',
        from,
        to: change.tip,
        fork: change.fork,
        disconnected: change.disconnected.length,
        connected: change.connected.length,
      })
    }
    for (const header of change.connected) this.#emit({ type: 'block', header })
  }

  #emit(event: NodeEvent): void {
    this.#do({ type: 'emit', event })
  }

  #do(effect: Effect): void {
    this.#effects.push(effect)
  }
}
