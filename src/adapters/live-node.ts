/**
 * Runs a node in the real world. The inputs of one turn of the event loop share one store
 * transaction; it is committed first, and only then do replies and events go out, in order. So
 * nothing uncommitted is ever visible, and an answer means that the disk has it. If a commit
 * fails, the node is read again from the store and everybody who waits gets an error.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { MAX_OPEN_SNAPSHOTS, MAX_WAITING_REQUESTS } from '../core/limits.ts'
import type { Spec } from '../core/spec.ts'
import { atomically } from '../node/atomically.ts'
import {
  type Effect,
  type Input,
  Node,
  type NodeEvent,
  type Reply,
  type Request,
} from '../node/node.ts'
import { type Snapshot, type Store, StoreError, type StoreReader } from '../node/ports.ts'
import type { Miner, MinerCallbacks } from './miner.ts'

export interface LiveNodeOptions {
  readonly spec: Spec
  readonly store: Store
  readonly createMiner: (callbacks: MinerCallbacks) => Miner
  /** Milliseconds since 1970. */
  readonly nowMs: () => number
  /** A fresh node id, 32 hex digits; asked for once in the life of the data. */
  readonly newId: () => string
  /** Our own code is wrong: the program should stop. */
  readonly onFatal: (cause: unknown) => void
}

/** The node cannot answer now, for no fault of the caller's. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError'
  readonly code: 'node-busy' | 'too-many-streams' | 'shutting-down'

  constructor(code: UnavailableError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** A counted view of the store; closing it twice is closing it once. */
export interface OpenSnapshot {
  readonly reader: StoreReader
  close(): void
}

interface Waiting {
  readonly resolve: (reply: Reply) => void
  readonly reject: (cause: unknown) => void
}

export class LiveNode {
  readonly spec: Spec
  readonly id: string
  readonly #options: LiveNodeOptions
  readonly #store: Store
  readonly #miner: Miner
  readonly #listeners = new Set<(event: NodeEvent) => void>()
  readonly #waiting = new Map<number, Waiting>()
  /** Undefined after a failure, until the store can be read again. */
  #node: Node | undefined
  #turn: { readonly effects: Effect[]; readonly done: PromiseWithResolvers<void> } | undefined
  #requests = 0
  /** Outlives a node that failed, so that a late proof is never taken for a newer search's. */
  #lastSearch = 0
  #snapshots = 0
  #currentTransactions = 0
  #closing = false
  #closed = false
  #end: Promise<void> | undefined

  /** @throws StoreError */
  constructor(options: LiveNodeOptions) {
    this.#options = options
    this.spec = options.spec
    this.#store = options.store
    // In one transaction: data hold both an id and a genesis, or neither.
    ;[this.id, this.#node] = atomically(options.store, () => {
      const id = identify(options.store, options.newId)
      return [id, this.#openNode(id)]
    })
    this.#miner = options.createMiner({
      onFound: ({ search, proof }) => this.#take({ type: 'found', search, proof }),
      onFailed: (search, cause) => {
        this.#take({ type: 'search-failed', search, reason: cause.message })
      },
    })
  }

  /**
   * Asks the node for something; the answer means that what changed is durable.
   * @param signal aborts when the caller no longer waits
   * @throws StoreError, UnavailableError
   */
  async request(request: Request, signal?: AbortSignal): Promise<Reply> {
    signal?.throwIfAborted()
    if (this.#closing) throw shuttingDown()
    if (this.#waiting.size >= MAX_WAITING_REQUESTS) {
      throw new UnavailableError(
        'node-busy',
        `${MAX_WAITING_REQUESTS} requests are waiting already`,
      )
    }
    const id = ++this.#requests
    const { promise, resolve, reject } = Promise.withResolvers<Reply>()
    this.#waiting.set(id, { resolve, reject })
    const onAbort = () => {
      if (this.#waiting.delete(id)) this.#take({ type: 'abandoned', id })
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    this.#take({ type: 'request', id, request })
    return promise.finally(() => signal?.removeEventListener('abort', onAbort))
  }

  /**
   * Opens a view of what is committed, for a reader that takes its time. Close it.
   * @throws StoreError, UnavailableError `too-many-streams`
   */
  async snapshot(): Promise<OpenSnapshot> {
    if (this.#snapshots >= MAX_OPEN_SNAPSHOTS) {
      const said = `${MAX_OPEN_SNAPSHOTS} answers are being streamed already`
      throw new UnavailableError('too-many-streams', said)
    }
    this.#snapshots++
    let closeStore = () => {}
    let isOpen = true
    const close = () => {
      if (!isOpen) return
      isOpen = false
      this.#snapshots--
      closeStore()
    }
    try {
      const reader = await this.#committed()
      closeStore = () => reader.close()
      return { reader, close }
    } catch (error) {
      close()
      throw error
    }
  }

  /** Reads what is committed, at once. @throws StoreError, UnavailableError `shutting-down` */
  async read<T>(work: (reader: StoreReader) => T): Promise<T> {
    const snapshot = await this.#committed()
    try {
      return work(snapshot)
    } finally {
      snapshot.close()
    }
  }

  /** How many transactions wait for a block, of those that are committed. */
  get currentTransactionCount(): number {
    return this.#currentTransactions
  }

  /** Hears of what was committed, in order, until the returned function is called. */
  subscribe(listener: (event: NodeEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Takes no more requests, and refuses those that wait; what was accepted is committed first. */
  async turnAway(): Promise<void> {
    this.#closing = true
    await this.#turn?.done.promise
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    this.#miner.cancelAll()
    for (const { reject } of waiting) reject(shuttingDown())
    // Their answers are written before the caller goes on to close connections.
    await nextTurn()
  }

  /** Commits what was accepted, turns away who waits, and closes miner and store. */
  close(): Promise<void> {
    this.#end ??= this.#shutDown()
    return this.#end
  }

  async #shutDown(): Promise<void> {
    await this.turnAway()
    this.#closed = true
    await this.#miner.close()
    this.#store.close()
  }

  async #committed(): Promise<Snapshot> {
    // A turn that begins while we wait for the one before is waited for too.
    while (this.#turn !== undefined) await this.#turn.done.promise
    if (this.#closed) throw shuttingDown()
    return this.#store.snapshot()
  }

  /** One input into the turn that is open, or into a new one. */
  #take(input: Input): void {
    if (this.#closed) return
    try {
      this.#node ??= this.#openNode(this.id)
      if (this.#turn === undefined) {
        this.#store.begin()
        this.#turn = { effects: [], done: Promise.withResolvers() }
        setImmediate(() => this.#endTurn())
      }
      this.#turn.effects.push(...this.#node.step(input, this.#options.nowMs()))
    } catch (error) {
      this.#fail(error)
    }
  }

  #endTurn(): void {
    const turn = this.#turn
    if (turn === undefined) return
    try {
      this.#store.commit()
    } catch (error) {
      this.#fail(error)
      return
    }
    this.#turn = undefined
    this.#currentTransactions = this.#node?.chain.currentTransactionCount ?? 0
    for (const effect of turn.effects) this.#run(effect)
    turn.done.resolve()
  }

  /** Nothing of the open turn happened: everybody who waits hears of it, and the node starts anew. */
  #fail(cause: unknown): void {
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    this.#node = undefined
    this.#miner.cancelAll()
    let fatal = cause instanceof StoreError || cause instanceof UnavailableError ? undefined : cause
    try {
      this.#store.rollback()
    } catch (error) {
      // A store that can neither commit nor roll back is in no state to go on with.
      fatal ??= error
    }
    this.#turn?.done.resolve()
    this.#turn = undefined
    for (const { reject } of waiting) reject(cause)
    if (fatal === undefined) this.#reopen()
    else this.#options.onFatal(fatal)
  }

  #run(effect: Effect): void {
    switch (effect.type) {
      case 'reply':
        this.#waiting.get(effect.id)?.resolve(effect.reply)
        this.#waiting.delete(effect.id)
        return
      case 'emit':
        for (const listener of this.#listeners) listener(effect.event)
        return
      case 'search':
        this.#lastSearch = effect.search
        this.#miner.start(effect.search, effect.puzzle)
        return
      case 'cancel':
        this.#miner.cancel(effect.search)
        return
    }
  }

  /** Reads the node from the store again, now if that can be; else the next request tries. */
  #reopen(): void {
    try {
      this.#node = this.#openNode(this.id)
    } catch (error) {
      if (!(error instanceof StoreError)) this.#options.onFatal(error)
    }
  }

  #openNode(id: string): Node {
    const lastSearch = this.#lastSearch
    const node = new Node({ id, spec: this.spec, store: this.#store, lastSearch })
    this.#currentTransactions = node.chain.currentTransactionCount
    return node
  }
}

/** The id that the data keep, made at first start. */
function identify(store: Store, newId: () => string): string {
  const known = store.identity()
  if (known !== undefined) return known
  const id = newId()
  store.setIdentity(id)
  return id
}

function shuttingDown(): UnavailableError {
  return new UnavailableError('shutting-down', 'the node is shutting down')
}
