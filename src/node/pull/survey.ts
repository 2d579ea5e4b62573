/**
 * A picture of the network: our nodes and the nodes they know, each with its height and tip. Asked of
 * each node itself, two steps deep, all at once, in one short time. A node of ours tells in `/info` and
 * `/nodes`; of a tutorial node, which has neither, the chain is read.
 */
import { DecodeError, RuleError } from '../../core/errors.ts'
import { type BlockHash, isBlockHash } from '../../core/hash.ts'
import { formatJson, type Json, JsonObject, parseJson } from '../../core/json/json.ts'
import {
  MAX_NEIGHBOURS,
  MAX_NETWORK_NODES,
  MAX_PEER_BLOCK_CHARS,
  MAX_PEER_SESSIONS,
  MAX_SURVEY_BYTES,
  MAX_SURVEY_CHAIN_BYTES,
  NETWORK_SURVEY_MS,
} from '../../core/limits.ts'
import { parseSpec, type Spec } from '../../core/spec.ts'
import type { BlockChain } from '../chain/blockchain.ts'
import { parseAddress } from '../peers/address.ts'
import type { AskInput, Asks } from './asking.ts'
import { ChainResponse, countOf, pathOf, type Question, WHOLE_CHAIN } from './chain-response.ts'
import { type PeerFault, peerFault } from './peer-faults.ts'

/** One node of the picture. */
export interface Surveyed {
  readonly address: string
  /** Whether it is one of our own nodes, or only known to one of them. */
  readonly isRegistered: boolean
  readonly isSelf: boolean
  readonly id: string | undefined
  /** Name of its chain spec, and how it differs from ours of that name: equal names are equal specs. */
  readonly chain: string | undefined
  readonly length: number | undefined
  readonly tip: BlockHash | undefined
  /** The nodes that it knows, if it says so. */
  readonly nodes: readonly string[]
  /** Why it could not be asked. */
  readonly fault: PeerFault | undefined
}

type Stage = 'ready' | keyof typeof QUESTIONS | 'done'

interface Visit {
  readonly address: string
  readonly isRegistered: boolean
  stage: Stage
  ask: number
  text: string
  bytes: number
  answer: ChainResponse | undefined
  /** The last block of a chain, as text: what is read of it may take ten times as much memory. */
  lastBlock: string | undefined
  said: Partial<Surveyed>
}

/** A node of ours answers with the length alone, a tutorial node with its whole chain. */
const BEYOND_THE_END: Question = { from: Number.MAX_SAFE_INTEGER, limit: 1 }

/** What a node is asked for, and what after that where it knows no such path. */
const QUESTIONS = {
  info: { path: '/info', question: undefined, orElse: 'chain' },
  nodes: { path: '/nodes', question: undefined, orElse: undefined },
  chain: { path: pathOf(BEYOND_THE_END), question: BEYOND_THE_END, orElse: 'whole' },
  whole: { path: pathOf(WHOLE_CHAIN), question: WHOLE_CHAIN, orElse: undefined },
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
    if (input.type === 'heard') this.#hear(visit, input.text, input.sizeBytes)
    if (input.type === 'ended') this.#heard(visit)
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
      text: '',
      bytes: 0,
      answer: undefined,
      lastBlock: undefined,
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
    const { path, question } = QUESTIONS[stage]
    visit.stage = stage
    visit.text = ''
    visit.bytes = 0
    visit.answer =
      question === undefined
        ? undefined
        : new ChainResponse(question, { blockChars: MAX_PEER_BLOCK_CHARS })
    visit.ask = this.#asks.begin(visit.address, path)
    this.#asking.set(visit.ask, visit)
  }

  #hear(visit: Visit, text: string, sizeBytes: number): void {
    visit.bytes += sizeBytes
    const limit = visit.answer === undefined ? MAX_SURVEY_BYTES : MAX_SURVEY_CHAIN_BYTES
    if (visit.bytes > limit) {
      this.#failed(visit, peerFault('too-large', `it sent more than ${limit} bytes`))
    } else if (visit.answer === undefined) {
      visit.text += text
    } else {
      this.#reading(visit, () => {
        for (const block of visit.answer?.texts(text, sizeBytes) ?? []) visit.lastBlock = block
      })
    }
  }

  #heard(visit: Visit): void {
    this.#asking.delete(visit.ask)
    this.#reading(visit, () => {
      switch (visit.stage) {
        case 'info':
          visit.said = { ...visit.said, ...infoOf(parseJson(visit.text), this.#chain.spec) }
          // Of nodes that only our nodes know, not even they are asked whom they know.
          return visit.isRegistered && !this.#isSelf(visit)
            ? this.#ask(visit, 'nodes')
            : done(visit)
        case 'nodes':
          visit.said = { ...visit.said, nodes: neighboursOf(parseJson(visit.text)) }
          for (const address of visit.said.nodes ?? []) this.#plan(address, false)
          return done(visit)
        default:
          visit.said = { ...visit.said, ...this.#endOf(visit) }
          return done(visit)
      }
    })
  }

  /** Height and tip by the chain that was read. */
  #endOf({ answer, lastBlock }: Visit): Partial<Surveyed> {
    const said = answer?.end()
    if (lastBlock === undefined) return { length: said }
    try {
      const { hash, index } = this.#chain.spec.rules.decodeBlock(parseJson(lastBlock)).header
      return { length: index, tip: hash }
    } catch (error) {
      if (!(error instanceof RuleError)) throw error
      // A node of another chain is a node: its blocks are counted, their hashes are not ours to say.
      return { length: said }
    }
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
      done(visit)
    }
  }

  #hangUp({ ask }: Visit): void {
    if (this.#asking.delete(ask)) this.#asks.stop(ask)
  }

  #reading(visit: Visit, read: () => void): void {
    try {
      read()
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      this.#failed(visit, peerFault('not-a-chain', 'its answer is not what a node says'))
    }
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

/** What has been said is kept, and nothing that it was read from: the picture stays until the next one. */
function done(visit: Visit): void {
  visit.stage = 'done'
  visit.text = ''
  visit.answer = undefined
  visit.lastBlock = undefined
}

/** What `/info` says, as far as it has the form of it. */
function infoOf(json: Json, ours: Spec): Partial<Surveyed> {
  const info = json instanceof JsonObject ? json : new JsonObject([])
  const tip = info.get('tip')
  const [id, height] = ['id', 'height'].map((key) => info.get(key))
  const chain = chainIn(info, ours)
  const hash = tip instanceof JsonObject ? tip.get('hash') : undefined
  return {
    ...(typeof id === 'string' && /^[0-9a-f]{32}$/.test(id) ? { id } : {}),
    ...(chain === undefined ? {} : { chain }),
    length: countOf(height),
    ...(typeof hash === 'string' && isBlockHash(hash) ? { tip: hash } : {}),
  }
}

/** What a node says of its chain spec, beside ours. */
function chainIn(info: JsonObject, ours: Spec): string | undefined {
  const [name, spec] = [info.get('chain'), info.get('spec')]
  if (typeof name !== 'string' || !/^[\w.-]{1,64}$/.test(name)) return undefined
  if (!(spec instanceof JsonObject) || name !== ours.name || isSame(spec, ours)) return name
  const difficulty = countOf(spec.get('difficulty'))
  const isHarder = difficulty !== undefined && !ours.text.includes(`"difficulty": ${difficulty},`)
  return isHarder ? `${name}, difficulty ${difficulty}` : `${name}, other parameters`
}

function isSame(spec: JsonObject, ours: Spec): boolean {
  try {
    return parseSpec(formatJson(spec)).text === ours.text
  } catch (error) {
    if (error instanceof DecodeError) return false
    throw error
  }
}

/** The addresses in a `/nodes` answer; what is none is left out. */
function neighboursOf(json: Json): readonly string[] {
  const nodes = json instanceof JsonObject ? json.get('nodes') : undefined
  const list: readonly Json[] = Array.isArray(nodes) ? nodes : []
  const addresses = list.slice(0, MAX_NEIGHBOURS).map((node) => {
    const address = node instanceof JsonObject ? node.get('node') : undefined
    return typeof address === 'string' ? addressOrNone(address) : undefined
  })
  return [...new Set(addresses)].filter((address) => address !== undefined)
}

function addressOrNone(text: string): string | undefined {
  try {
    return parseAddress(text)
  } catch (error) {
    if (error instanceof RuleError) return undefined
    throw error
  }
}
