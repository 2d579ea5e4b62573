/** Whole chains that somebody offers: whether they are valid, and which of them wins. */
import type { Consensus } from '../../core/consensus.ts'
import { DecodeError } from '../../core/errors.ts'
import { ChainVerifier, type Verdict } from '../../core/verify.ts'
import { blockJson, blocksOf, type ChainInput } from './chain-input.ts'

/** Whether a chain is valid, and if not at which block and by which rule. */
export function checkCandidate(rules: Consensus, chain: ChainInput): Verdict {
  const verifier = new ChainVerifier(rules)
  try {
    for (const block of blocksOf(chain)) if (!verifier.push(blockJson(block))) break
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return { valid: false, block: verifier.length + 1, error }
  }
  return verifier.verdict()
}

/** The valid candidate with the most work, of those that have more than `toBeat`; the first of equals. */
export function heaviest(
  candidates: readonly ChainInput[],
  { verdicts, toBeat }: { verdicts: readonly Verdict[]; toBeat: bigint },
): ChainInput | undefined {
  let most = toBeat
  let best: ChainInput | undefined
  for (const [i, verdict] of verdicts.entries()) {
    if (!verdict.valid || verdict.chainwork <= most) continue
    most = verdict.chainwork
    best = candidates[i]
  }
  return best
}
