/** A data folder that nodes are killed over, with all that is known of it: what it must hold. */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DATABASE_FILE } from '../../src/adapters/sqlite/data-folder.ts'
import { CLASSIC, type Spec, withDifficulty } from '../../src/core/spec.ts'
import type { Dice } from './dice.ts'
import { Ledger } from './ledger.ts'
import type { Branch } from './rival.ts'

/** What kind of chain lives in a folder, and for how many rounds. */
export interface Plan {
  readonly difficulty: number
  readonly rounds: number
  /** Blocks of a branch that a rival offers: at least, at most. */
  readonly branch: readonly [number, number]
}

/**
 * Short reorganisations with searches of a moment; short ones with searches that take a while; and
 * reorganisations so long that they are done slice by slice, and adopted in parts.
 */
export const PLANS: readonly Plan[] = [
  { difficulty: 2, rounds: 30, branch: [2, 60] },
  { difficulty: 3, rounds: 20, branch: [2, 20] },
  { difficulty: 1, rounds: 12, branch: [500, 3_500] },
]

/** A branch that was offered, until it is known what became of it. */
export interface Offer {
  readonly branch: Branch
  isAnswered: boolean
}

export class Data {
  readonly folder = mkdtempSync(join(tmpdir(), 'toychain-crash-'))
  readonly ledger = new Ledger()
  readonly plan: Plan
  readonly spec: Spec
  roundsLeft: number
  offer: Offer | undefined

  constructor(plan: Plan) {
    this.plan = plan
    this.spec = withDifficulty(CLASSIC, plan.difficulty)
    this.roundsLeft = plan.rounds
  }

  /** Arguments of `toychain node`, but for the port. */
  get args(): string[] {
    return ['--data', this.folder, '--difficulty', String(this.plan.difficulty)]
  }

  /** Whether there is a write-ahead log with something in it. */
  get hasLog(): boolean {
    return this.#stat('-wal').size > 0
  }

  /** Changes when the log is moved into the database. */
  get databaseTimeMs(): number {
    return this.#stat('').mtimeMs
  }

  /** Where the next branch leaves the chain, and how long it is to be. */
  nextBranch(height: number, dice: Dice): { fork: number; length: number } {
    const [least, most] = this.plan.branch
    const isShallow = dice.percent(30)
    const fork = isShallow ? dice.whole(Math.max(0, height - 10), height) : dice.whole(0, height)
    // A chain that is long already does not have to grow as much again.
    const longest = fork + Math.min(most, Math.max(least, most - height))
    return { fork, length: Math.max(dice.whole(fork + least, longest), this.ledger.height + 2) }
  }

  delete(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  #stat(suffix: string): { size: number; mtimeMs: number } {
    const path = join(this.folder, DATABASE_FILE + suffix)
    return statSync(path, { throwIfNoEntry: false }) ?? { size: 0, mtimeMs: 0 }
  }
}
