/**
 * Asks the node for the picture of its network, again and again, but never twice at once: the node
 * makes one picture at a time, and it takes as long as the slowest node of it.
 */

import { Listeners } from '../parts/listeners.ts'
import { type Surveyed, withoutNode } from './surveyed.ts'

export interface Survey {
  readonly answer: Surveyed | undefined
  /** When the answer came, in milliseconds since 1970. */
  readonly atMs: number | undefined
  /** Why the last try failed; undefined if it did not. */
  readonly error: unknown
  readonly isAsking: boolean
}

/** How long a tip may settle on other nodes before they are asked; in milliseconds. */
const SETTLE_MS = 1_500

export class Surveyor {
  readonly #load: (signal: AbortSignal) => Promise<Surveyed>
  readonly #nowMs: () => number
  readonly #listeners = new Listeners()
  #controller = new AbortController()
  #state: Survey = { answer: undefined, atMs: undefined, error: undefined, isAsking: false }
  #isAskedAgain = false
  /** Whether the answer that is under way is of a list of nodes that has changed since. */
  #isOutdated = false
  #soon: ReturnType<typeof setTimeout> | undefined

  constructor(load: (signal: AbortSignal) => Promise<Surveyed>, nowMs: () => number) {
    this.#load = load
    this.#nowMs = nowMs
  }

  readonly current = (): Survey => this.#state

  readonly listen = this.#listeners.listen

  /** Asks now, or once more when the answer that is under way has come. */
  readonly ask = (): void => {
    if (this.#state.isAsking) this.#isAskedAgain = true
    else this.#run()
  }

  /** Asks in a moment, however often it is wanted until then. */
  askSoon(): void {
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined
      this.ask()
    }, SETTLE_MS)
  }

  /** The registered nodes have changed: an answer that is under way no longer counts. */
  changed(): void {
    this.#isOutdated = this.#state.isAsking
    this.ask()
  }

  /** A node has been removed, which is shown before the next answer. */
  removed(address: string): void {
    const { answer } = this.#state
    if (answer !== undefined) this.#update({ answer: withoutNode(answer, address) })
    this.changed()
  }

  /** Gives up what is under way. What was heard stays. */
  readonly stop = (): void => {
    clearTimeout(this.#soon)
    this.#soon = undefined
    this.#isAskedAgain = false
    this.#controller.abort()
    this.#controller = new AbortController()
  }

  async #run(): Promise<void> {
    const { signal } = this.#controller
    this.#isAskedAgain = false
    this.#isOutdated = false
    this.#update({ isAsking: true })
    try {
      const answer = await this.#load(signal)
      if (!signal.aborted && !this.#isOutdated) {
        this.#update({ answer, atMs: this.#nowMs(), error: undefined })
      }
    } catch (error) {
      if (!signal.aborted) this.#update({ error })
    }
    this.#update({ isAsking: false })
    if (this.#isAskedAgain) this.#run()
  }

  #update(change: Partial<Survey>): void {
    this.#state = { ...this.#state, ...change }
    this.#listeners.tell()
  }
}
