/**
 * The typed client of a node's REST API, for Node.js and browsers: only `fetch` and the lossless
 * reader, so an amount of `10.0` arrives as the text `10.0`.
 */
import { type Json, parseJson } from '../core/json.ts'
import {
  asArray,
  asBlock,
  asHeard,
  asInteger,
  asMining,
  asNetworkNode,
  asObject,
  asPayments,
  asSeconds,
  asString,
  type HeardNode,
  type MiningProgress,
  type NetworkNode,
  type NodeInfo,
  NodeUnreachable,
  optional,
  type PaymentsPage,
  type PaymentsPlace,
  type RegisteredNode,
  type ServedBlock,
  type ServedTransaction,
} from './client-answers.ts'

export type {
  HeardNode,
  MiningProgress,
  NetworkNode,
  NodeInfo,
  PaymentsPage,
  PaymentsPlace,
  RegisteredNode,
  ServedBlock,
  ServedPayment,
  ServedTransaction,
} from './client-answers.ts'
export { NodeUnreachable } from './client-answers.ts'

/** The node refused: its problem document (RFC 9457), or what came in its place. */
export class NodeRefusal extends Error {
  override readonly name = 'NodeRefusal'
  readonly status: number
  /** The problem's stable code; empty where the answer was none of ours. */
  readonly code: string

  constructor(status: number, code: string, detail: string) {
    super(detail)
    this.status = status
    this.code = code
  }
}

export interface ClientOptions {
  readonly token?: string | undefined
  readonly fetch?: typeof fetch
}

export class NodeClient {
  readonly #base: string
  readonly #token: string | undefined
  readonly #fetch: typeof fetch

  /** @param base the node's address, such as `http://127.0.0.1:5000` */
  constructor(base: string, { token, fetch: ownFetch = fetch }: ClientOptions = {}) {
    this.#base = base.replace(/\/+$/, '')
    this.#token = token
    this.#fetch = ownFetch
  }

  async info(): Promise<NodeInfo> {
    const info = asObject(await this.#get('/info'))
    const tip = asObject(info.get('tip'))
    return {
      id: asString(info.get('id')),
      chain: asString(info.get('chain')),
      height: asInteger(info.get('height')),
      tip: { index: asInteger(tip.get('index')), hash: asString(tip.get('hash')) },
      currentTransactions: asInteger(info.get('current_transactions')),
      version: asString(info.get('version')),
    }
  }

  /** Sends a payment; `amount` is the text of a JSON number. Returns the index that will hold it. */
  async send(payment: ServedTransaction): Promise<{ message: string; index: number }> {
    const { sender, recipient, amount } = payment
    const parties = JSON.stringify({ sender, recipient })
    const body = `${parties.slice(0, -1)},"amount":${amount}}`
    const answer = asObject(await this.#request('/transactions/new', { method: 'POST', body }))
    return { message: asString(answer.get('message')), index: asInteger(answer.get('index')) }
  }

  /** Mines a block; takes as long as the search does. */
  async mine(signal?: AbortSignal): Promise<ServedBlock & { hash: string }> {
    const answer = asObject(await this.#request('/mine', signal === undefined ? {} : { signal }))
    return { ...asBlock(answer), hash: asString(answer.get('hash')) }
  }

  /** How mining goes. */
  async mining(): Promise<MiningProgress> {
    return asMining(await this.#get('/mining'))
  }

  /** Mines one block after another from now on, or no longer. */
  async setMining(wanted: { on: boolean; threads?: number }): Promise<MiningProgress> {
    const body = JSON.stringify(wanted)
    return asMining(await this.#request('/mining', { method: 'POST', body }))
  }

  /** Blocks from an index on, and the length of the whole chain. */
  async chain(part: { from?: number; limit?: number } = {}): Promise<{
    blocks: ServedBlock[]
    length: number
  }> {
    const answer = asObject(await this.#get(chainPath(part)))
    return {
      blocks: asArray(answer.get('chain')).map((block) => asBlock(asObject(block))),
      length: asInteger(answer.get('length')),
    }
  }

  /**
   * A page of what a party pays and is paid on the active chain, newest first.
   * @param search.before where to go on: the `next` of the page before
   * @throws URIError for half of a surrogate pair in the party, which no address can say
   */
  async payments(search: {
    party: string
    before?: PaymentsPlace
    limit?: number
  }): Promise<PaymentsPage> {
    return asPayments(asObject(await this.#get(paymentsPath(search))))
  }

  /** Registers other nodes, all or none. */
  async register(nodes: readonly string[]): Promise<{ message: string; totalNodes: string[] }> {
    const body = JSON.stringify({ nodes })
    const answer = asObject(await this.#request('/nodes/register', { method: 'POST', body }))
    return {
      message: asString(answer.get('message')),
      totalNodes: asArray(answer.get('total_nodes')).map(asString),
    }
  }

  async removeNode(address: string): Promise<{ message: string }> {
    const path = `/nodes/${encodeURIComponent(address)}`
    const answer = asObject(await this.#request(path, { method: 'DELETE' }))
    return { message: asString(answer.get('message')) }
  }

  /** The registered nodes, with what was last heard of each. */
  async nodes(): Promise<RegisteredNode[]> {
    const answer = asObject(await this.#get('/nodes'))
    return asArray(answer.get('nodes')).map((json) => {
      const node = asObject(json)
      return {
        ...asHeard(node),
        asked: optional(node.get('asked'), asSeconds),
        answered: optional(node.get('answered'), asSeconds),
        faults: asInteger(node.get('faults')),
      }
    })
  }

  /** Makes the node adopt the longest valid chain of all nodes that it knows; takes a while. */
  async resolve(signal?: AbortSignal): Promise<{
    message: string
    replaced: boolean
    length: number
    report: HeardNode[]
  }> {
    const init = signal === undefined ? {} : { signal }
    const answer = asObject(await this.#request('/nodes/resolve?chain=false', init))
    const message = asString(answer.get('message'))
    return {
      message,
      replaced: message === 'Our chain was replaced',
      length: asInteger(answer.get('length')),
      report: asArray(answer.get('report')).map((json) => asHeard(asObject(json))),
    }
  }

  /** The node itself, its nodes and the nodes that those know. */
  async network(): Promise<{
    self: { id: string; chain: string; height: number; tip: string }
    nodes: NetworkNode[]
  }> {
    const answer = asObject(await this.#get('/network'))
    const self = asObject(answer.get('self'))
    return {
      self: {
        id: asString(self.get('id')),
        chain: asString(self.get('chain')),
        height: asInteger(self.get('height')),
        tip: asString(self.get('tip')),
      },
      nodes: asArray(answer.get('nodes')).map((json) => asNetworkNode(asObject(json))),
    }
  }

  /** The text of a `/chain` answer, as it came. */
  async chainText(part: { from?: number; limit?: number } = {}): Promise<string> {
    return this.#text(chainPath(part), {})
  }

  #get(path: string): Promise<Json> {
    return this.#request(path, {})
  }

  async #request(path: string, init: RequestInit): Promise<Json> {
    return readJson(await this.#text(path, init))
  }

  async #text(path: string, init: RequestInit): Promise<string> {
    const headers = new Headers({ accept: 'application/json', 'x-toychain': '1' })
    if (init.body !== undefined) headers.set('content-type', 'application/json')
    if (this.#token !== undefined) headers.set('authorization', `Bearer ${this.#token}`)
    let response: Response
    let text: string
    try {
      response = await this.#fetch(this.#base + path, { ...init, headers })
      text = await response.text()
    } catch (cause) {
      if (init.signal?.aborted === true) throw cause
      throw new NodeUnreachable(`no node answers at ${this.#base} (${reasonOf(cause)})`, { cause })
    }
    if (!response.ok) throw refusal(response, text)
    return text
  }
}

/** What the system said, which fetch wraps. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  if (cause.cause !== undefined) return reasonOf(cause.cause)
  return 'code' in cause ? String(cause.code) : cause.message
}

function readJson(text: string): Json {
  try {
    return parseJson(text)
  } catch (cause) {
    throw new NodeUnreachable('what answers is not a toychain node: expected JSON', { cause })
  }
}

function chainPath({ from, limit }: { from?: number; limit?: number }): string {
  const query = new URLSearchParams()
  if (from !== undefined) query.set('from', String(from))
  if (limit !== undefined) query.set('limit', String(limit))
  return query.size === 0 ? '/chain' : `/chain?${query}`
}

function paymentsPath(search: { party: string; before?: PaymentsPlace; limit?: number }): string {
  const { party, before, limit } = search
  // URLSearchParams would search for another name where half of a surrogate pair is in it.
  const query = [`party=${encodeURIComponent(party)}`]
  if (before !== undefined) query.push(`before=${before.index}`, `position=${before.position}`)
  if (limit !== undefined) query.push(`limit=${limit}`)
  return `/payments?${query.join('&')}`
}

function refusal(response: Response, text: string): NodeRefusal {
  if (response.headers.get('content-type')?.startsWith('application/problem+json') !== true) {
    return new NodeRefusal(
      response.status,
      '',
      `answer ${response.status} is not a toychain node's`,
    )
  }
  const problem = asObject(readJson(text))
  const [code, detail] = [asString(problem.get('code')), asString(problem.get('detail'))]
  return new NodeRefusal(response.status, code, detail)
}
