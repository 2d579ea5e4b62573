/**
 * The block in the making: what its proof has to solve, and the block that a proof seals. Where a proof covers
 * the body, it seals the block that the search was for; else a block of what waits when the proof comes.
 */
import type { Block } from '../../core/block.ts'
import type { Template } from '../../core/consensus.ts'
import type { BlockHash } from '../../core/hash.ts'
import type { ChainParts } from './chain-parts.ts'

export interface NextBlockParts {
  /** Milliseconds since 1970. */
  readonly timestampMs: number
  /** Who gets the reward; nobody if left out. */
  readonly rewardTo?: string | undefined
  /** Blocks that others are about to follow: they are not forgotten for this one. */
  readonly growing?: ReadonlySet<BlockHash> | undefined
}

export class NextBlock {
  #begun: { readonly parent: BlockHash; readonly template: Template } | undefined

  /** Begins a block after the tip. */
  begin({ rules, tree, pool }: ChainParts, { timestampMs, rewardTo }: NextBlockParts): Template {
    const contents = { transactions: pool.forNextBlock(), rewardTo }
    const past = tree.pastOf(tree.tip)
    const template = rules.template({ past, nowMs: timestampMs, extraNonce: 0n, contents })
    this.#begun = { parent: tree.tip.hash, template }
    return template
  }

  /** The block that was begun after the tip, or one that begins now. */
  current(parts: ChainParts, more: NextBlockParts): Template {
    const { parent, template } = this.#begun ?? {}
    const isAfterTip = template !== undefined && parent === parts.tree.tip.hash
    return isAfterTip ? template : this.begin(parts, more)
  }

  /** The same with its proof. @throws RuleError `bad-blk-length` */
  seal(parts: ChainParts, found: NextBlockParts & { readonly proof: number }): Block {
    const { proof, timestampMs: nowMs, rewardTo } = found
    const late = { transactions: parts.pool.forNextBlock(), rewardTo }
    return this.current(parts, found).seal({ proof, nowMs, late })
  }
}
