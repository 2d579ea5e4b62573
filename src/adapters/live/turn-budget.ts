/**
 * Work that callers bring, begun at once while a turn of the event loop has time for it, and else in the
 * next turns, in order. Many connections can become readable at the same moment; Node.js calls back for each
 * of them before anything else is heard, and without this the node would be silent until the last is done.
 */
import { MAX_TURN_WORK_MS } from '../../core/limits.ts'

export class TurnBudget {
  readonly #budgetMs: number
  readonly #nowMs: () => number
  readonly #waiting = new Set<() => void>()
  /** When the first work of this turn began; undefined before. */
  #begunMs: number | undefined

  constructor(budgetMs = MAX_TURN_WORK_MS, nowMs = () => performance.now()) {
    this.#budgetMs = budgetMs
    this.#nowMs = nowMs
  }

  /** How much waits for a turn. */
  get waiting(): number {
    return this.#waiting.size
  }

  /** Does a piece of work, now or in a later turn. What it throws, it throws to the event loop. */
  run(work: () => void): void {
    if (this.#waiting.size > 0 || !this.#hasTime()) this.#waiting.add(work)
    else work()
  }

  /** Whether the turn has time left; its first work counts it. */
  #hasTime(): boolean {
    if (this.#begunMs === undefined) {
      this.#begunMs = this.#nowMs()
      setImmediate(() => this.#nextTurn())
      return true
    }
    return this.#nowMs() - this.#begunMs < this.#budgetMs
  }

  #nextTurn(): void {
    this.#begunMs = undefined
    for (const work of this.#waiting) {
      if (!this.#hasTime()) return
      this.#waiting.delete(work)
      work()
    }
  }
}
