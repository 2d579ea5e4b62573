/**
 * A picture of the network: our nodes and the nodes they know, each with its height and tip. Asked of
 * each node itself, two steps deep, all at once, in one short time. A node of ours tells in `/info` and
 * `/nodes`; of a tutorial node, which has neither, the chain is read.
 */
import { assert, attempt } from '../../core/errors.ts'
import {
  MAX_NETWORK_NODES,
  MAX_PEER_SESSIONS,
  MAX_SURVEY_BYTES,
  MAX_SURVEY_CHAIN_BYTES,
  NETWORK_SURVEY_MS,
} from '../../core/limits.ts'
import type { BlockChain } from '../chain/blockchain.ts'
import type { Answer, AskInput, Asks } from './asking.ts'
import { type PeerFault, peerFault } from './peer-faults.ts'
import { type Surveyed, saidBy } from './survey-answers.ts'

type Stage = 'ready' | keyof typeof QUESTIONS | 'done'

interface Visit {
  readonly address: string
  readonly isRegistered: boolean
  stage: Stage
  ask: number
  bytes: number
  said: Partial<Surveyed>
}

/** What a node is asked for, and what after that where it knows no such path. */
const QUESTIONS = {
  info: { question: { type: 'info' }, orElse: 'chain' },
  nodes: { question: { type: 'nodes' }, orElse: undefined },
  chain: { question: { type: 'end', isWhole: false }, orElse: 'whole' },
  whole: { question: { type: 'end', isWhole: true }, orElse: undefined },
} as const

export class Survey {
  readonly #chain: BlockChain
  readonly #asks: Asks
  readonly #ownId: string
  readonly #waiting = new Set<number>()
  #visits = new Map<string, Visit>()
  readonly #asking = new Map<number, Visit>()
  #endsAtMs: number | undefined

  constructor({ chain, asks, ownId }: { chain: BlockChain; asks: Asks; ownId: string }) {
    this.#chain = chain
    this.#asks = asks
    this.#ownId = ownId
  }

  /** Somebody wants the picture; those who come while it is made share it. */
  begin(id: number, nowMs: number): void {
    this.#waiting.add(id)
    if (this.#endsAtMs !== undefined) return
    this.#endsAtMs = nowMs + NETWORK_SURVEY_MS
    this.#visits = new Map()
    for (const address of this.#chain.nodes.slice(0, MAX_NETWORK_NODES)) this.#plan(address, true)
    this.#goOn()
  }

  leave(id: number): void {
    this.#waiting.delete(id)
  }

  get wakeAtMs(): number | undefined {
    return this.#endsAtMs
  }

  /** We were busy ourselves for so long. */
  excuse(durationMs: number): void {
    if (this.#endsAtMs !== undefined) this.#endsAtMs += durationMs
  }

  /** Takes what became of an ask of ours. */
  take(input: AskInput): void {
    const visit = this.#asking.get(input.ask)
    if (visit === undefined) return
    if (input.type === 'heard') this.#hear(visit, input.sizeBytes)
    if (input.type === 'ended') this.#heard(visit, input.answer)
    if (input.type === 'ask-failed') {
      this.#asking.delete(input.ask)
      this.#failed(visit, input.fault)
    }
    this.#goOn()
  }

  /** Whoever has not answered by now is in the picture as such. */
  tick(nowMs: number): void {
    if (this.#endsAtMs === undefined || nowMs < this.#endsAtMs) return
    for (const visit of this.#visits.values()) {
      if (visit.stage === 'done') continue
      this.#failed(visit, peerFault('too-slow', `no answer within ${NETWORK_SURVEY_MS} ms`))
    }
  }

  /** The picture, once it is complete, and who waits for it. */
  settle(): { ids: readonly number[]; nodes: readonly Surveyed[] } | undefined {
    if (this.#endsAtMs === undefined) return undefined
    const visits = [...this.#visits.values()]
    if (visits.some(({ stage }) => stage !== 'done')) return undefined
    this.#endsAtMs = undefined
    const ids = [...this.#waiting]
    this.#waiting.clear()
    return { ids, nodes: visits.map((visit) => this.#surveyed(visit)) }
  }

  #plan(address: string, isRegistered: boolean): void {
    if (this.#visits.has(address) || this.#visits.size >= MAX_NETWORK_NODES) return
    this.#visits.set(address, {
      address,
      isRegistered,
      stage: 'ready',
      ask: 0,
      bytes: 0,
      said: {},
    })
  }

  #goOn(): void {
    for (const visit of this.#visits.values()) {
      if (this.#asking.size >= MAX_PEER_SESSIONS) return
      if (visit.stage === 'ready') this.#ask(visit, 'info')
    }
  }

  #ask(visit: Visit, stage: keyof typeof QUESTIONS): void {
    this.#hangUp(visit)
    const { question } = QUESTIONS[stage]
    visit.stage = stage
    visit.bytes = 0
    visit.ask = this.#asks.begin(visit.address, question)
    this.#asking.set(visit.ask, visit)
  }

  #hear(visit: Visit, sizeBytes: number): void {
    visit.bytes += sizeBytes
    const isChain = visit.stage === 'chain' || visit.stage === 'whole'
    const limit = isChain ? MAX_SURVEY_CHAIN_BYTES : MAX_SURVEY_BYTES
    if (visit.bytes <= limit) return
    this.#failed(visit, peerFault('too-large', `it sent more than ${limit} bytes`))
  }

  #heard(visit: Visit, answer: Answer): void {
    this.#asking.delete(visit.ask)
    if (answer.type === 'info') {
      visit.said = { ...visit.said, ...saidBy(answer.info, this.#chain.spec) }
      // Of nodes that only our nodes know, not even they are asked whom they know.
      if (visit.isRegistered && !this.#isSelf(visit)) {
        this.#ask(visit, 'nodes')
        return
      }
    } else if (answer.type === 'nodes') {
      visit.said = { ...visit.said, nodes: answer.addresses }
      for (const address of answer.addresses) this.#plan(address, false)
    } else {
      assert(answer.type === 'end', 'a survey asks for no blocks')
      visit.said = { ...visit.said, ...this.#endOf(answer) }
    }
    visit.stage = 'done'
  }

  /** Height and tip by the chain that was read. */
  #endOf({ length, last }: Answer & { type: 'end' }): Partial<Surveyed> {
    if (last === undefined) return { length }
    const { value } = attempt(() => this.#chain.spec.rules.decodeBlock(last).header)
    // A node of another chain is a node: its blocks are counted, their hashes are not ours to say.
    return value === undefined ? { length } : { length: value.index, tip: value.hash }
  }

  #failed(visit: Visit, fault: PeerFault): void {
    this.#hangUp(visit)
    const { stage } = visit
    // A node that has no `/info` may be a tutorial node; one that hides its nodes is one all the same.
    const isNoChain = fault.code === 'not-a-chain' && stage === 'chain'
    const hasNoPath = fault.code === 'bad-status' || isNoChain
    const next = stage === 'ready' || stage === 'done' ? undefined : QUESTIONS[stage].orElse
    if (hasNoPath && next !== undefined) this.#ask(visit, next)
    else {
      if (stage !== 'nodes') visit.said = { ...visit.said, fault }
      visit.stage = 'done'
    }
  }

  #hangUp({ ask }: Visit): void {
    if (this.#asking.delete(ask)) this.#asks.stop(ask)
  }

  #isSelf({ said }: Visit): boolean {
    return said.id === this.#ownId
  }

  #surveyed(visit: Visit): Surveyed {
    const { id, chain, length, tip, nodes = [], fault } = visit.said
    const { address, isRegistered } = visit
    const isSelf = this.#isSelf(visit)
    return { address, isRegistered, isSelf, id, chain, length, tip, nodes, fault }
  }
}
