/** Who is to hear of a change, as React's `useSyncExternalStore` wants to subscribe. */

export class Listeners {
  readonly #all = new Set<() => void>()

  /** How many there are. */
  get size(): number {
    return this.#all.size
  }

  /** Adds one, and gives what takes it away again. */
  readonly listen = (listener: () => void): (() => void) => {
    this.#all.add(listener)
    return () => {
      this.#all.delete(listener)
    }
  }

  tell(): void {
    for (const listener of this.#all) listener()
  }
}
