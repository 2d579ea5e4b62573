/** Costly work, so much of it at a time: whoever comes when the lane is full waits in order. */
export class Lane {
  readonly #width: number
  readonly #waiting = new Set<() => void>()
  #running = 0

  /** @param width how many may work at once */
  constructor(width: number) {
    this.#width = width
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#width) this.#running++
    else await new Promise<void>((resolve) => this.#waiting.add(resolve))
    try {
      return await work()
    } finally {
      // The place goes to the next in line, if there is one.
      const [next] = this.#waiting
      if (next === undefined) this.#running--
      else {
        this.#waiting.delete(next)
        next()
      }
    }
  }
}
