/** How fast a count grows, over the last seconds that somebody looked at it. */

const WINDOW_MS = 5_000
/** Closer looks tell more about the clock than about the rate. */
const LEAST_MS = 50

interface Look {
  readonly atMs: number
  readonly count: number
}

export class RateMeter {
  #looks: Look[] = []

  /** From here on; what came before is another time. */
  restart(atMs: number, count: number): void {
    this.#looks = [{ atMs, count }]
  }

  /** A second, since the oldest look within the window. */
  rate(atMs: number, count: number): number {
    while ((this.#looks[1]?.atMs ?? atMs) <= atMs - WINDOW_MS) this.#looks.shift()
    const last = this.#looks.at(-1)
    if (last === undefined || atMs - last.atMs >= LEAST_MS) this.#looks.push({ atMs, count })
    const [oldest] = this.#looks
    if (oldest === undefined || oldest.atMs >= atMs) return 0
    return (1000 * (count - oldest.count)) / (atMs - oldest.atMs)
  }
}
