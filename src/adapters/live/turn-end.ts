/** Who waits for the end of a transaction of the node, and who only for it to be done with what readers wait for. */
export class TurnEnd {
  readonly #done = Promise.withResolvers<void>()
  readonly #readable = Promise.withResolvers<void>()
  #isLong = false

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
