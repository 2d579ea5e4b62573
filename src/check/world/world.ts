/**
 * What the checks of all stages share: the node under judgement, what it has served, the payments that it
 * was given, the blocks that it has mined for us, the judge's own nodes. A check acts on the node through
 * this, so that whatever happened before is known to those after it.
 */

import type { Block } from '../../core/block.ts'
import { formatJson, JsonNumber, JsonObject } from '../../core/json/json.ts'
import type { Spec } from '../../core/spec.ts'
import { type Answer, type Asker, NoJudgement } from './asker.ts'
import { Forge } from './forge.ts'
import { JudgePeer } from './peers.ts'
import {
  chainIn,
  member,
  type NoChain,
  type ServedChain,
  transactionsOf,
  wholeBlocks,
} from './served-chain.ts'

/** A payment as it was sent. */
export interface Payment {
  readonly sender: string
  readonly recipient: string
  /** A number as written. */
  readonly amount: string
  readonly answer: Answer
}

/** A block that the node was asked to mine: its chain before, what it answered, its chain after. */
export interface Mined {
  readonly before: ServedChain
  readonly answer: Answer
  readonly after: ServedChain | undefined
}

export interface WorldOptions {
  readonly spec: Spec
  readonly asker: Asker
  readonly peerHost: string | undefined
  /** How long a peer that hangs does so before it closes, in milliseconds. */
  readonly hangMs?: number | undefined
}

const HANG_MS = 2_000
/** What is kept of a long answer to a payment. */
const KEPT_CHARS = 8_192
/** The amount of a payment that no rule allows. */
export const ODD_AMOUNT = 'much'

/** How long one watches a chain of which it is not clear whether it moves by itself. */
const WATCHED_MS = 1_500

export class World {
  readonly spec: Spec
  readonly asker: Asker
  readonly forge: Forge
  readonly mined: Mined[] = []
  readonly payments: Payment[] = []
  readonly remarks = new Set<string>()
  /** Calls to mine that it has answered well. */
  minedBlocks = 0
  /** Payments that it has taken and no rule allows. */
  oddPayments = 0
  /** The judge's nodes, in the order in which they were made. */
  readonly peers: JudgePeer[] = []
  /** Those that the node knows, as far as one could tell. */
  readonly registered = new Set<JudgePeer>()
  /** What the node answered when it was last told of peers. */
  registration: Answer | undefined
  /** The last chain of the node that was right: what the judge's own chains go on from. */
  good: readonly Block[] = []
  /** What it said when it took a peer's chain, and when it kept its own. */
  readonly resolved: { replaced?: Answer; kept?: Answer } = {}
  /** The answer to `/chain` that came last, and what it is. */
  lastRead: { readonly answer: Answer; readonly chain: ServedChain | NoChain } | undefined
  /** The check after which the node's chain may hold what no rule allows, through a request of ours. */
  spoiltBy: string | undefined
  /** Whether each payment makes the node mine: then its chain grows with those that are sent. */
  minesPayments = false
  /** Whether a block came into the chain only after the answer that promised it. */
  hasComeLate = false
  readonly hangMs: number
  /** Answers to `/mine` whose block was not in the chain then. */
  #promisedBlocks = 0
  readonly #peerHost: string | undefined
  #chain: ServedChain | undefined

  constructor({ spec, asker, peerHost, hangMs = HANG_MS }: WorldOptions) {
    this.hangMs = hangMs
    this.spec = spec
    this.asker = asker
    this.forge = new Forge(spec)
    this.#peerHost = peerHost
  }

  /** The chain as it was last read. */
  get chain(): ServedChain | undefined {
    return this.#chain
  }

  /** The node's blocks as they were last read, where each has the right form. */
  get blocks(): readonly Block[] {
    return (this.#chain && wholeBlocks(this.#chain)) ?? []
  }

  /** Reads the chain. */
  async readChain(): Promise<{ answer: Answer; chain: ServedChain | NoChain }> {
    const answer = await this.asker.get('/chain')
    // What is the same to the last letter need not be read again.
    const isSame = this.lastRead !== undefined && answer.text === this.lastRead.answer.text
    const chain = isSame && this.lastRead ? this.lastRead.chain : chainIn(answer, this.spec)
    if ('blocks' in chain) this.#chain = chain
    this.lastRead = { answer, chain }
    return this.lastRead
  }

  /**
   * Gives the node a payment.
   * @param padding blanks that make its body longer
   */
  async pay(payment: Omit<Payment, 'answer'>, padding = 0): Promise<Payment> {
    const { sender, recipient, amount } = payment
    const body = formatJson(
      new JsonObject([
        ['sender', sender],
        ['recipient', recipient],
        ['amount', new JsonNumber(amount)],
      ]),
    )
    const answer = await this.asker.post('/transactions/new', ' '.repeat(padding) + body)
    const paid = { ...payment, answer: shortened(answer) }
    if (isOk(answer)) this.payments.push(paid)
    return paid
  }

  /** Lets the node mine a block. @throws NoJudgement where its chain moves by itself */
  async mine(): Promise<Mined> {
    const known = this.#chain
    const { chain: read } = await this.readChain()
    const before = 'blocks' in read ? read : { blocks: [], length: undefined }
    if (known !== undefined) this.expectStill(known, before)
    const answer = await this.askToMine()
    const { chain } = await this.readChain()
    const after = 'blocks' in chain ? chain : undefined
    if (isOk(answer) && after?.blocks.length === before.blocks.length) this.#promisedBlocks++
    if (after !== undefined) refuseLeftOver(after)
    const mined = { before, answer, after }
    this.mined.push(mined)
    return mined
  }

  /** Asks it to mine, and looks at nothing. */
  async askToMine(): Promise<Answer> {
    const answer = await this.asker.get('/mine')
    if (isOk(answer)) this.minedBlocks++
    return answer
  }

  /** A chain that is another without a request of ours cannot be judged. @throws NoJudgement */
  expectStill(before: ServedChain, now: ServedChain): void {
    // A chain of the same length may be shown otherwise, which is a mistake and no movement.
    const more = now.blocks.length - before.blocks.length
    if (more === 0 || this.minesPayments) return
    if (more > 0 && more <= this.#promisedBlocks) {
      this.#promisedBlocks -= more
      this.hasComeLate = true
      return
    }
    throw new NoJudgement(
      `its chain changed by itself, from ${before.blocks.length} to ${now.blocks.length} blocks: somebody else mines or resolves on it. Stop that, or start a node of its own for the judgement`,
    )
  }

  /** Looks for a while whether the chain grows without a request of ours. @throws NoJudgement */
  async watch(): Promise<void> {
    const before = this.#chain
    if (before === undefined) return
    await new Promise((resolve) => setTimeout(resolve, WATCHED_MS))
    const { chain } = await this.readChain()
    if ('blocks' in chain) this.expectStill(before, chain)
  }

  /** The judge's nodes that the node knows, as far as one could tell. */
  get knownPeers(): readonly JudgePeer[] {
    return this.peers.filter((peer) => this.registered.has(peer))
  }

  /** Another node of the judge's. */
  async makePeer(): Promise<JudgePeer> {
    const peer = await JudgePeer.listen(this.#peerHost)
    this.peers.push(peer)
    return peer
  }

  /** Every peer shows the node its own chain, but for those named. */
  showPeers(chains: ReadonlyMap<JudgePeer, readonly Block[]>): void {
    const own = this.blocks
    for (const peer of this.peers) {
      peer.manner = { type: 'chain', blocks: chains.get(peer) ?? own }
    }
  }

  async register(...peers: readonly JudgePeer[]): Promise<Answer> {
    const nodes = peers.map(({ address }) => `http://${address}`)
    this.registration = await this.asker.post('/nodes/register', JSON.stringify({ nodes }))
    return this.registration
  }

  /** Lets the node resolve, and reads what its chain is then. */
  async resolve(): Promise<Answer> {
    const answer = await this.asker.get('/nodes/resolve')
    await this.readChain()
    return answer
  }

  async close(): Promise<void> {
    await Promise.all(this.peers.map((peer) => peer.stop()))
  }
}

/** What an answer says in its first thousands of characters: it is kept until the end. */
function shortened(answer: Answer): Answer {
  if (answer.text.length <= KEPT_CHARS) return answer
  return { ...answer, text: answer.text.slice(0, KEPT_CHARS), json: undefined }
}

/** @throws NoJudgement where a block holds the payment of wrong types of a judgement before this one */
function refuseLeftOver({ blocks }: ServedChain): void {
  const last = blocks.at(-1)
  if (last === undefined) return
  if (!transactionsOf(last).some((each) => member(each, 'amount') === ODD_AMOUNT)) return
  throw new NoJudgement(
    'its new block holds a payment of wrong types that an earlier judgement left waiting: judge a node that was started anew, without its old data',
  )
}

export function isOk({ status }: Answer): boolean {
  return status !== undefined && status >= 200 && status < 300
}

/** Whether a request was refused as the sender's fault. */
export function isRefused({ status }: Answer): boolean {
  return status !== undefined && status >= 400 && status < 500
}

/** What a status says of a route that the node should have. */
export function hintOnStatus({ status, request }: Answer): string | undefined {
  const [method, path] = request.split(' ')
  if (status === 404) return `the node has no ${path}: look how the path of the route is spelt`
  if (status === 405) return `the route ${path} does not take ${method}: look at its methods`
  return undefined
}

/** What came of a request, in a few words. */
export function cameOf({ status, failure, text }: Answer): string {
  if (failure !== undefined) return failure
  const body = text.trim().slice(0, 120)
  return `status ${status}${body === '' ? '' : `: ${body}`}`
}
