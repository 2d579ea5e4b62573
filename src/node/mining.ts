/**
 * Who waits for blocks, whether blocks are mined without end, and the search that runs for them.
 * Invariant: at most one search runs, for the block after the tip, and only while a block is wanted.
 */
import type { Block, Header } from '../core/block.ts'
import { RuleError } from '../core/errors.ts'
import type { BlockHash } from '../core/hash.ts'
import { MAX_WAITING_MINES } from '../core/limits.ts'
import { triesUntil } from '../core/puzzle.ts'
import type { BlockChain } from './chain/blockchain.ts'
import type { MiningState, NodeBefore, Reply, Request, SearchEffect } from './messages.ts'

/** A request for blocks: the reward goes to `recipient`, and the reply when there are as many as it wants. */
interface Wish {
  readonly id: number
  /** Of the blocks so far: those themselves may be large. */
  readonly headers: Header[]
  readonly wanted: number
  readonly recipient: string | undefined
}

interface Answer {
  readonly id: number
  readonly reply: Reply
}

/** A search that has succeeded: how many proofs it tried, and who wanted the block, if anybody did. */
export interface Won {
  readonly tries: number
  readonly recipient: string | undefined
  /** Takes the block that was made; the reply, where somebody has all that they wanted. */
  readonly made: (block: Block) => Answer | undefined
  /** No chain takes the block that was made; the reply for whoever wanted it. */
  readonly refused: (error: RuleError) => Answer | undefined
}

interface MiningOptions extends Partial<NodeBefore> {
  /** Of this node, which gets the reward where nobody else asked for it. */
  readonly id: string
  readonly proofStart?: number | undefined
}

export class Mining {
  readonly #chain: BlockChain
  readonly #emit: (effect: SearchEffect) => void
  /** First come first: the first gets the block that is searched for. */
  readonly #wishes: Wish[] = []
  readonly #start: number
  readonly #id: string
  #search: { readonly number: number; readonly parent: BlockHash } | undefined
  #lastSearch: number
  #isOn: boolean
  #found: number

  /** @param options among them what a node before this one has left, on the same data */
  constructor(chain: BlockChain, emit: (effect: SearchEffect) => void, options: MiningOptions) {
    this.#chain = chain
    this.#id = options.id
    this.#emit = emit
    this.#start = options.proofStart ?? 0
    this.#lastSearch = options.lastSearch ?? 0
    this.#isOn = options.mining?.on ?? false
    this.#found = options.mining?.found ?? 0
  }

  /** @throws RuleError `mining-queue-full`, `bad-recipient` */
  wait(id: number, { blocks: wanted = 1, recipient }: Request & { type: 'mine' }): void {
    if (this.#wishes.length >= MAX_WAITING_MINES) {
      throw new RuleError('mining-queue-full', { limit: MAX_WAITING_MINES })
    }
    if (recipient !== undefined) this.#chain.spec.rules.checkRewardTo(recipient)
    this.#wishes.push({ id, headers: [], wanted, recipient })
  }

  leave(id: number): void {
    const place = this.#wishes.findIndex((wish) => wish.id === id)
    if (place >= 0) this.#wishes.splice(place, 1)
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

  /** A search has succeeded; undefined if it is not the one that runs. */
  found({ search, proof }: { search: number; proof: number }): Won | undefined {
    if (this.#search?.number !== search) return undefined
    this.#search = undefined
    const tries = triesUntil(this.#start, proof)
    const wish = this.#wishes[0]
    return {
      tries,
      recipient: wish?.recipient,
      made: (block) => {
        this.#found++
        if (wish === undefined) return undefined
        wish.headers.push(block.header)
        // Whoever wants more gives way to those who have come since.
        this.#wishes.shift()
        if (wish.headers.length < wish.wanted) {
          this.#wishes.push(wish)
          return undefined
        }
        return { id: wish.id, reply: { type: 'mined', block, tries, headers: wish.headers } }
      },
      refused: (error) => {
        if (wish === undefined) return undefined
        this.#wishes.shift()
        return { id: wish.id, reply: { type: 'refused', error } }
      },
    }
  }

  /** A search cannot be done, so none is: everybody who waits for a block, and waits no more. */
  failed(search: number): readonly number[] {
    if (this.#search?.number !== search) return []
    this.#search = undefined
    this.#isOn = false
    return this.#wishes.splice(0).map(({ id }) => id)
  }

  /** Points the search at the tip, or ends it where no block is wanted. */
  aim(nowMs: number): void {
    const { tip } = this.#chain
    const isWanted = this.#isOn || this.#wishes.length > 0
    if (this.#search !== undefined && (!isWanted || this.#search.parent !== tip.hash)) {
      this.#emit({ type: 'cancel', search: this.#search.number })
      this.#search = undefined
    }
    if (!isWanted || this.#search !== undefined) return
    const search = ++this.#lastSearch
    this.#search = { number: search, parent: tip.hash }
    const rewardTo = this.#wishes[0]?.recipient ?? this.#id
    const puzzle = this.#chain.puzzle({ timestampMs: nowMs, rewardTo })
    this.#emit({ type: 'search', search, puzzle, start: this.#start })
  }
}
