/** A miner that searches nothing until the test tells it to find the proof or to fail. */
import type { MinerCallbacks } from '../../src/adapters/mining/miner.ts'
import { type Puzzle, search } from '../../src/core/puzzle.ts'
import { IdleMiner } from '../helpers/idle-miner.ts'

export class ScriptedMiner extends IdleMiner {
  /** Every search that was ever begun. */
  readonly started: { readonly search: number; readonly puzzle: Puzzle }[] = []
  /** Numbers of the searches that were given up. */
  readonly cancelled: number[] = []
  readonly #callbacks: MinerCallbacks
  readonly #watchers = new Set<() => void>()
  #current: { readonly search: number; readonly puzzle: Puzzle } | undefined

  constructor(callbacks: MinerCallbacks) {
    super()
    this.#callbacks = callbacks
  }

  /** The number of the search that runs. */
  get running(): number | undefined {
    return this.#current?.search
  }

  override start(number: number, puzzle: Puzzle): void {
    this.#current = { search: number, puzzle }
    this.started.push(this.#current)
    this.#tell()
  }

  override cancel(number: number): void {
    if (this.#current?.search === number) this.cancelAll()
  }

  override cancelAll(): void {
    if (this.#current !== undefined) this.cancelled.push(this.#current.search)
    this.#current = undefined
    this.#tell()
  }

  override async close(): Promise<void> {
    this.#current = undefined
  }

  /** Finds the proof of the search that runs. */
  solve(): void {
    const { search: number, puzzle } = this.#take()
    const proof = search(puzzle, { from: 0, tries: 1_000_000 })
    if (proof === undefined) throw new Error('the puzzle is too hard for a test')
    this.#callbacks.onFound({ search: number, proof })
  }

  /** Reports that the search that runs cannot be done. */
  fail(): void {
    this.#callbacks.onFailed(this.#take().search, new Error('no thread'))
  }

  /** Resolves once the condition holds; it is looked at whenever a search begins or ends. */
  async until(condition: (miner: ScriptedMiner) => boolean): Promise<void> {
    while (!condition(this)) {
      await new Promise<void>((resolve) => {
        const watcher = () => {
          this.#watchers.delete(watcher)
          resolve()
        }
        this.#watchers.add(watcher)
      })
    }
  }

  #take(): { readonly search: number; readonly puzzle: Puzzle } {
    if (this.#current === undefined) throw new Error('no search runs')
    const current = this.#current
    this.#current = undefined
    return current
  }

  #tell(): void {
    for (const watcher of this.#watchers) watcher()
  }
}
