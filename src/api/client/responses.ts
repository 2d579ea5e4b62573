/**
 * What a node answers, as types, and the readers that make them of JSON. A reader takes nothing on
 * trust: what is not of its form is not a toychain node's.
 */
import { type Json, JsonNumber, JsonObject } from '../../core/json/json.ts'

/** A transaction as a node serves it; the amount as written. */
export interface ServedTransaction {
  readonly sender: string
  readonly recipient: string
  readonly amount: string
}

/** A block as a node serves it; the timestamp in seconds, as written. */
export interface ServedBlock {
  readonly index: number
  readonly timestamp: string
  readonly transactions: readonly ServedTransaction[]
  readonly proof: number
  /** 64 hex digits, or what a genesis has in that place. */
  readonly previousHash: string
}

/** A payment on the active chain; its position counts from 0 within the block. */
export interface ServedPayment {
  readonly index: number
  readonly hash: string
  readonly position: number
  readonly transaction: ServedTransaction
}

/** Before a block, and with a position that is not 0 also before that position in the block itself. */
export interface PaymentsPlace {
  readonly index: number
  readonly position: number
}

export interface PaymentsPage {
  readonly payments: readonly ServedPayment[]
  /** Where the next page goes on; undefined where this is the last. */
  readonly next: PaymentsPlace | undefined
}

export interface NodeInfo {
  readonly id: string
  readonly chain: string
  /** The whole chain spec as JSON, for `parseSpec`. */
  readonly spec: string
  readonly height: number
  /** The timestamp in seconds, as written. */
  readonly tip: { readonly index: number; readonly hash: string; readonly timestamp: string }
  readonly currentTransactions: number
  readonly version: string
}

/** The end of a branch, and where it left the active chain. */
export interface BranchTip {
  readonly index: number
  readonly hash: string
  readonly isActive: boolean
  /** Blocks after the fork point. */
  readonly branchLength: number
  /** The last block shared with the active chain; undefined where not even the genesis is. */
  readonly fork: { readonly index: number; readonly hash: string } | undefined
}

/** How a node's search for proofs goes; counts are since it started. */
export interface MiningProgress {
  readonly on: boolean
  readonly threads: number
  /** Proofs a second. */
  readonly rate: number
  readonly tried: number
  /** Blocks. */
  readonly found: number
}

/** What is known of another node's chain; what is not is undefined. */
export interface HeardNode {
  readonly node: string
  readonly verdict: string | undefined
  readonly length: number | undefined
  readonly tip: string | undefined
  /** The rule that a block of it breaks, and the block's index. */
  readonly rule: string | undefined
  readonly block: number | undefined
  /** Why it could not be asked, or what it did wrong. */
  readonly reason: string | undefined
  readonly detail: string | undefined
}

export interface RegisteredNode extends HeardNode {
  /** Seconds since 1970. */
  readonly asked: number | undefined
  readonly answered: number | undefined
  readonly faults: number
}

/** One node in a picture of the network. */
export interface NetworkNode {
  readonly node: string
  readonly isRegistered: boolean
  readonly isSelf: boolean
  readonly isReachable: boolean
  readonly id: string | undefined
  readonly chain: string | undefined
  readonly height: number | undefined
  readonly tip: string | undefined
  readonly nodes: readonly string[]
  readonly reason: string | undefined
  readonly detail: string | undefined
}

/** There is no node at the address, or what answers there is none. */
export class NodeUnreachable extends Error {
  override readonly name = 'NodeUnreachable'
}

export function asMining(json: Json): MiningProgress {
  const mining = asObject(json)
  const on = mining.get('on')
  return {
    on: typeof on === 'boolean' ? on : notOurs('true or false', on),
    threads: asInteger(mining.get('threads')),
    rate: asInteger(mining.get('rate')),
    tried: asInteger(mining.get('tried')),
    found: asInteger(mining.get('found')),
  }
}

export function asBlock(json: JsonObject): ServedBlock {
  const previous = json.get('previous_hash')
  return {
    index: asInteger(json.get('index')),
    timestamp: asNumber(json.get('timestamp')),
    transactions: asArray(json.get('transactions')).map(asTransaction),
    proof: asInteger(json.get('proof')),
    previousHash: previous instanceof JsonNumber ? previous.token : asString(previous),
  }
}

export function asTransaction(json: Json | undefined): ServedTransaction {
  const transaction = asObject(json)
  return {
    sender: asString(transaction.get('sender')),
    recipient: asString(transaction.get('recipient')),
    amount: asNumber(transaction.get('amount')),
  }
}

export function asTip(json: JsonObject): BranchTip {
  return {
    ...asPlace(json),
    isActive: json.get('active') === true,
    branchLength: asInteger(json.get('branch_length')),
    fork: optional(json.get('fork'), (fork) => asPlace(asObject(fork))),
  }
}

function asPlace(json: JsonObject): { index: number; hash: string } {
  return { index: asInteger(json.get('index')), hash: asString(json.get('hash')) }
}

export function asPayments(json: JsonObject): PaymentsPage {
  return {
    payments: asArray(json.get('payments')).map((item) => {
      const payment = asObject(item)
      return {
        index: asInteger(payment.get('index')),
        hash: asString(payment.get('hash')),
        position: asInteger(payment.get('position')),
        transaction: asTransaction(payment.get('transaction')),
      }
    }),
    next: optional(json.get('next'), (item) => {
      const next = asObject(item)
      return { index: asInteger(next.get('before')), position: asInteger(next.get('position')) }
    }),
  }
}

export function asHeard(json: JsonObject): HeardNode {
  return {
    node: asString(json.get('node')),
    verdict: optional(json.get('verdict'), asString),
    length: optional(json.get('length'), asInteger),
    tip: optional(json.get('tip'), asString),
    rule: optional(json.get('rule'), asString),
    block: optional(json.get('block'), asInteger),
    reason: optional(json.get('reason'), asString),
    detail: optional(json.get('detail'), asString),
  }
}

export function asNetworkNode(json: JsonObject): NetworkNode {
  return {
    node: asString(json.get('node')),
    isRegistered: json.get('registered') === true,
    isSelf: json.get('self') === true,
    isReachable: json.get('reachable') === true,
    id: optional(json.get('id'), asString),
    chain: optional(json.get('chain'), asString),
    height: optional(json.get('height'), asInteger),
    tip: optional(json.get('tip'), asString),
    nodes: asArray(json.get('nodes')).map(asString),
    reason: optional(json.get('reason'), asString),
    detail: optional(json.get('detail'), asString),
  }
}

/** What may be null or left out. */
export function optional<T>(json: Json | undefined, read: (json: Json) => T): T | undefined {
  return json === undefined || json === null ? undefined : read(json)
}

export function asObject(json: Json | undefined): JsonObject {
  return json instanceof JsonObject ? json : notOurs('an object', json)
}

export function asArray(json: Json | undefined): readonly Json[] {
  return Array.isArray(json) ? json : notOurs('an array', json)
}

export function asString(json: Json | undefined): string {
  return typeof json === 'string' ? json : notOurs('a text', json)
}

export function asNumber(json: Json | undefined): string {
  return json instanceof JsonNumber ? json.token : notOurs('a number', json)
}

export function asSeconds(json: Json): number {
  return Number(asNumber(json))
}

export function asInteger(json: Json | undefined): number {
  const value = Number(asNumber(json))
  return Number.isSafeInteger(value) ? value : notOurs('an integer', json)
}

function notOurs(expected: string, got: Json | undefined): never {
  throw new NodeUnreachable(
    `what answers is not a toychain node: expected ${expected}, got ${got === undefined ? 'nothing' : typeof got}`,
  )
}
