/**
 * What is known of each other node since this one started: what was last heard of it, and what it
 * did wrong. A node that did wrong is not asked by ourselves for a while, longer each time; whoever
 * calls for a resolve asks it all the same.
 */
import { isWrong, type PeerReport } from './peer-report.ts'

export interface PeerRecord {
  readonly address: string
  /** When it was last asked and when it last answered, in milliseconds since 1970. */
  readonly askedMs: number | undefined
  readonly answeredMs: number | undefined
  readonly last: PeerReport | undefined
  /** How often it did wrong. */
  readonly faults: number
}

interface Entry {
  askedMs: number
  answeredMs: number | undefined
  last: PeerReport
  faults: number
  /** Wrongs without an honest answer between them. */
  streak: number
  pausedUntilMs: number
}

const FIRST_PAUSE_MS = 2_000

export class Peers {
  readonly #entries = new Map<string, Entry>()
  readonly #maxPauseMs: number

  constructor({ maxPauseMs }: { maxPauseMs: number }) {
    this.#maxPauseMs = maxPauseMs
  }

  /** Notes how asking a node ended. */
  note(report: PeerReport, nowMs: number): void {
    const before = this.#entries.get(report.address)
    const wrong = isWrong(report)
    const streak = wrong ? (before?.streak ?? 0) + 1 : 0
    const pauseMs = this.#pauseMs(report, streak)
    const knownTip = report.length === undefined ? before?.last.tip : undefined
    this.#entries.set(report.address, {
      askedMs: nowMs,
      answeredMs: report.verdict === 'unreachable' ? before?.answeredMs : nowMs,
      // What was heard before stays, where there is no newer word of it.
      last: {
        ...report,
        length: report.length ?? before?.last.length,
        tip: report.tip ?? knownTip,
      },
      faults: (before?.faults ?? 0) + (wrong ? 1 : 0),
      streak,
      pausedUntilMs: nowMs + pauseMs,
    })
  }

  /** Whether we may ask it by ourselves. */
  isDue(address: string, nowMs: number): boolean {
    return nowMs >= (this.#entries.get(address)?.pausedUntilMs ?? 0)
  }

  record(address: string): PeerRecord {
    const { askedMs, answeredMs, last, faults = 0 } = this.#entries.get(address) ?? {}
    return { address, askedMs, answeredMs, last, faults }
  }

  forget(address: string): void {
    this.#entries.delete(address)
  }

  #pauseMs({ verdict }: PeerReport, streak: number): number {
    if (verdict === 'self') return this.#maxPauseMs
    if (streak === 0) return 0
    return Math.min(this.#maxPauseMs, FIRST_PAUSE_MS * 2 ** Math.min(streak - 1, 30))
  }
}
