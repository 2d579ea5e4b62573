/** What a BlockChain is made of, read from its store: the tree of blocks and the current transactions. */
import type { Consensus } from '../../core/consensus.ts'
import type { Store } from '../store/store.ts'
import { storedTransaction } from '../store/stored.ts'
import { BlockTree } from './blocktree.ts'
import { Pool, type PoolLimits } from './pool.ts'

export interface ChainParts {
  readonly rules: Consensus
  readonly tree: BlockTree
  readonly pool: Pool
}

export interface ChainLimits {
  readonly poolLimits?: PoolLimits
  readonly maxSideBytes?: number
}

/** The store must hold an active chain. */
export function openParts(
  store: Store,
  rules: Consensus,
  { poolLimits, maxSideBytes }: ChainLimits,
): ChainParts {
  const pool = new Pool(store, {
    blockBytes: rules.transactionBytesPerBlock,
    decode: (text) => storedTransaction(rules, text),
    limits: poolLimits,
  })
  return { rules, tree: new BlockTree(store, rules, { maxSideBytes }), pool }
}
