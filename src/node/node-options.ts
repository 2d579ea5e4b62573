/** What a node is made of: its chain, and what a node before it on the same data has left behind. */
import type { BlockChainOptions } from './chain/blockchain.ts'
import type { MiningBefore } from './mining.ts'
import type { Peers } from './pull/peer-records.ts'
import type { SyncLimits } from './pull/sync-limits.ts'

export interface NodeOptions extends BlockChainOptions, MiningBefore {
  /** This node's id, 32 hex digits: who its rewards go to. */
  readonly id: string
  /** Addresses under which this node itself can be reached. */
  readonly ownAddresses?: readonly string[] | undefined
  /** How often it resolves by itself; never if left out. */
  readonly resolveEveryMs?: number | undefined
  readonly syncLimits?: SyncLimits | undefined
  /** From when on it does anything by itself; at once if left out. */
  readonly actFromMs?: number
  /** What a node before this one knew of the others. */
  readonly peers?: Peers | undefined
  /** The last number that an ask has had, where a node before this one began some. */
  readonly lastAsk?: number
}
