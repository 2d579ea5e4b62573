/**
 * Tells of failures once a minute for each kind, with how many there were since: a full disk or a process
 * without file descriptors fails each request, and a log that grows with requests makes that worse.
 */
export class FailureLog {
  readonly #nowMs: () => number
  readonly #kinds = new Map<string, { untilMs: number; silent: number }>()

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs
  }

  /**
   * Calls `tell` unless the kind was told of less than a minute ago.
   * @param kind one of a few, never a text from outside
   */
  note(kind: string, tell: (silentSince: number) => void): void {
    const nowMs = this.#nowMs()
    const known = this.#kinds.get(kind)
    if (known !== undefined && nowMs < known.untilMs) {
      known.silent++
      return
    }
    this.#kinds.set(kind, { untilMs: nowMs + MINUTE_MS, silent: 0 })
    tell(known?.silent ?? 0)
  }
}

const MINUTE_MS = 60_000
