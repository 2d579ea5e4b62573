/** One timer that rings at a moment, which may be moved; it keeps no program alive. */

/** The longest delay that a timer takes (HTML standard, and Node.js). */
const MAX_DELAY_MS = 2_147_483_647

export class AlarmClock {
  readonly #onRing: () => void
  #timer: NodeJS.Timeout | undefined
  #atMs: number | undefined

  constructor(onRing: () => void) {
    this.#onRing = onRing
  }

  /** Rings once at `atMs`; undefined for never. */
  set(atMs: number | undefined, nowMs: number): void {
    if (atMs === this.#atMs) return
    clearTimeout(this.#timer)
    this.#atMs = atMs
    if (atMs === undefined) return
    const delayMs = Math.min(Math.max(0, atMs - nowMs), MAX_DELAY_MS)
    this.#timer = setTimeout(() => this.#ring(), delayMs).unref()
  }

  #ring(): void {
    this.#atMs = undefined
    this.#onRing()
  }
}
