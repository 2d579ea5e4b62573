/** Requests that wait for the node's reply, each under a number of its own; bounded. And why there is none. */

import { MAX_WAITING_REQUESTS } from '../../core/limits.ts'
import type { Reply } from '../../node/messages.ts'
import { StoreError } from '../../node/store/store.ts'

/** The node cannot answer now, for no fault of the caller's. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError'
  readonly code: 'node-busy' | 'too-many-streams' | 'shutting-down'

  constructor(code: UnavailableError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

export function shuttingDown(): UnavailableError {
  return new UnavailableError('shutting-down', 'the node is shutting down')
}

/** A request that waits for its reply. */
export interface Asked {
  readonly reply: Promise<Reply>
  /** The caller no longer waits: the reply, if there is none yet, rejects with CallerGone. */
  readonly abandon: () => void
}

/** Who asked has hung up: there is nobody to tell. */
export class CallerGone extends Error {
  override readonly name = 'CallerGone'
  override readonly message = 'the caller no longer waits'
}

export class WaitingRequests {
  readonly #waiting = new Map<number, PromiseWithResolvers<Reply>>()
  #last = 0

  /** @throws UnavailableError `node-busy` */
  add(): { id: number; reply: Promise<Reply> } {
    if (this.#waiting.size >= MAX_WAITING_REQUESTS) {
      throw new UnavailableError(
        'node-busy',
        `${MAX_WAITING_REQUESTS} requests are waiting already`,
      )
    }
    const id = ++this.#last
    const waiting = Promise.withResolvers<Reply>()
    this.#waiting.set(id, waiting)
    return { id, reply: waiting.promise }
  }

  answer(id: number, reply: Reply): void {
    this.#waiting.get(id)?.resolve(reply)
    this.#waiting.delete(id)
  }

  /** Who asked no longer waits; false if there was an answer already. */
  abandon(id: number): boolean {
    const waiting = this.#waiting.get(id)
    waiting?.reject(new CallerGone())
    return this.#waiting.delete(id)
  }

  /** Nobody gets a reply: how to tell them, once everything else is in order. */
  refuseAll(): (cause: unknown) => void {
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    return (cause) => {
      for (const { reject } of waiting) reject(cause)
    }
  }
}

/** Whether the node can go on after a failure, from what the store has. */
export function isPassing(cause: unknown): boolean {
  if (cause instanceof StoreError) return !cause.isFinal
  return cause instanceof UnavailableError
}
