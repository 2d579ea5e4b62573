/**
 * Runs a node in the real world: the inputs of one turn of the event loop share one store transaction
 * (node/turn.ts), and what that lets out goes to callers, miners and other nodes. If it fails, the node is read
 * again from the store and everybody who waits gets an error.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { REOPEN_AFTER_MS, SNAPSHOT_WAIT_MS } from '../../core/limits.ts'
import type { Spec } from '../../core/spec.ts'
import type {
  Input,
  MiningState,
  NodeEvent,
  NodeOptions,
  Reply,
  Request,
} from '../../node/messages.ts'
import { atomically, type Store, StoreError, type StoreReader } from '../../node/store/store.ts'
import { Turn } from '../../node/turn.ts'
import type { Miner, MinerCallbacks, MinerProgress } from '../mining/miner.ts'
import type { PeerListener, PeerTransport } from '../net/http-peers.ts'
import { AlarmClock } from './alarm-clock.ts'
import { FairTurns } from './fair-turns.ts'
import { Outbox } from './outbox.ts'
import type { Holder } from './places.ts'
import { type OpenSnapshot, Snapshots } from './snapshots.ts'
import { TurnEnd } from './turn-end.ts'
import { type Asked, isPassing, shuttingDown, WaitingRequests } from './waiting-requests.ts'

export interface LiveNodeOptions
  extends Pick<
    NodeOptions,
    'ownAddresses' | 'proofStart' | 'resolveEveryMs' | 'syncLimits' | 'poolLimits' | 'maxSideBytes'
  > {
  readonly spec: Spec
  readonly store: Store
  readonly createMiner: (callbacks: MinerCallbacks) => Miner
  readonly createPeers: (listener: PeerListener) => PeerTransport
  /** Milliseconds since 1970. */
  readonly nowMs: () => number
  /** A fresh node id, 32 hex digits; asked for once in the life of the data. */
  readonly newId: () => string
  /** An effect failed that nobody waits for: to be told, and no reason to stop. */
  readonly onFault?: (cause: unknown) => void
  /** How long a reader waits for a place before it is refused. */
  readonly snapshotWaitMs?: number
  /** A smaller limit of the store's log than MAX_LOG_BYTES, for tests. */
  readonly maxLogBytes?: number | undefined
  /** Our own code is wrong: the program should stop. */
  readonly onFatal: (cause: unknown) => void
}

export class LiveNode {
  readonly spec: Spec
  readonly id: string
  /** Turns of all who make long answers. */
  readonly turns = new FairTurns()
  readonly #options: LiveNodeOptions
  readonly #store: Store
  readonly #miner: Miner
  readonly #outbox: Outbox
  readonly #peers: PeerTransport
  readonly #snapshots: Snapshots
  readonly #alarm = new AlarmClock(() => this.#take({ type: 'tick' }))
  readonly #waiting = new WaitingRequests()
  readonly #turn: Turn
  /** Of the transaction that is open. */
  #turnEnd: TurnEnd | undefined
  #currentTransactions = 0
  #closing = false
  #closed = false
  #end: Promise<void> | undefined

  /** @throws StoreError */
  constructor(options: LiveNodeOptions) {
    this.#options = options
    this.spec = options.spec
    this.#store = options.store
    const { store, snapshotWaitMs: waitMs = SNAPSHOT_WAIT_MS, maxLogBytes } = options
    this.#snapshots = new Snapshots({ store, ready: () => this.#readable(), waitMs, maxLogBytes })
    this.#miner = options.createMiner({
      onFound: ({ search, proof }) => this.#take({ type: 'found', search, proof }),
      onFailed: (search, { message: reason }) =>
        this.#take({ type: 'search-failed', search, reason }),
    })
    this.#peers = options.createPeers(async (input) => {
      this.#take(input)
      await this.#turnEnd?.done
    })
    this.#outbox = new Outbox({
      waiting: this.#waiting,
      miner: this.#miner,
      peers: this.#peers,
      onInput: (input) => this.#take(input),
      onFault: options.onFault ?? options.onFatal,
    })
    // In one transaction: data hold both an id and a genesis, or neither.
    ;[this.id, this.#turn] = atomically(options.store, () => {
      const id = options.store.identity() ?? options.newId()
      if (options.store.identity() === undefined) options.store.setIdentity(id)
      return [id, new Turn({ ...options, id, restMs: REOPEN_AFTER_MS })]
    })
    this.#noteOpened()
  }

  /**
   * Asks the node for something; the reply means that what changed is durable.
   * @throws UnavailableError; the reply rejects with StoreError, UnavailableError
   */
  ask(request: Request): Asked {
    if (this.#closing) throw shuttingDown()
    const { id, reply } = this.#waiting.add()
    this.#take({ type: 'request', id, request })
    const abandon = () => {
      if (this.#waiting.abandon(id)) this.#take({ type: 'abandoned', id })
    }
    return { reply, abandon }
  }

  /** The same for who waits to the end. */
  async request(request: Request): Promise<Reply> {
    return this.ask(request).reply
  }

  /**
   * Opens a view of what is committed, for a reader that takes its time, or for the node itself. Close it.
   * @throws StoreError, UnavailableError `too-many-streams`
   */
  snapshot(reader?: Holder): Promise<OpenSnapshot> {
    return this.#snapshots.open(reader)
  }

  /** Reads what is committed, at once. @throws StoreError, UnavailableError `shutting-down` */
  async read<T>(work: (reader: StoreReader) => T): Promise<T> {
    return this.#snapshots.read(work)
  }

  /** How many transactions wait for a block, of those that are committed. */
  get currentTransactionCount(): number {
    return this.#currentTransactions
  }

  /** How mining goes: what is committed of it, and the search. */
  get mining(): MiningState & MinerProgress {
    return { ...this.#turn.mining, ...this.#miner.progress() }
  }

  /** Hears of what was committed, in order, until the returned function is called. */
  subscribe(listener: (event: NodeEvent) => void): () => void {
    return this.#outbox.subscribe(listener)
  }

  /** Takes no more requests, and refuses those that wait; what was accepted is committed first. */
  async turnAway(): Promise<void> {
    this.#closing = true
    this.#outbox.close()
    this.#alarm.set(undefined, 0)
    this.#peers.stopAll()
    // A move that takes a while is given up: it comes again with the next start.
    if (this.#turn.node?.isMoving) this.#fail(shuttingDown())
    await this.#turnEnd?.done
    this.#outbox.flush()
    const refuse = this.#waiting.refuseAll()
    this.#miner.cancelAll()
    refuse(shuttingDown())
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

  /** @throws UnavailableError `shutting-down` */
  async #readable(): Promise<void> {
    // A turn that begins while we wait for the one before is waited for too.
    while (this.#turnEnd !== undefined && !this.#turnEnd.isLong) await this.#turnEnd.readable
    if (this.#closed) throw shuttingDown()
  }

  /** One input into the turn that is open, or into a new one. */
  #take(input: Input): void {
    if (this.#closed) return
    try {
      this.#turn.take(input, this.#options.nowMs())
      this.#planEnd()
    } catch (error) {
      this.#fail(error)
    }
  }

  /** A transaction that has just been begun ends when the event loop has come round. */
  #planEnd(): void {
    if (!this.#turn.isOpen || this.#turnEnd !== undefined) return
    this.#turnEnd = new TurnEnd()
    if (this.#turn.isMove) this.#turnEnd.prolong()
    setImmediate(() => this.#endTurn())
  }

  #endTurn(): void {
    const end = this.#turnEnd
    if (end === undefined) return
    try {
      if (this.#turn.goOn(this.#options.nowMs())) {
        end.prolong()
        // Whatever else the event loop has to do comes first.
        setImmediate(() => this.#endTurn())
        return
      }
      this.#turn.commit()
    } catch (error) {
      this.#fail(error)
      return
    }
    this.#turnEnd = undefined
    const effects = this.#turn.committed()
    this.#currentTransactions = this.#turn.node?.chain.currentTransactionCount ?? 0
    this.#outbox.push(effects)
    this.#snapshots.boundLog(this.#store.logBytes)
    if (!this.#closing) this.#alarm.set(this.#turn.node?.wakeAtMs, this.#options.nowMs())
    end.end()
    this.#beginNext()
  }

  #beginNext(): void {
    if (this.#closed) return
    try {
      this.#turn.beginNext(this.#options.nowMs())
      this.#planEnd()
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Nothing of the open turn happened: everybody who waits hears of it, and the node starts anew. */
  #fail(cause: unknown): void {
    // What was committed before still goes out.
    this.#outbox.flush()
    const refuse = this.#waiting.refuseAll()
    this.#miner.cancelAll()
    this.#peers.stopAll()
    let fatal = isPassing(cause) ? undefined : cause
    try {
      this.#turn.fail()
    } catch (error) {
      // A store that can neither commit nor roll back is in no state to go on with.
      fatal ??= error
    }
    this.#turnEnd?.end()
    this.#turnEnd = undefined
    refuse(cause)
    if (fatal === undefined) this.#reopen()
    else this.#options.onFatal(fatal)
  }

  /** Reads the node from the store again, now if that can be; else the next request tries. */
  #reopen(): void {
    if (this.#closing) return
    try {
      this.#turn.reopen(this.#options.nowMs())
    } catch (error) {
      if (!(error instanceof StoreError)) this.#options.onFatal(error)
    }
    this.#noteOpened()
  }

  #noteOpened(): void {
    const nowMs = this.#options.nowMs()
    const { node } = this.#turn
    this.#currentTransactions = node?.chain.currentTransactionCount ?? this.#currentTransactions
    this.#alarm.set(node === undefined ? nowMs + REOPEN_AFTER_MS : node.wakeAtMs, nowMs)
  }
}
