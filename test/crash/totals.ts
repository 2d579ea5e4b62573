/** What was counted in many rounds, the table of it, and what of it has to be reached. */
import { spawnSync } from 'node:child_process'

export const KINDS = ['posting', 'mining', 'resolving', 'recovery'] as const
export type Kind = (typeof KINDS)[number]

/** Of one kind of rounds. */
const COUNTS = {
  rounds: 'rounds',
  starts: 'starts',
  kills: 'kills',
  killsWithLog: 'with a log',
  transactions: 'transactions',
  blocks: 'blocks',
  resolves: 'resolves',
  registers: 'registers',
  unanswered: 'unanswered',
} as const
type Count = keyof typeof COUNTS

/** Of all rounds together. */
const MOMENTS = {
  folders: 'data folders',
  checks: 'starts after which everything was read and judged',
  verified: '`toychain verify` of data as a kill left them',
  verifiedRunning: '`toychain verify` of data of a running node',
  checkpoints: 'rounds in which the log went into the database',
  killedMaking: 'kills while a new folder was being made',
  killedBefore: 'recovery: kills before the data were opened',
  killedOpening: 'recovery: kills from the opening of data with a log to the greeting',
  killedAfter: 'recovery: kills after the greeting',
  movesAnswered: 'reorganisations: answered, then killed',
  movesUnanswered: 'reorganisations: killed, done and not answered',
  movesHalfway: 'reorganisations: killed, a part of the branch is there',
  movesBefore: 'reorganisations: killed, nothing of the branch is there',
  movedBlocks: 'blocks of branches that had become the chain',
} as const
type Moment = keyof typeof MOMENTS

/** What a run of many rounds must reach. */
const FROM_ROUNDS = 50
const ANSWERS_PER_ROUND = 20
const RECOVERY_PERCENT = 10

export class Totals {
  readonly #counts = new Map<string, number>()
  readonly #moments = new Map<Moment, number>()

  add(kind: Kind, what: Count, number = 1): void {
    const key = `${kind} ${what}`
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + number)
  }

  note(what: Moment, number = 1): void {
    this.#moments.set(what, this.moment(what) + number)
  }

  moment(what: Moment): number {
    return this.#moments.get(what) ?? 0
  }

  /** Of one kind, or of all. */
  count(what: Count, kinds: readonly Kind[] = KINDS): number {
    return kinds.reduce((sum, kind) => sum + (this.#counts.get(`${kind} ${what}`) ?? 0), 0)
  }

  get answers(): number {
    const answers: readonly Count[] = ['transactions', 'blocks', 'resolves', 'registers']
    return answers.reduce((sum, what) => sum + this.count(what), 0)
  }

  get answersPerRound(): number {
    return this.answers / this.count('rounds')
  }

  /** What a run of so many rounds should have reached and has not. */
  get unmet(): string[] {
    const rounds = this.count('rounds')
    if (rounds < FROM_ROUNDS) return []
    const unmet: string[] = []
    if (this.answersPerRound < ANSWERS_PER_ROUND) {
      unmet.push(`${this.answersPerRound.toFixed(1)} answers per round, not ${ANSWERS_PER_ROUND}`)
    }
    const opening = this.moment('killedOpening')
    if (opening * 100 < rounds * RECOVERY_PERCENT) {
      unmet.push(`${opening} kills during recovery, not ${RECOVERY_PERCENT} % of the rounds`)
    }
    return unmet
  }

  table(): string {
    const names = Object.keys(COUNTS).filter((key) => isIn(COUNTS, key))
    const row = (name: string, kinds: readonly Kind[]) => [
      name,
      ...names.map((what) => String(this.count(what, kinds))),
    ]
    const rows = [
      ['kind', ...names.map((what) => COUNTS[what])],
      ...KINDS.map((kind) => row(kind, [kind])),
      row('all', KINDS),
    ]
    const widths = rows[0]?.map((_, i) => Math.max(...rows.map((cells) => cells[i]?.length ?? 0)))
    const lines = rows.map((cells) =>
      cells
        .map((cell, i) =>
          i === 0 ? cell.padEnd(widths?.[i] ?? 0) : cell.padStart(widths?.[i] ?? 0),
        )
        .join('  '),
    )
    const moments = Object.keys(MOMENTS)
      .filter((key) => isIn(MOMENTS, key))
      .map((key) => `${String(this.moment(key)).padStart(6)}  ${MOMENTS[key]}`)
    const mean = `${this.answersPerRound.toFixed(1).padStart(6)}  answers per round, on average`
    return [...lines, '', mean, ...moments].join('\n')
  }
}

function isIn<T extends object>(object: T, key: PropertyKey): key is keyof T {
  return key in object
}

/** The type of the file system that a folder is on, where the system can say it. */
export function fileSystemOf(folder: string): string {
  const { status, stdout } = spawnSync('stat', ['-f', '-c', '%T', folder], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : 'of an unknown type'
}
