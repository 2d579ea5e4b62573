/** Who mined how many blocks, and how many valid blocks were lost. */
import type { BranchTip } from '../../../../src/api/client/client.ts'

export interface Share {
  /** Who got the rewards; empty for blocks without one. */
  readonly miner: string
  readonly blocks: number
  /** Of all blocks, 0 to 1. */
  readonly share: number
}

export interface Shares {
  /** The largest first, and of equal ones by name. */
  readonly shown: readonly Share[]
  /** All others together. */
  readonly rest: { readonly miners: number; readonly blocks: number; readonly share: number }
}

/** Miners that are shown one by one. */
export const SHOWN_MINERS = 8

export function sharesOf(miners: readonly string[]): Shares {
  const counts = new Map<string, number>()
  for (const miner of miners) counts.set(miner, (counts.get(miner) ?? 0) + 1)
  const all = [...counts]
    .map(([miner, blocks]) => ({ miner, blocks, share: blocks / miners.length }))
    .sort((a, b) => b.blocks - a.blocks || (a.miner < b.miner ? -1 : 1))
  const rest = all.slice(SHOWN_MINERS)
  const blocks = rest.reduce((sum, each) => sum + each.blocks, 0)
  return {
    shown: all.slice(0, SHOWN_MINERS),
    rest: { miners: rest.length, blocks, share: blocks / Math.max(1, miners.length) },
  }
}

export interface Lost {
  readonly branches: number
  /** Blocks after the forks. */
  readonly blocks: number
  /** Lost blocks among all that were mined, 0 to 1. */
  readonly rate: number
}

/**
 * Blocks that this node keeps on branches that lost. Branches that share their first blocks count those
 * for each: the node tells lengths, and not which blocks.
 * @param height the chain's; its genesis was not mined
 */
export function lostOf(tips: readonly BranchTip[], height: number): Lost {
  const lost = tips.filter(({ isActive }) => !isActive)
  const blocks = lost.reduce((sum, { branchLength }) => sum + branchLength, 0)
  const mined = height - 1 + blocks
  return { branches: lost.length, blocks, rate: mined === 0 ? 0 : blocks / mined }
}
