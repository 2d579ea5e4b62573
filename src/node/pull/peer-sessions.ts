/**
 * The sessions with other nodes: each with a connection and time limits of its own, so that none
 * waits for another. Only long reading goes by turns; a node that sends nothing new loses its turn.
 */
import { assertNever } from '../../core/errors.ts'
import type { BlockHash } from '../../core/hash.ts'
import type { SyncLimits } from '../../core/limits.ts'
import type { BlockChain } from '../chain/blockchain.ts'
import type { AskInput, Asks } from './asking.ts'
import { earliest } from './earliest.ts'
import { type PeerFault, type PeerFaultCode, peerFault } from './peer-faults.ts'
import type { Outcome, Problem, Step } from './peer-report.ts'
import { PeerSession } from './peer-session.ts'

export interface Session {
  readonly address: string
  readonly machine: PeerSession
  /** Whether we asked by ourselves. */
  readonly isOwn: boolean
  /** `ready` has not begun, `queued` waits for its turn to read more. */
  state: 'ready' | 'asking' | 'queued'
  ask: number
  isConnected: boolean
  /** Whether it has answered anything. */
  hasAnswered: boolean
  /** When its turn to send a long part began; undefined before. */
  turnMs: number | undefined
  startedMs: number
  /** When it was last heard, or began to wait. */
  heardMs: number
  progressMs: number
  progress: number
}

export interface SessionsOptions {
  readonly chain: BlockChain
  readonly asks: Asks
  readonly limits: SyncLimits
  /** This node's id, by which it recognises itself. */
  readonly ownId: string
}

/** A session has read something, or has come to its end. */
export type SessionEvent =
  | { readonly type: 'read'; readonly session: Session }
  | { readonly type: 'ended'; readonly session: Session; readonly outcome: Outcome }

export class PeerSessions {
  readonly #options: SessionsOptions
  /** By address, in the order in which they began. */
  readonly #sessions = new Map<string, Session>()
  readonly #asking = new Map<number, Session>()
  #events: SessionEvent[] = []
  #nowMs = 0

  constructor(options: SessionsOptions) {
    this.#options = options
  }

  /** Opens a session, which begins with the next `goOn`. */
  open(address: string, { isOwn, nowMs }: { isOwn: boolean; nowMs: number }): void {
    const { chain, limits } = this.#options
    const session: Session = {
      address,
      machine: new PeerSession(chain, { limits, breakTies: isOwn }),
      isOwn,
      state: 'ready',
      ask: 0,
      isConnected: false,
      hasAnswered: false,
      turnMs: undefined,
      startedMs: nowMs,
      heardMs: nowMs,
      progressMs: nowMs,
      progress: 0,
    }
    this.#sessions.set(address, session)
  }

  /** What has come of sessions since this was last asked, in order. */
  takeEvents(): readonly SessionEvent[] {
    const events = this.#events
    this.#events = []
    return events
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
    this.#nowMs = nowMs
    const { machine } = session
    machine.mayReadLong = this.#mayReadLong(session)
    switch (input.type) {
      case 'connected':
        session.isConnected = true
        break
      case 'began':
        session.hasAnswered = true
        if (input.nodeId === this.#options.ownId) this.#stop(session, { type: 'self' })
        break
      case 'heard':
        this.#step(session, machine.hear(input.blocks, input.sizeBytes))
        break
      case 'ended':
        this.#asking.delete(session.ask)
        this.#step(session, machine.hearEnd(input.answer))
        break
      case 'ask-failed':
        this.#asking.delete(session.ask)
        session.hasAnswered ||= hasBeenReached(input.fault)
        this.#step(session, machine.hearFailure(input.fault, session.isConnected))
        break
      default:
        assertNever(input)
    }
    return true
  }

  /** Ends what takes too long. */
  expire(nowMs: number): void {
    const { silenceMs, sessionMs, stallMs } = this.#options.limits
    for (const session of this.#askingSessions()) {
      if (nowMs >= session.heardMs + silenceMs) {
        const code = session.isConnected ? 'too-slow' : 'connection-failed'
        this.#fail(session, code, `nothing was heard for ${silenceMs} ms`)
      } else if (nowMs >= session.startedMs + sessionMs) {
        const isBusy = nowMs < session.progressMs + stallMs
        const code = isBusy ? 'out-of-time' : 'too-slow'
        this.#fail(session, code, `it took longer than ${sessionMs} ms in all`)
      }
    }
  }

  /** When `expire` or `goOn` has something to do, if nothing is heard before. */
  get wakeAtMs(): number | undefined {
    const { silenceMs, sessionMs } = this.#options.limits
    const isQueued = [...this.#sessions.values()].some(({ state }) => state === 'queued')
    const times = this.#askingSessions().flatMap((session) => {
      const turnEndsMs = this.#turnEndsMs(session)
      return [
        session.heardMs + silenceMs,
        session.startedMs + sessionMs,
        ...(isQueued && turnEndsMs > this.#nowMs ? [turnEndsMs] : []),
      ]
    })
    return earliest(times)
  }

  /** We were busy ourselves for so long, which is nobody's fault. */
  excuse(durationMs: number): void {
    for (const session of this.#sessions.values()) {
      session.startedMs += durationMs
      session.heardMs += durationMs
      session.progressMs += durationMs
      if (session.turnMs !== undefined) session.turnMs += durationMs
    }
  }

  /** Ends of branches that are being read. */
  growing(): Set<BlockHash> {
    const ends = [...this.#sessions.values()].map(({ machine }) => machine.standsOn?.hash)
    return new Set(ends.filter((hash) => hash !== undefined))
  }

  /** Begins what may begin: sessions in order, and the turns of those that have much to read. */
  goOn(nowMs: number): void {
    this.#nowMs = nowMs
    let hasRoom = this.#hasRoom()
    for (const session of this.#sessions.values()) {
      if (this.#asking.size >= this.#options.limits.sessions) return
      if (session.state === 'ready') {
        session.startedMs = nowMs
        this.#begin(session)
      } else if (session.state === 'queued' && hasRoom) {
        session.startedMs += nowMs - session.heardMs
        session.turnMs = nowMs
        // Meanwhile others may have brought us what it has: then there is less to ask for.
        this.#begin(session)
        hasRoom = this.#hasRoom()
      }
    }
  }

  #begin(session: Session): void {
    session.progressMs = this.#nowMs
    session.machine.mayReadLong = this.#mayReadLong(session)
    this.#step(session, session.machine.begin())
  }

  /** Whether a session may read a long part of a chain; if not, it has to queue. */
  #mayReadLong(session: Session): boolean {
    if (session.turnMs !== undefined) return true
    const isQueue = [...this.#sessions.values()].some(({ state }) => state === 'queued')
    return !isQueue && this.#hasRoom()
  }

  #hasRoom(): boolean {
    const busy = this.#askingSessions().filter((session) => this.#nowMs < this.#turnEndsMs(session))
    return busy.length < this.#options.limits.fetchers
  }

  /** Until when a session keeps others from their turn: while it brings news, and not for long. */
  #turnEndsMs({ turnMs, progressMs }: Session): number {
    const { stallMs, turnMs: longestMs } = this.#options.limits
    return turnMs === undefined ? 0 : Math.min(progressMs + stallMs, turnMs + longestMs)
  }

  #step(session: Session, step: Step): void {
    const { machine } = session
    const nowMs = this.#nowMs
    if (machine.isLong && session.turnMs === undefined) {
      session.turnMs = nowMs
      session.progressMs = nowMs
    }
    if (machine.progress > session.progress) {
      session.progress = machine.progress
      session.progressMs = nowMs
    }
    this.#events.push({ type: 'read', session })
    switch (step.type) {
      case 'listen':
        return
      case 'ask': {
        this.#hangUp(session)
        session.state = 'asking'
        session.heardMs = nowMs
        session.isConnected = false
        session.ask = this.#options.asks.begin(session.address, step.question)
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
    return [...this.#asking.values()]
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
    this.#events.push({ type: 'ended', session, outcome })
  }
}

function hasBeenReached({ code }: PeerFault): boolean {
  return code !== 'connection-failed' && code !== 'forbidden-address'
}
