/**
 * Inputs that wait while the chain moves, in order. A request that is given up meanwhile is dropped, so the
 * line is no longer than the callers who still wait are many.
 */
import type { Input } from './messages.ts'

export type Waiting = Exclude<Input, { type: 'continue' }>

export class WaitingInputs {
  readonly #inputs = new Set<Waiting>()
  readonly #requests = new Map<number, Waiting>()

  get size(): number {
    return this.#inputs.size
  }

  add(input: Waiting): void {
    if (input.type === 'abandoned' && this.#drop(input.id)) return
    this.#inputs.add(input)
    if (input.type === 'request') this.#requests.set(input.id, input)
  }

  /** Takes the first out. */
  next(): Waiting | undefined {
    const [first] = this.#inputs
    if (first === undefined) return undefined
    this.#inputs.delete(first)
    if (first.type === 'request') this.#requests.delete(first.id)
    return first
  }

  /** Whether the request was still waiting. */
  #drop(id: number): boolean {
    const request = this.#requests.get(id)
    if (request === undefined) return false
    this.#requests.delete(id)
    return this.#inputs.delete(request)
  }
}
