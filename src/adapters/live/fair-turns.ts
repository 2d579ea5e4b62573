/**
 * Work for many callers at once, in slices: each caller waits for its turn between two slices, and one
 * turn of the event loop does one slice. So however many long answers are being made, the loop stays free
 * for everybody else.
 */
export class FairTurns {
  readonly #waiting = new Set<() => void>()

  /** How many callers wait for their turn. */
  get waiting(): number {
    return this.#waiting.size
  }

  /** Resolves when the caller may do its next slice: first come, first served. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.add(resolve)
      if (this.#waiting.size === 1) this.#plan()
    })
  }

  #plan(): void {
    setImmediate(() => {
      const [first] = this.#waiting
      if (first === undefined) return
      this.#waiting.delete(first)
      if (this.#waiting.size > 0) this.#plan()
      first()
    })
  }
}
