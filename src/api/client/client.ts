/**
 * The typed client of a node's REST API, for Node.js and browsers: only `fetch` and the lossless
 * reader, so an amount of `10.0` arrives as the text `10.0`.
 */
import { formatJson } from '../../core/json/json.ts'
import {
  asArray,
  asBlock,
  asHeard,
  asInteger,
  asMining,
  asNetworkNode,
  asNumber,
  asObject,
  asPayments,
  asSeconds,
  asString,
  asTip,
  asTransaction,
  type BranchTip,
  type HeardNode,
  type MiningProgress,
  type NetworkNode,
  type NodeInfo,
  optional,
  type PaymentsPage,
  type PaymentsPlace,
  type RegisteredNode,
  type ServedBlock,
  type ServedTransaction,
} from './responses.ts'
import { type ClientOptions, NodeWire } from './wire.ts'

export type {
  BranchTip,
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
} from './responses.ts'
export { NodeUnreachable } from './responses.ts'
export { type ClientOptions, NodeRefusal } from './wire.ts'

export interface MineWish {
  readonly signal?: AbortSignal
  readonly recipient?: string
  readonly blocks?: number
}

export type MinedBlock = ServedBlock & { readonly hash: string; readonly tries: number }

export class NodeClient {
  readonly #wire: NodeWire

  /** @param base the node's address, such as `http://127.0.0.1:5000` */
  constructor(base: string, options: ClientOptions = {}) {
    this.#wire = new NodeWire(base, options)
  }

  async info(): Promise<NodeInfo> {
    const info = asObject(await this.#wire.json('/info'))
    const tip = asObject(info.get('tip'))
    return {
      id: asString(info.get('id')),
      chain: asString(info.get('chain')),
      spec: formatJson(asObject(info.get('spec'))),
      height: asInteger(info.get('height')),
      tip: {
        index: asInteger(tip.get('index')),
        hash: asString(tip.get('hash')),
        timestamp: asNumber(tip.get('timestamp')),
      },
      currentTransactions: asInteger(info.get('current_transactions')),
      version: asString(info.get('version')),
    }
  }

  /** Sends a payment; `amount` is the text of a JSON number. Returns the index that will hold it. */
  async send(payment: ServedTransaction): Promise<{ message: string; index: number }> {
    const { sender, recipient, amount } = payment
    const parties = JSON.stringify({ sender, recipient })
    const body = `${parties.slice(0, -1)},"amount":${amount}}`
    const answer = asObject(await this.#wire.json('/transactions/new', { method: 'POST', body }))
    return { message: asString(answer.get('message')), index: asInteger(answer.get('index')) }
  }

  /**
   * Mines a block, or so many one after another; takes as long as the searches do.
   * @param wish.recipient who gets the reward; the node if left out
   * @returns the last block, and how many proofs were tried for it
   */
  async mine(wish: MineWish = {}): Promise<MinedBlock> {
    const { signal, recipient, blocks } = wish
    const query = new URLSearchParams()
    if (recipient !== undefined) query.set('recipient', recipient)
    if (blocks !== undefined) query.set('blocks', String(blocks))
    const path = query.size === 0 ? '/mine' : `/mine?${query}`
    const answer = asObject(await this.#wire.json(path, signal === undefined ? {} : { signal }))
    const tries = asInteger(answer.get('tries'))
    return { ...asBlock(answer), hash: asString(answer.get('hash')), tries }
  }

  /** How mining goes. */
  async mining(): Promise<MiningProgress> {
    return asMining(await this.#wire.json('/mining'))
  }

  /** Mines one block after another from now on, or no longer. */
  async setMining(wanted: { on: boolean; threads?: number }): Promise<MiningProgress> {
    const body = JSON.stringify(wanted)
    return asMining(await this.#wire.json('/mining', { method: 'POST', body }))
  }

  /** Blocks from an index on, and the length of the whole chain. */
  async chain(part: { from?: number; limit?: number } = {}): Promise<{
    blocks: ServedBlock[]
    length: number
  }> {
    const answer = asObject(await this.#wire.json(chainPath(part)))
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
    return asPayments(asObject(await this.#wire.json(paymentsPath(search))))
  }

  /** Registers other nodes, all or none. */
  async register(nodes: readonly string[]): Promise<{ message: string; totalNodes: string[] }> {
    const body = JSON.stringify({ nodes })
    const answer = asObject(await this.#wire.json('/nodes/register', { method: 'POST', body }))
    return {
      message: asString(answer.get('message')),
      totalNodes: asArray(answer.get('total_nodes')).map(asString),
    }
  }

  async removeNode(address: string): Promise<{ message: string }> {
    const path = `/nodes/${encodeURIComponent(address)}`
    const answer = asObject(await this.#wire.json(path, { method: 'DELETE' }))
    return { message: asString(answer.get('message')) }
  }

  /** The registered nodes, with what was last heard of each. */
  async nodes(): Promise<RegisteredNode[]> {
    const answer = asObject(await this.#wire.json('/nodes'))
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
    const answer = asObject(await this.#wire.json('/nodes/resolve?chain=false', init))
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
    const answer = asObject(await this.#wire.json('/network'))
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
    return this.#wire.text(chainPath(part))
  }

  /** The text of one block by index or hash, with its `hash` and whether it is `active`. */
  async blockText(block: number | string): Promise<string> {
    return this.#wire.text(`/blocks/${encodeURIComponent(block)}`)
  }

  /** Every branch's end: the active chain's first, then those that lost, most work first. */
  async tips(): Promise<BranchTip[]> {
    const answer = asObject(await this.#wire.json('/tips'))
    return asArray(answer.get('tips')).map((tip) => asTip(asObject(tip)))
  }

  /** The first transactions that wait for a block, and how many wait in all. */
  async waiting(limit: number): Promise<{ transactions: ServedTransaction[]; length: number }> {
    const answer = asObject(await this.#wire.json(`/transactions?limit=${limit}`))
    return {
      transactions: asArray(answer.get('transactions')).map(asTransaction),
      length: asInteger(answer.get('length')),
    }
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
