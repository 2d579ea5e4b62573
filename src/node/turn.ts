/**
 * The store transaction around a node's steps. Inputs that come together share one; when that is durable, and not
 * before, what they cause is let out, in order: so nothing uncommitted is ever visible, and an answer means that
 * the store has it. A long reorganisation is a transaction of its own, slice by slice: what came before it is
 * committed first. Whoever drives it says when: a live node by turns of the event loop, a simulator by its clock.
 * A commit may take a while; inputs that come meanwhile are for the next one.
 */
import { assert } from '../core/errors.ts'
import type { Effect, Input, MiningState, NodeBefore, NodeOptions } from './messages.ts'
import { Node } from './node.ts'
import type { Store } from './store/store.ts'

export interface TurnOptions extends Omit<NodeOptions, keyof NodeBefore | 'actFromMs'> {
  readonly store: Store
  /** How long a node that follows a failed one does nothing by itself: the store is not asked for more at once. */
  readonly restMs?: number
}

/** `none`: nothing is written. `steps`, `move`: a transaction is open. `commit`: it is being made durable. */
type Phase = 'none' | 'steps' | 'move' | 'commit'

export class Turn {
  readonly #options: TurnOptions
  /** Undefined after a failure, until the store can be read again. */
  #node: Node | undefined
  /** What a node leaves to the one after it, as far as it is committed. */
  #before: Partial<NodeBefore> = {}
  #phase: Phase = 'none'
  #effects: Effect[] = []
  /** Inputs that came during a commit. */
  #late: Input[] = []

  /** Reads the node from its store. @throws StoreError */
  constructor(options: TurnOptions) {
    this.#options = options
    this.#node = this.#openNode(0)
    this.#before = { peers: this.#node.peers }
  }

  /** The node as it is now, with what is not committed; undefined where its store has failed. */
  get node(): Node | undefined {
    return this.#node
  }

  /** How mining goes, as far as it is committed. */
  get mining(): MiningState {
    return this.#before.mining ?? { on: false, found: 0 }
  }

  /** Whether a transaction is open that `goOn` and `commit` have to end. */
  get isOpen(): boolean {
    return this.#phase === 'steps' || this.#phase === 'move'
  }

  /** Whether it is a long reorganisation's. */
  get isMove(): boolean {
    return this.#phase === 'move'
  }

  /** Takes an input into the transaction that is open, or begins one. @throws StoreError: then `fail` has to follow */
  take(input: Input, nowMs: number): void {
    if (this.#phase === 'commit') {
      this.#late.push(input)
      return
    }
    this.#node ??= this.#openNode(nowMs)
    if (this.#phase === 'none') this.#begin('steps')
    this.#step(this.#node, input, nowMs)
  }

  /** Does a slice of what is to be done before the commit; whether there is more. @throws StoreError, as `take` */
  goOn(nowMs: number): boolean {
    const { store } = this.#options
    const node = this.#node
    assert(this.isOpen && node !== undefined, 'a transaction is open')
    if (this.#phase === 'move' && node.isMoving) {
      this.#step(node, { type: 'continue' }, nowMs)
      return true
    }
    if (!store.isBehind) return false
    store.writeOn()
    return true
  }

  /** Makes it durable; `committed` follows when it is. @throws StoreError, as `take` */
  commit(): void {
    assert(this.isOpen, 'a transaction is open')
    this.#options.store.commit()
    this.#phase = 'commit'
  }

  /** It is durable: what is to be let out. */
  committed(): readonly Effect[] {
    assert(this.#phase === 'commit' && this.#node !== undefined, 'a commit was begun')
    this.#phase = 'none'
    this.#before = { ...this.#before, mining: this.#node.mining }
    const effects = this.#effects
    this.#effects = []
    for (const effect of effects) {
      if (effect.type === 'search') this.#before = { ...this.#before, lastSearch: effect.search }
      if (effect.type === 'ask') this.#before = { ...this.#before, lastAsk: effect.ask }
    }
    return effects
  }

  /** Begins what is to be done after a commit: a long reorganisation, inputs that came meanwhile. @throws StoreError, as `take` */
  beginNext(nowMs: number): void {
    const node = this.#node
    if (node?.isMoving) {
      this.#begin('move')
      this.#step(node, { type: 'continue' }, nowMs)
    }
    for (const input of this.#late.splice(0)) this.take(input, nowMs)
  }

  /** Nothing of the open transaction has happened, nor will anything of the node. @throws StoreError where that fails */
  fail(): void {
    this.#node = undefined
    this.#phase = 'none'
    this.#effects = []
    this.#late = []
    this.#options.store.rollback()
  }

  /** Reads the node from the store again, after a failure; what came before is given on. @throws StoreError */
  reopen(nowMs: number): void {
    this.#node ??= this.#openNode(nowMs)
  }

  #begin(phase: 'steps' | 'move'): void {
    this.#options.store.begin()
    this.#phase = phase
  }

  #step(node: Node, input: Input, nowMs: number): void {
    for (const effect of node.step(input, nowMs)) this.#effects.push(effect)
  }

  #openNode(nowMs: number): Node {
    const { restMs = 0, ...options } = this.#options
    const isFirst = this.#before.peers === undefined
    return new Node({ ...options, ...this.#before, actFromMs: isFirst ? 0 : nowMs + restMs })
  }
}
