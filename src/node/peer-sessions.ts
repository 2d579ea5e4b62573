/**
 * The sessions with other nodes: each with a connection and time limits of its own, so that none
 * waits for another. Only long reading goes by turns; a node that sends nothing new loses its turn.
 */
import { assertNever } from '../core/errors.ts'
import type { BlockHash } from '../core/hash.ts'
import type { AskInput, Asks } from './asking.ts'
import type { BlockChain } from './blockchain.ts'
import { type PeerFaultCode, peerFault } from './peer-faults.ts'
import type { Outcome, Problem } from './peer-report.ts'
import { PeerSession, type Step } from './peer-session.ts'
import type { SyncLimits } from './sync-limits.ts'

export interface Session {
  readonly address: string
  readonly machine: PeerSession
  /** Whether we asked by ourselves. */
  readonly isOwn: boolean
  /** `ready` has not begun, `queued` waits for its turn to read more. */
  state: 'ready' | 'asking' | 'queued'
  ask: number
  hasTurn: boolean
  startedMs: number
  /** When it was last heard, or began to wait. */
  heardMs: number
  progressMs: number
  news: number
}

export interface SessionsOptions {
  readonly chain: BlockChain
  readonly asks: Asks
  readonly limits: SyncLimits
  /** This node's id, by which it recognises itself. */
  readonly ownId: string
  /** A session has read something. */
  readonly onRead: (session: Session) => void
  readonly onEnd: (session: Session, outcome: Outcome) => void
}

export class PeerSessions {
  readonly #options: SessionsOptions
  /** By address, in the order in which they began. */
  readonly #sessions = new Map<string, Session>()
  readonly #asking = new Map<number, Session>()

  constructor(options: SessionsOptions) {
    this.#options = options
  }

  has(address: string): boolean {
    return this.#sessions.has(address)
  }

  /** Opens a session, which begins with the next `goOn`. */
  open(address: string, { isOwn, nowMs }: { isOwn: boolean; nowMs: number }): void {
    const { chain, limits } = this.#options
    this.#sessions.set(address, {
      address,
      machine: new PeerSession(chain, { limits, breakTies: isOwn }),
      isOwn,
      state: 'ready',
      ask: 0,
      hasTurn: false,
      startedMs: nowMs,
      heardMs: nowMs,
      progressMs: nowMs,
      news: 0,
    })
  }

  /** Ends the session with a node, if there is one. */
  close(address: string, code: PeerFaultCode, detail: string): void {
    const session = this.#sessions.get(address)
    if (session !== undefined) this.#fail(session, code, detail)
  }

  /** Takes what became of an ask; false if it is none of ours. */
  take(input: AskInput, nowMs: number): boolean {
    const session = this.#asking.get(input.ask)
    if (session === undefined) return false
    session.heardMs = nowMs
    const { machine } = session
    switch (input.type) {
      case 'began':
        if (input.nodeId === this.#options.ownId) this.#stop(session, { type: 'self' })
        break
      case 'heard':
        this.#step(session, machine.hear(input.text, input.sizeBytes), nowMs)
        break
      case 'ended':
        this.#asking.delete(session.ask)
        this.#step(session, machine.hearEnd(), nowMs)
        break
      case 'ask-failed':
        this.#asking.delete(session.ask)
        this.#stop(session, { type: 'fault', fault: input.fault })
        break
      default:
        assertNever(input)
    }
    return true
  }

  /** Ends what takes too long. */
  expire(nowMs: number): void {
    const { silenceMs, sessionMs } = this.#options.limits
    for (const session of this.#askingSessions()) {
      if (nowMs >= session.heardMs + silenceMs) {
        this.#fail(session, 'too-slow', `it was silent for ${silenceMs} ms`)
      } else if (nowMs >= session.startedMs + sessionMs) {
        this.#fail(session, 'too-slow', `it took longer than ${sessionMs} ms in all`)
      }
    }
  }

  /** When `expire` or `goOn` has something to do, if nothing is heard before. */
  get wakeAtMs(): number | undefined {
    const { silenceMs, sessionMs, stallMs } = this.#options.limits
    const isQueued = [...this.#sessions.values()].some(({ state }) => state === 'queued')
    const times = this.#askingSessions().flatMap((session) => [
      session.heardMs + silenceMs,
      session.startedMs + sessionMs,
      ...(isQueued && session.hasTurn ? [session.progressMs + stallMs] : []),
    ])
    return times.length === 0 ? undefined : Math.min(...times)
  }

  /** We were busy ourselves for so long, which is nobody's fault. */
  excuse(durationMs: number): void {
    for (const session of this.#sessions.values()) {
      session.startedMs += durationMs
      session.heardMs += durationMs
      session.progressMs += durationMs
    }
  }

  /** Ends of branches that are being read. */
  growing(): Set<BlockHash> {
    const ends = [...this.#sessions.values()].map(({ machine }) => machine.last?.hash)
    return new Set(ends.filter((hash) => hash !== undefined))
  }

  /** Begins what may begin: sessions in order, and the turns of those that have much to read. */
  goOn(nowMs: number): void {
    for (const session of this.#sessions.values()) {
      if (session.state === 'ready') this.#begin(session, nowMs)
      else if (session.state === 'queued') this.#giveTurn(session, nowMs)
    }
  }

  #begin(session: Session, nowMs: number): void {
    if (this.#asking.size >= this.#options.limits.sessions) return
    session.startedMs = nowMs
    session.progressMs = nowMs
    this.#step(session, session.machine.begin(), nowMs)
  }

  #giveTurn(session: Session, nowMs: number): void {
    const { fetchers, stallMs } = this.#options.limits
    const busy = this.#askingSessions().filter(
      ({ hasTurn, progressMs }) => hasTurn && nowMs < progressMs + stallMs,
    )
    if (busy.length >= fetchers) return
    const waitedMs = nowMs - session.heardMs
    session.hasTurn = true
    session.startedMs += waitedMs
    session.progressMs = nowMs
    const { machine } = session
    machine.allow()
    // After a while others may have brought us what it has: then there is less to ask for.
    this.#step(session, waitedMs === 0 ? machine.proceed() : machine.begin(), nowMs)
  }

  #step(session: Session, step: Step, nowMs: number): void {
    const { machine } = session
    if (machine.news > session.news) {
      session.news = machine.news
      session.progressMs = nowMs
    }
    this.#options.onRead(session)
    switch (step.type) {
      case 'listen':
        return
      case 'ask': {
        const { from, limit } = step.question
        this.#hangUp(session)
        session.state = 'asking'
        session.heardMs = nowMs
        session.ask = this.#options.asks.begin(
          session.address,
          `/chain?from=${from}&limit=${limit}`,
        )
        this.#asking.set(session.ask, session)
        return
      }
      case 'queue':
        this.#hangUp(session)
        session.state = 'queued'
        session.heardMs = nowMs
        return
      case 'done':
        this.#end(session, step.outcome)
        return
      default:
        assertNever(step)
    }
  }

  #askingSessions(): Session[] {
    return [...this.#sessions.values()].filter(({ state }) => state === 'asking')
  }

  #hangUp({ ask }: Session): void {
    if (this.#asking.delete(ask)) this.#options.asks.stop(ask)
  }

  #fail(session: Session, code: PeerFaultCode, detail: string): void {
    this.#stop(session, { type: 'fault', fault: peerFault(code, detail) })
  }

  #stop(session: Session, problem: Problem): void {
    this.#end(session, session.machine.stop(problem))
  }

  #end(session: Session, outcome: Outcome): void {
    this.#hangUp(session)
    this.#sessions.delete(session.address)
    this.#options.onEnd(session, outcome)
  }
}
