/**
 * One node as a state machine without I/O: `step(input, nowMs)` changes the chain through the store
 * and returns what the world has to do. The live node commits what a step wrote before it lets any
 * effect out; the simulator runs the same effects over virtual links. While the chain moves to
 * another branch, slice by slice, other inputs wait: nobody meets it half way.
 */
import type { Header } from '../core/block.ts'
import { assertNever, attempt, DecodeError, RuleError } from '../core/errors.ts'
import { MAX_TICK_DELAY_MS } from '../core/limits.ts'
import { BlockChain } from './chain/blockchain.ts'
import { chainOptionsIn } from './chain/options.ts'
import { type ChainChange, type Reorganisation, refusalIn } from './chain/reorganisation.ts'
import {
  type Effect,
  eventsOf,
  type Input,
  type MiningState,
  type NodeEvent,
  type NodeOptions,
  type Reply,
  type Request,
} from './messages.ts'
import { Mining } from './mining.ts'
import { fullAddress, parseAddress, parseAddresses, sameAddress } from './peers/address.ts'
import { Asks } from './pull/asking.ts'
import { earliest } from './pull/earliest.ts'
import type { Peers } from './pull/peer-records.ts'
import { Survey } from './pull/survey.ts'
import { type Better, Sync } from './pull/sync.ts'
import { type Waiting, WaitingInputs } from './waiting-inputs.ts'

/** A move to a better branch that has begun. */
interface Move {
  readonly work: Reorganisation
  readonly better: Better
  readonly from: Header
  begunMs: number
}

export class Node {
  readonly chain: BlockChain
  readonly #id: string
  readonly #ownAddresses: ReadonlySet<string>
  readonly #resolveEveryMs: number | undefined
  readonly #mining: Mining
  readonly #sync: Sync
  readonly #survey: Survey
  readonly #actFromMs: number
  #nextResolveMs: number | undefined
  #lastMs = 0
  #isPruning = false
  #isExcused = false
  #move: Move | undefined
  readonly #waiting = new WaitingInputs()
  #effects: Effect[] = []

  constructor(options: NodeOptions) {
    const { id, ownAddresses = [], resolveEveryMs, syncLimits, peers, actFromMs = 0 } = options
    this.#actFromMs = actFromMs
    this.chain = new BlockChain(chainOptionsIn(options))
    this.#id = id
    this.#ownAddresses = new Set(ownAddresses.map(fullAddress))
    this.#resolveEveryMs = resolveEveryMs
    this.#nextResolveMs = resolveEveryMs === undefined ? undefined : this.#actFromMs
    const emit = (effect: Effect) => this.#do(effect)
    const asks = new Asks(emit, options.lastAsk)
    this.#mining = new Mining(this.chain, emit, options)
    this.#sync = new Sync({ chain: this.chain, asks, ownId: id, peers, limits: syncLimits })
    this.#survey = new Survey({ chain: this.chain, asks, ownId: id })
  }

  /** Takes one input and returns what is to be done, in order. `nowMs` is since 1970. */
  step(input: Input, nowMs: number): readonly Effect[] {
    this.#effects = []
    this.#observeClock(nowMs)
    if (input.type === 'continue') this.#goOn(nowMs)
    else this.#waiting.add(input)
    while (this.#move === undefined) {
      const next = this.#waiting.next()
      if (next === undefined) break
      this.#take(next, nowMs)
      const better = this.#sync.takeBetter()
      if (better !== undefined) this.#moveTo(better, nowMs)
      else this.#settle(nowMs)
    }
    return this.#effects
  }

  get mining(): MiningState {
    return this.#mining.state
  }

  get peers(): Peers {
    return this.#sync.peers
  }

  /** Whether the next input has to be `continue`, in another store transaction: nothing is written yet. */
  get isMoving(): boolean {
    return this.#move !== undefined
  }

  /** When the node wants a `tick`, if nothing else happens before. */
  get wakeAtMs(): number | undefined {
    if (this.#isPruning) return this.#lastMs
    const mineFromMs = this.#mining.isStalled ? this.#actFromMs : undefined
    return earliest([this.#nextResolveMs, this.#sync.wakeAtMs, this.#survey.wakeAtMs, mineFromMs])
  }

  #take(input: Waiting, nowMs: number): void {
    switch (input.type) {
      case 'request':
        this.#answer(input.id, input.request, nowMs)
        return
      case 'abandoned':
        this.#mining.leave(input.id)
        this.#sync.leave(input.id)
        this.#survey.leave(input.id)
        return
      case 'found':
        this.#found(input, nowMs)
        return
      case 'search-failed': {
        const error = new RuleError('mining-failed', { reason: input.reason })
        for (const id of this.#mining.failed(input.search)) {
          this.#reply(id, { type: 'refused', error })
        }
        return
      }
      case 'connected':
      case 'began':
      case 'heard':
      case 'ended':
      case 'ask-failed':
        // An answer to a question that was given up meanwhile is nobody's.
        if (!this.#sync.take(input, nowMs)) this.#survey.take(input)
        return
      case 'tick':
        this.#tick(nowMs)
        return
      default:
        assertNever(input)
    }
  }

  #answer(id: number, request: Request, nowMs: number): void {
    try {
      const reply = this.#handle(id, request, nowMs)
      if (reply !== undefined) this.#reply(id, reply)
    } catch (error) {
      if (!(error instanceof RuleError || error instanceof DecodeError)) throw error
      this.#reply(id, { type: 'refused', error })
    }
  }

  /** The reply, where there is one at once. */
  #handle(id: number, request: Request, nowMs: number): Reply | undefined {
    switch (request.type) {
      case 'submit-transaction': {
        const { transaction, index } = this.chain.admit(request.transaction)
        this.#emit({ type: 'transaction', transaction, index })
        return { type: 'transaction', transaction, index }
      }
      case 'mine':
        return void this.#mining.wait(id, request)
      case 'set-mining':
        return this.#mining.set(request)
      case 'add-block': {
        const from = this.chain.tip
        const change = this.chain.addBlock(request.block, undefined, this.#sync.growing)
        this.#announce(from, change)
        const error = refusalIn(change)
        return error === undefined ? { type: 'block', change } : { type: 'refused', error }
      }
      case 'register-nodes':
        return this.#register(request.nodes)
      case 'remove-node': {
        const wanted = parseAddress(request.node)
        const address = this.chain.nodes.find((known) => sameAddress(known, wanted)) ?? wanted
        const wasKnown = this.chain.removeNode(address)
        if (wasKnown) this.#sync.forget(address)
        return { type: 'removed', wasKnown, nodes: this.chain.nodes }
      }
      case 'list-nodes': {
        const records = this.chain.nodes.map((address) => this.#sync.peers.record(address))
        return { type: 'nodes', records }
      }
      case 'resolve':
        this.#sync.resolve(id, nowMs)
        return undefined
      case 'survey':
        this.#survey.begin(id, nowMs)
        return undefined
      default:
        return assertNever(request)
    }
  }

  #register(texts: readonly string[]): Reply {
    const addresses = parseAddresses(texts)
    const isOwn = (address: string) => this.#ownAddresses.has(fullAddress(address))
    const added = this.chain.registerNodes(addresses.filter((address) => !isOwn(address)))
    return { type: 'registered', added, own: addresses.filter(isOwn), nodes: this.chain.nodes }
  }

  /**
   * A proof arrived. In classic it does not cover the block's own transactions, so the block is made
   * only now, and holds those that were posted while the search ran.
   */
  #found({ search, proof }: { search: number; proof: number }, nowMs: number): void {
    const won = this.#mining.found({ search, proof })
    if (won === undefined) return
    const from = this.chain.tip
    const rewardTo = won.recipient ?? this.#id
    const parts = { proof, timestampMs: nowMs, rewardTo, growing: this.#sync.growing }
    const made = attempt(() => this.chain.newBlock(parts))
    if (made.value !== undefined) this.#announce(from, made.value.change)
    const error = made.error ?? refusalIn(made.value.change)
    const done = error === undefined ? made.value && won.made(made.value.block) : won.refused(error)
    if (done !== undefined) this.#reply(done.id, done.reply)
  }

  /** If the tick is late we were busy, and what nodes have answered meanwhile has not been heard. */
  #tick(nowMs: number): void {
    const dueMs = earliest([this.#sync.wakeAtMs, this.#survey.wakeAtMs])
    const lateMs = nowMs - (dueMs ?? nowMs)
    // Once: who is always late would wait for ever.
    this.#isExcused = lateMs > MAX_TICK_DELAY_MS && !this.#isExcused
    if (this.#isExcused) this.#excuse(lateMs + MAX_TICK_DELAY_MS)
    this.#sync.tick(nowMs)
    this.#survey.tick(nowMs)
    if (this.#resolveEveryMs === undefined || nowMs < (this.#nextResolveMs ?? 0)) return
    this.#nextResolveMs = nowMs + this.#resolveEveryMs
    this.#sync.resolveByItself(nowMs)
  }

  /** The clock was set back: what was to come in a second is still to come in a second. */
  #observeClock(nowMs: number): void {
    const backMs = this.#lastMs - nowMs
    this.#lastMs = nowMs
    if (backMs <= 0) return
    this.#excuse(-backMs)
    this.#sync.peers.shift(-backMs)
    if (this.#nextResolveMs !== undefined) this.#nextResolveMs -= backMs
    if (this.#move !== undefined) this.#move.begunMs -= backMs
  }

  #excuse(durationMs: number): void {
    this.#sync.excuse(durationMs)
    this.#survey.excuse(durationMs)
  }

  #moveTo(better: Better, nowMs: number): void {
    const work = this.chain.activate(better.to, better.fresh)
    this.#move = { work, better, from: this.chain.tip, begunMs: nowMs }
    this.#goOn(nowMs)
  }

  /** Does a slice of the move that is under way. */
  #goOn(nowMs: number): void {
    if (this.#move === undefined) return
    const { work, better, from, begunMs } = this.#move
    const { done, value } = work.next()
    if (done !== true) return
    this.#move = undefined
    this.#sync.adopted(better)
    this.#announce(from, value)
    this.#excuse(nowMs - begunMs)
    this.#settle(nowMs)
  }

  /** The chain stands still: what depends on where it ends. */
  #settle(nowMs: number): void {
    const mayPrune = this.#isPruning || this.#sync.hasEnded
    for (const { ids, replaced, report } of this.#sync.settle(nowMs)) {
      for (const id of ids) this.#reply(id, { type: 'resolved', replaced, report })
    }
    const { ids = [], nodes = [] } = this.#survey.settle() ?? {}
    for (const id of ids) this.#reply(id, { type: 'surveyed', nodes })
    if (mayPrune) this.#isPruning = this.chain.prune(this.#sync.growing)
    this.#mining.aim(nowMs)
  }

  #announce(from: Header, change: ChainChange): void {
    for (const event of eventsOf(from, change)) this.#emit(event)
  }

  #emit(event: NodeEvent): void {
    this.#do({ type: 'emit', event })
  }

  #reply(id: number, reply: Reply): void {
    this.#do({ type: 'reply', id, reply })
  }

  #do(effect: Effect): void {
    this.#effects.push(effect)
  }
}
