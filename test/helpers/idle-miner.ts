/** A miner that finds nothing: what scripted ones are made of, and enough where nobody mines. */
import type { Miner, MinerProgress } from '../../src/adapters/mining/miner.ts'
import type { Puzzle } from '../../src/core/puzzle.ts'

export class IdleMiner implements Miner {
  threads = 1

  start(_search: number, _puzzle: Puzzle): void {}
  cancel(_search: number): void {}
  cancelAll(): void {}

  setThreads(count: number): void {
    this.threads = count
  }

  progress(): MinerProgress {
    return { threads: this.threads, tried: 0, rate: 0 }
  }

  async close(): Promise<void> {}
}
