/**
 * What a node wants of the world, once it is committed: let out in order, a slice a turn of the event
 * loop where there is much of it, each effect inside a boundary. An effect that fails is said to the node
 * where the node waits for what comes of it; it never ends the program.
 */
import { assertNever, messageOf } from '../../core/errors.ts'
import { MAX_EFFECTS_A_TURN } from '../../core/limits.ts'
import type { Effect, Input, NodeEvent } from '../../node/messages.ts'
import { peerFault } from '../../node/pull/peer-faults.ts'
import type { Miner } from '../mining/miner.ts'
import type { PeerTransport } from '../net/http-peers.ts'
import type { WaitingRequests } from './waiting-requests.ts'

export interface OutboxOptions {
  readonly waiting: WaitingRequests
  readonly miner: Miner
  readonly peers: PeerTransport
  /** Tells the node what became of an effect that failed. */
  readonly onInput: (input: Input) => void
  /** An effect failed that nobody waits for. */
  readonly onFault: (cause: unknown) => void
}

export class Outbox {
  readonly #options: OutboxOptions
  readonly #listeners = new Set<(event: NodeEvent) => void>()
  #effects: Effect[] = []
  #done = 0
  #isPlanned = false
  #isClosed = false

  constructor(options: OutboxOptions) {
    this.#options = options
  }

  /** Hears of events, in order, until the returned function is called. */
  subscribe(listener: (event: NodeEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Lets effects out, after those that were there before. */
  push(effects: readonly Effect[]): void {
    for (const effect of effects) this.#effects.push(effect)
    if (!this.#isPlanned) this.#letOut(MAX_EFFECTS_A_TURN)
  }

  /** Lets out all that is left, at once. */
  flush(): void {
    this.#letOut(Number.POSITIVE_INFINITY)
  }

  /** Other nodes are asked no more. */
  close(): void {
    this.#isClosed = true
  }

  #letOut(most: number): void {
    const end = Math.min(this.#effects.length, this.#done + most)
    while (this.#done < end) {
      const effect = this.#effects[this.#done++]
      if (effect !== undefined) this.#try(effect)
    }
    if (this.#done < this.#effects.length) this.#plan()
    else {
      this.#effects = []
      this.#done = 0
    }
  }

  #plan(): void {
    if (this.#isPlanned) return
    this.#isPlanned = true
    setImmediate(() => {
      this.#isPlanned = false
      this.#letOut(MAX_EFFECTS_A_TURN)
    })
  }

  #try(effect: Effect): void {
    try {
      this.#run(effect)
    } catch (cause) {
      const { onInput, onFault } = this.#options
      if (effect.type === 'search') {
        onInput({ type: 'search-failed', search: effect.search, reason: messageOf(cause) })
      } else if (effect.type === 'ask') {
        const fault = peerFault('connection-failed', messageOf(cause))
        onInput({ type: 'ask-failed', ask: effect.ask, fault })
      } else onFault(cause)
    }
  }

  #run(effect: Effect): void {
    const { waiting, miner, peers } = this.#options
    switch (effect.type) {
      case 'reply':
        waiting.answer(effect.id, effect.reply)
        return
      case 'emit':
        this.#emit(effect.event)
        return
      case 'search':
        miner.start(effect.search, effect.puzzle, effect.start)
        return
      case 'cancel':
        miner.cancel(effect.search)
        return
      case 'set-threads':
        miner.setThreads(effect.count)
        return
      case 'ask':
        if (!this.#isClosed) peers.ask(effect.ask, effect.address, effect.question)
        return
      case 'stop-asking':
        peers.stop(effect.ask)
        return
      default:
        assertNever(effect)
    }
  }

  /** A listener that fails takes nothing from the others. */
  #emit(event: NodeEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event)
      } catch (cause) {
        this.#options.onFault(cause)
      }
    }
  }
}
