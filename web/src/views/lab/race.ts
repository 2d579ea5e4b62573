/**
 * The race on the sample: whoever rewrites a block searches for proofs while the honest miners search
 * for theirs. Here is how it stands; what runs is in honest-miners.ts and use-remining.ts.
 */
import type { Header } from '../../../../src/core/block.ts'
import type { MiningProgress } from '../../jobs/proof-miner.ts'
import type { Copy, Judgement } from './judge.ts'

/** How much of the time the honest miners search, beside whoever rewrites. */
export const PACES = [1, 0.5, 0.25] as const
export type Pace = (typeof PACES)[number]

export interface Race {
  /** Whether the honest miners have begun. */
  readonly isOn: boolean
  /** Blocks that the honest miners have put on the untouched end. */
  readonly honest: readonly Header[]
  /** What their searches have taken. */
  readonly honestCost: MiningProgress
  /** Blocks that were mined on the rewritten end. */
  readonly added: readonly Header[]
  readonly pace: Pace
}

export const NO_COST: MiningProgress = { tried: 0, seconds: 0 }
export const NO_RACE: Race = { isOn: false, honest: [], honestCost: NO_COST, added: [], pace: 1 }

interface Racing {
  readonly copy: Copy
  readonly judgement: Judgement
  readonly race: Race
}

/** Blocks on each side, the genesis included; of the rewritten chain only those that are valid. */
export interface Standing {
  readonly honest: number
  readonly rewritten: number
}

export function standingOf({ copy, judgement, race }: Racing): Standing {
  const before = copy.before?.index ?? 0
  const { length } = copy.originals
  return {
    honest: before + length + race.honest.length,
    rewritten: before + (judgement.firstInvalid ?? length + race.added.length),
  }
}
