/**
 * A tiny virtual network: one node under test, a virtual clock, and scripted peers. A peer is given
 * each path that it is asked for and plans what becomes of the ask, event by event; the plan may be
 * endless, because it is only drawn from as time passes. Nothing is random and nothing sleeps.
 */

import { ANSWER_LIMITS, type AnswerLimits, Answers } from '../../../src/adapters/net/answers.ts'
import { pathOf } from '../../../src/adapters/net/paths.ts'
import type {
  Effect,
  Input,
  NodeEvent,
  NodeOptions,
  Reply,
  Request,
} from '../../../src/node/messages.ts'
import { Node } from '../../../src/node/node.ts'
import type { AskInput } from '../../../src/node/pull/asking.ts'
import { PEER_FAULTS, type PeerFaultCode } from '../../../src/node/pull/peer-faults.ts'
import { MemoryStore } from '../../../src/node/store/memory-store.ts'
import type { Store } from '../../../src/node/store/store.ts'
import { EASY } from '../../helpers/chains.ts'

export const OWN_ID = 'c4d1affa6a534b5d9fbee8a81fa5b25c'
export const START_MS = 1_900_000_000_000

/** What becomes of an ask, so long after the event before it. */
export type PeerEvent = { readonly afterMs: number } & (
  | { readonly type: 'connected' }
  | { readonly type: 'began'; readonly nodeId?: string }
  | { readonly type: 'heard'; readonly text: string; readonly sizeBytes?: number }
  | { readonly type: 'ended' }
  | { readonly type: 'ask-failed'; readonly code: PeerFaultCode; readonly detail?: string }
)

export interface Peer {
  /** @param ordinal how often this peer has been asked before */
  (path: string, ordinal: number): Iterable<PeerEvent>
  /** No connection stands unless the plan says so; with all others one does as soon as it is asked. */
  readonly neverConnects?: boolean
}

export interface AskRecord {
  readonly ask: number
  readonly address: string
  readonly path: string
  readonly atMs: number
  /** Bytes that were delivered. */
  bytes: number
  /** When the node hung up, or the plan came to its end. */
  stoppedMs: number | undefined
  endedMs: number | undefined
}

export interface Answered {
  readonly id: number
  readonly reply: Reply
  readonly atMs: number
}

export type ResolvedReply = Reply & { readonly type: 'resolved' }
export type SurveyedReply = Reply & { readonly type: 'surveyed' }

interface OpenAsk {
  readonly record: AskRecord
  readonly plan: Iterator<PeerEvent>
  next: PeerEvent | undefined
  dueMs: number
}

export interface NetworkOptions extends Partial<NodeOptions> {
  /** How much time each slice of a long reorganisation takes. */
  readonly sliceMs?: number
  readonly answerLimits?: Partial<AnswerLimits>
}

export class Network {
  readonly node: Node
  readonly store: Store
  readonly asks: AskRecord[] = []
  readonly replies: Answered[] = []
  readonly events: NodeEvent[] = []
  readonly searches: (Effect & { type: 'search' | 'cancel' })[] = []
  /**
   * Ticks that forgot no blocks and after which the node asked for another at a time that had passed:
   * it would spin.
   */
  wastedTicks = 0
  /** Asks that were stopped after they had ended by themselves. */
  staleStops = 0
  mostOpen = 0
  nowMs = START_MS
  readonly #peers: Record<string, Peer>
  readonly #sliceMs: number
  readonly #answers: Answers
  readonly #open = new Map<number, OpenAsk>()
  /** Asks whose connection stands, of which the node has not been told. */
  #connected: number[] = []
  readonly #ordinals = new Map<string, number>()
  #lastId = 0

  /** Registers every peer at the node; `alsoUnknown` are there and not registered. */
  constructor(
    peers: Record<string, Peer> = {},
    options: NetworkOptions = {},
    alsoUnknown: Record<string, Peer> = {},
  ) {
    const { sliceMs = 0, store = new MemoryStore(), answerLimits, ...nodeOptions } = options
    this.#answers = new Answers({ ...ANSWER_LIMITS, ...answerLimits })
    this.#peers = { ...peers, ...alsoUnknown }
    this.#sliceMs = sliceMs
    this.store = store
    this.node = new Node({ id: OWN_ID, spec: EASY, store, ...nodeOptions })
    this.node.chain.registerNodes(Object.keys(peers))
  }

  get chain() {
    return this.node.chain
  }

  /** Paths that a peer was asked for, or that all were. */
  paths(address?: string): string[] {
    const asks = this.asks.filter((ask) => address === undefined || ask.address === address)
    return asks.map(({ path }) => path)
  }

  /** Gives the node one input, runs what it wants done, and tells it of connections. */
  step(input: Input): readonly Effect[] {
    const effects = this.#stepOnce(input)
    for (;;) {
      const ask = this.#connected.shift()
      if (ask === undefined) return effects
      if (this.#open.has(ask)) this.#stepOnce({ type: 'connected', ask })
    }
  }

  #stepOnce(input: Input): readonly Effect[] {
    const effects = [...this.node.step(input, this.nowMs)]
    while (this.node.isMoving) {
      this.nowMs += this.#sliceMs
      effects.push(...this.node.step({ type: 'continue' }, this.nowMs))
    }
    for (const effect of effects) this.#do(effect)
    this.mostOpen = Math.max(this.mostOpen, this.#open.size)
    return effects
  }

  request(request: Request): number {
    const id = ++this.#lastId
    this.step({ type: 'request', id, request })
    return id
  }

  /** Goes on until nothing more happens, or to a time; a node that resolves by itself needs one. */
  run(untilMs = Number.POSITIVE_INFINITY): void {
    while (this.#advance(untilMs)) {
      // Each turn delivers one event.
    }
    if (untilMs !== Number.POSITIVE_INFINITY) this.nowMs = Math.max(this.nowMs, untilMs)
  }

  runFor(durationMs: number): void {
    this.run(this.nowMs + durationMs)
  }

  /** Asks for a resolve and goes on until it is answered. */
  resolve(): ResolvedReply {
    const reply = this.#replyTo(this.request({ type: 'resolve' }))
    if (reply.type !== 'resolved') throw new Error(`expected resolved: ${reply.type}`)
    return reply
  }

  survey(): SurveyedReply {
    const reply = this.#replyTo(this.request({ type: 'survey' }))
    if (reply.type !== 'surveyed') throw new Error(`expected surveyed: ${reply.type}`)
    return reply
  }

  replyOf(id: number): Answered | undefined {
    return this.replies.find((answered) => answered.id === id)
  }

  #replyTo(id: number): Reply {
    for (;;) {
      const answered = this.replyOf(id)
      if (answered !== undefined) return answered.reply
      if (!this.#advance(Number.POSITIVE_INFINITY)) throw new Error(`no reply to ${id}`)
    }
  }

  /** The next event or tick, if it is not past a time. Events of one moment come before its tick. */
  #advance(untilMs: number): boolean {
    let first: OpenAsk | undefined
    for (const open of this.#open.values()) {
      if (open.next !== undefined && open.dueMs < (first?.dueMs ?? Number.POSITIVE_INFINITY)) {
        first = open
      }
    }
    const eventMs = first?.dueMs ?? Number.POSITIVE_INFINITY
    const wakeMs = this.#wakeMs()
    const atMs = Math.max(this.nowMs, Math.min(eventMs, wakeMs))
    if (atMs === Number.POSITIVE_INFINITY || atMs > untilMs) return false
    this.nowMs = atMs
    if (first !== undefined && eventMs <= atMs) this.#deliver(first)
    else this.#tick()
    return true
  }

  #spunAtMs: number | undefined

  #wakeMs(): number {
    const wakeMs = this.node.wakeAtMs ?? Number.POSITIVE_INFINITY
    return this.#spunAtMs === undefined ? wakeMs : Math.max(wakeMs, this.#spunAtMs + 1)
  }

  #tick(): void {
    const sideBytes = this.store.sideBytes()
    this.step({ type: 'tick' })
    const wantsMore = (this.node.wakeAtMs ?? Number.POSITIVE_INFINITY) <= this.nowMs
    const isSpinning = wantsMore && this.store.sideBytes() >= sideBytes
    if (isSpinning) this.wastedTicks++
    this.#spunAtMs = isSpinning ? this.nowMs : undefined
  }

  #deliver(open: OpenAsk): void {
    const { record, next } = open
    if (next === undefined) return
    const { ask } = record
    this.#draw(open)
    if (next.type === 'heard') {
      const { text, sizeBytes = text.length } = next
      record.bytes += sizeBytes
      for (const input of this.#answers.hear(ask, text, sizeBytes)) {
        // The transport hangs up on what it cannot read.
        const failed = input.type === 'ask-failed' ? this.#open.get(input.ask) : undefined
        if (failed !== undefined) failed.record.stoppedMs = this.nowMs
        this.#tell(input)
      }
    } else this.#tell(next.type === 'ended' ? this.#answers.end(ask) : inputOf(ask, next))
  }

  #tell(input: AskInput): void {
    const open = this.#open.get(input.ask)
    if (open === undefined) return
    if (input.type === 'ended' || input.type === 'ask-failed') {
      if (open.record.stoppedMs === undefined) open.record.endedMs = this.nowMs
      this.#open.delete(input.ask)
      this.#answers.drop(input.ask)
    }
    this.step(input)
  }

  #draw(open: OpenAsk): void {
    const { done, value } = open.plan.next()
    open.next = done === true ? undefined : value
    open.dueMs += open.next?.afterMs ?? 0
  }

  #do(effect: Effect): void {
    switch (effect.type) {
      case 'ask': {
        const { ask, address, question } = effect
        const path = pathOf(question)
        const ordinal = this.#ordinals.get(address) ?? 0
        this.#ordinals.set(address, ordinal + 1)
        const record: AskRecord = {
          ask,
          address,
          path,
          atMs: this.nowMs,
          bytes: 0,
          stoppedMs: undefined,
          endedMs: undefined,
        }
        this.asks.push(record)
        const script = this.#peers[address] ?? unreachable()
        const plan = script(path, ordinal)[Symbol.iterator]()
        const open: OpenAsk = { record, plan, next: undefined, dueMs: this.nowMs }
        this.#open.set(ask, open)
        this.#answers.begin(ask, question)
        this.#draw(open)
        if (script.neverConnects !== true) this.#connected.push(ask)
        return
      }
      case 'stop-asking': {
        const open = this.#open.get(effect.ask)
        if (open === undefined) {
          this.staleStops++
          return
        }
        open.record.stoppedMs = this.nowMs
        this.#answers.drop(effect.ask)
        this.#open.delete(effect.ask)
        return
      }
      case 'reply':
        this.replies.push({ id: effect.id, reply: effect.reply, atMs: this.nowMs })
        return
      case 'emit':
        this.events.push(effect.event)
        return
      case 'set-threads':
        return
      default:
        this.searches.push(effect)
    }
  }
}

function inputOf(ask: number, event: Exclude<PeerEvent, { type: 'heard' | 'ended' }>): AskInput {
  switch (event.type) {
    case 'connected':
      return { type: 'connected', ask }
    case 'began':
      return { type: 'began', ask, nodeId: event.nodeId }
    default:
      return {
        type: 'ask-failed',
        ask,
        fault: { code: event.code, detail: event.detail ?? 'as the script says' },
      }
  }
}

export function unreachable(code: PeerFaultCode = 'connection-failed'): Peer {
  const script = (): PeerEvent[] => [{ afterMs: 1, type: 'ask-failed', code }]
  return Object.assign(script, { neverConnects: PEER_FAULTS[code].verdict === 'unreachable' })
}
