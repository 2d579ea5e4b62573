/** The inputs that share a store transaction, and who waits for its end. */
import type { Effect } from '../../node/messages.ts'

export class Turn {
  /** Whether it is a long reorganisation's. */
  readonly isMove: boolean
  readonly effects: Effect[] = []
  readonly #done = Promise.withResolvers<void>()
  readonly #readable = Promise.withResolvers<void>()
  #isLong = false

  constructor({ isMove = false }: { isMove?: boolean } = {}) {
    this.isMove = isMove
    if (isMove) this.prolong()
  }

  add(effects: readonly Effect[]): void {
    for (const effect of effects) this.effects.push(effect)
  }

  /** Committed, or given up. */
  get done(): Promise<void> {
    return this.#done.promise
  }

  /** Done, or so long that readers go on with what was committed before. */
  get readable(): Promise<void> {
    return this.#readable.promise
  }

  get isLong(): boolean {
    return this.#isLong
  }

  /** It goes on over more than one turn of the event loop. */
  prolong(): void {
    this.#isLong = true
    this.#readable.resolve()
  }

  end(): void {
    this.#done.resolve()
    this.#readable.resolve()
  }
}
