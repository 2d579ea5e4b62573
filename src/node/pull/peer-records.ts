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

  /** Notes how asking a node ended, and whether it answered anything. */
  note(report: PeerReport, { nowMs, hasAnswered }: { nowMs: number; hasAnswered: boolean }): void {
    const before = this.#entries.get(report.address)
    const wrong = isWrong(report)
    // Who cannot be reached has neither done wrong nor made up for it.
    const kept = report.verdict === 'unreachable' ? before?.streak : 0
    const streak = wrong ? (before?.streak ?? 0) + 1 : (kept ?? 0)
    const pauseMs = wrong || report.verdict === 'self' ? this.#pauseMs(report, streak) : 0
    const wasPausedUntilMs = report.verdict === 'unreachable' ? (before?.pausedUntilMs ?? 0) : 0
    const knownTip = report.length === undefined ? before?.last.tip : undefined
    this.#entries.set(report.address, {
      askedMs: nowMs,
      answeredMs: hasAnswered ? nowMs : before?.answeredMs,
      // What was heard before stays, where there is no newer word of it.
      last: {
        ...report,
        length: report.length ?? before?.last.length,
        tip: report.tip ?? knownTip,
      },
      faults: (before?.faults ?? 0) + (wrong ? 1 : 0),
      streak,
      pausedUntilMs: Math.max(nowMs + pauseMs, wasPausedUntilMs),
    })
  }

  /** Whether we may ask it by ourselves. */
  isDue(address: string, nowMs: number): boolean {
    return nowMs >= (this.#entries.get(address)?.pausedUntilMs ?? 0)
  }

  /** The clock was set: pauses last as long as they would have. */
  shift(durationMs: number): void {
    for (const entry of this.#entries.values()) entry.pausedUntilMs += durationMs
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
    return Math.min(this.#maxPauseMs, FIRST_PAUSE_MS * 2 ** Math.min(streak - 1, 30))
  }
}
