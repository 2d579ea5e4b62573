/** Counts what happens, and lets a test wait until it has happened often enough. */
export class Counter {
  #count = 0
  readonly #waiting = new Set<() => void>()

  get count(): number {
    return this.#count
  }

  add(): void {
    this.#count++
    for (const look of this.#waiting) look()
  }

  /** Resolves once the count is at least this. */
  async until(count: number): Promise<void> {
    if (this.#count >= count) return
    await new Promise<void>((resolve) => {
      const look = () => {
        if (this.#count < count) return
        this.#waiting.delete(look)
        resolve()
      }
      this.#waiting.add(look)
    })
  }
}
