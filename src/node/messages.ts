/** What goes into a node and what comes out: its options, requests and their replies, inputs, effects, events. */
import type { Block, Header, Transaction } from '../core/block.ts'
import type { DecodeError, RuleError } from '../core/errors.ts'
import type { Json } from '../core/json/json.ts'
import type { SyncLimits } from '../core/limits.ts'
import type { Puzzle } from '../core/puzzle.ts'
import type { BlockInput } from './chain/chain-input.ts'
import type { BlockChainOptions } from './chain/options.ts'
import type { ChainChange } from './chain/reorganisation.ts'
import type { AskEffect, AskInput } from './pull/asking.ts'
import type { PeerRecord, Peers } from './pull/peer-records.ts'
import type { PeerReport } from './pull/peer-report.ts'
import type { Surveyed } from './pull/survey-answers.ts'

/** What a node leaves to the one after it on the same data, when the store has failed. */
export interface NodeBefore {
  /** The last number that a search has had: a late proof is never taken for a newer one. */
  readonly lastSearch: number
  /** The last number that an ask has had. */
  readonly lastAsk: number
  readonly mining: MiningState
  /** What it knew of the other nodes. */
  readonly peers: Peers | undefined
}

export interface NodeOptions extends BlockChainOptions, Partial<NodeBefore> {
  /** This node's id, 32 hex digits: who its rewards go to. */
  readonly id: string
  /** Addresses under which this node itself can be reached. */
  readonly ownAddresses?: readonly string[] | undefined
  /** How often it resolves by itself; never if left out. */
  readonly resolveEveryMs?: number | undefined
  /** The proof at which its searches begin; 0 if left out. A live node takes a random one. */
  readonly proofStart?: number | undefined
  readonly syncLimits?: SyncLimits | undefined
  /** From when on it does anything by itself; at once if left out. */
  readonly actFromMs?: number
}

/** What a caller wants. */
export type Request =
  | { readonly type: 'submit-transaction'; readonly transaction: Json }
  /** Mine so many blocks, one if left out, with the reward to somebody, this node if left out. */
  | {
      readonly type: 'mine'
      readonly blocks?: number | undefined
      readonly recipient?: string | undefined
    }
  /** Mine one block after another, or no longer; with so many threads, if it says. */
  | { readonly type: 'set-mining'; readonly on: boolean; readonly threads?: number | undefined }
  | { readonly type: 'add-block'; readonly block: BlockInput }
  | { readonly type: 'register-nodes'; readonly nodes: readonly string[] }
  | { readonly type: 'remove-node'; readonly node: string }
  | { readonly type: 'list-nodes' }
  | { readonly type: 'resolve' }
  | { readonly type: 'survey' }

export type Input =
  | { readonly type: 'request'; readonly id: number; readonly request: Request }
  /** The caller no longer waits. */
  | { readonly type: 'abandoned'; readonly id: number }
  | { readonly type: 'found'; readonly search: number; readonly proof: number }
  /** The search cannot be done here. */
  | { readonly type: 'search-failed'; readonly search: number; readonly reason: string }
  | AskInput
  /** Time has passed: as `wakeAtMs` asked for. */
  | { readonly type: 'tick' }
  /** Go on with a long reorganisation: as `isMoving` asked for. */
  | { readonly type: 'continue' }

export type Reply =
  | { readonly type: 'transaction'; readonly transaction: Transaction; readonly index: number }
  | {
      readonly type: 'mined'
      /** The last that was mined, and how many proofs were tried for it. */
      readonly block: Block
      readonly tries: number
      /** Of all that were mined, in order. */
      readonly headers: readonly Header[]
    }
  | { readonly type: 'block'; readonly change: ChainChange }
  | {
      readonly type: 'registered'
      /** Those that are new. */
      readonly added: readonly string[]
      /** Those that are this node itself, and were left out. */
      readonly own: readonly string[]
      readonly nodes: readonly string[]
    }
  | { readonly type: 'removed'; readonly wasKnown: boolean; readonly nodes: readonly string[] }
  | { readonly type: 'nodes'; readonly records: readonly PeerRecord[] }
  | {
      readonly type: 'resolved'
      readonly replaced: boolean
      readonly report: readonly PeerReport[]
    }
  | { readonly type: 'mining'; readonly state: MiningState }
  | { readonly type: 'surveyed'; readonly nodes: readonly Surveyed[] }
  | { readonly type: 'refused'; readonly error: RuleError | DecodeError }

export interface MiningState {
  /** Whether one block is mined after another without being asked for. */
  readonly on: boolean
  /** Blocks mined since the start. */
  readonly found: number
}

export type NodeEvent =
  | { readonly type: 'transaction'; readonly transaction: Transaction; readonly index: number }
  | { readonly type: 'block'; readonly header: Header }
  | {
      readonly type: 'reorg'
      readonly from: Header
      readonly to: Header
      readonly fork: Header | undefined
      /** How many blocks left the chain and how many joined it. */
      readonly disconnected: number
      readonly connected: number
      /** Transactions of the blocks that left for which there was no room. */
      readonly lost: number
    }

export type Effect =
  | { readonly type: 'reply'; readonly id: number; readonly reply: Reply }
  | { readonly type: 'emit'; readonly event: NodeEvent }
  | SearchEffect
  | AskEffect

export type SearchEffect =
  /** `start` is the proof to begin with (`rangeAt` in core/puzzle.ts). */
  | {
      readonly type: 'search'
      readonly search: number
      readonly puzzle: Puzzle
      readonly start: number
    }
  | { readonly type: 'cancel'; readonly search: number }
  | { readonly type: 'set-threads'; readonly count: number }

/** What listeners hear of a change of the chain: that it has moved, then each block that joined it. */
export function eventsOf(from: Header, change: ChainChange): readonly NodeEvent[] {
  const { tip, fork, connected, disconnected, lost } = change
  const counts = { disconnected: disconnected.length, connected: connected.length }
  return [
    ...(disconnected.length > 0
      ? [{ type: 'reorg', from, to: tip, fork, ...counts, lost } as const]
      : []),
    ...connected.map((header) => ({ type: 'block', header }) as const),
  ]
}
