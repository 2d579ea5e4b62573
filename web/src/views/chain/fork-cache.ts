/** The lost branches near what one looks at: read one at a time, the last dozen kept. */
import { type ForkAsk, type ForkRead, MAX_FORK_BLOCKS } from '../../chain/reading.ts'
import type { LostBranch } from './lanes.ts'

export const MAX_FORKS = 12

interface Held {
  readonly version: string
  /** Undefined where it could not be read. */
  readonly fork: ForkRead | undefined
}

export class ForkCache {
  readonly #read: (ask: ForkAsk) => Promise<ForkRead>
  readonly #onChange: () => void
  /** By the branch's end, least recently wanted first. */
  readonly #held = new Map<string, Held>()
  #isReading = false
  #wanted: readonly LostBranch[] = []
  #length = 0
  #rewrites = 0

  constructor(read: (ask: ForkAsk) => Promise<ForkRead>, onChange: () => void) {
    this.#read = read
    this.#onChange = onChange
  }

  fork(tip: string): ForkRead | undefined {
    return this.#held.get(tip)?.fork
  }

  /** Whether it was tried to read a branch, in vain. */
  hasFailed(tip: string): boolean {
    const held = this.#held.get(tip)
    return held !== undefined && held.fork === undefined
  }

  /** @param at the chain's length, and how often it has been rewritten */
  want(branches: readonly LostBranch[], at: { length: number; rewrites: number }): void {
    this.#wanted = branches.slice(0, MAX_FORKS)
    for (const { tip } of this.#wanted) {
      const held = this.#held.get(tip)
      if (held === undefined) continue
      this.#held.delete(tip)
      this.#held.set(tip, held)
    }
    this.#length = at.length
    this.#rewrites = at.rewrites
    this.#ask()
  }

  #ask(): void {
    if (this.#isReading) return
    const next = this.#wanted.find((branch) => {
      return this.#held.get(branch.tip)?.version !== this.#version(branch)
    })
    if (next === undefined) return
    const version = this.#version(next)
    this.#isReading = true
    const { tip, fork, length } = next
    this.#read({ tip, fork, length }).then(
      (read) => this.#put(tip, { version, fork: read }),
      // A branch may be gone by now. Its lane says so; what a newer version wants is tried again.
      () => this.#put(tip, { version, fork: undefined }),
    )
  }

  #put(tip: string, held: Held): void {
    this.#isReading = false
    this.#held.delete(tip)
    this.#held.set(tip, held)
    for (const oldest of this.#held.keys()) {
      if (this.#held.size <= MAX_FORKS) break
      this.#held.delete(oldest)
    }
    this.#onChange()
    this.#ask()
  }

  /** What an answer depends on: blocks that are added far above the fork change nothing. */
  #version({ fork, length }: LostBranch): string {
    const compared = Math.min(this.#length, fork + MAX_FORK_BLOCKS)
    return `${this.#rewrites} ${fork} ${length} ${compared}`
  }
}
