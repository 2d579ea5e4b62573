/**
 * The honest miners of the sample: they go on from its untouched end, in a worker of their own, while
 * somebody rewrites it. Their blocks are made and checked by the rules.
 */
import type { Header } from '../../../../src/core/block.ts'
import { pastOf } from '../../../../src/core/checks.ts'
import type { Consensus } from '../../../../src/core/consensus.ts'
import { MAX_PROOF_START } from '../../../../src/core/puzzle.ts'
import { sealedAfter } from '../../chain/sealed.ts'
import { type MiningProgress, ProofMiner } from '../../jobs/proof-miner.ts'
import type { Copy } from './judge.ts'
import { NO_COST, NO_RACE } from './race.ts'
import { currentWorkbench, setRace } from './workbench.ts'

const honestMiner = new ProofMiner()

/** Lets the honest miners find block after block until the signal aborts. */
export async function mineHonestly(copy: Copy, signal: AbortSignal): Promise<void> {
  for (;;) {
    const race = currentWorkbench()?.race ?? NO_RACE
    const parent = race.honest.at(-1) ?? copy.originals.at(-1)?.header
    if (signal.aborted || parent === undefined) return
    const before = race.honestCost
    const note = (progress: MiningProgress) =>
      setRace(copy, (latest) => ({ ...latest, isOn: true, honestCost: sum(before, progress) }))
    note(NO_COST)
    try {
      const found = await honestMiner.mine(copy.rules.puzzle(parent), {
        signal,
        onProgress: note,
        startProof: Math.floor(Math.random() * MAX_PROOF_START),
        pace: race.pace,
      })
      note(found)
      const header = nextHeader(copy.rules, parent, { proof: found.proof, by: 'honest' })
      setRace(copy, (latest) => ({ ...latest, honest: [...latest.honest, header] }))
    } catch (error) {
      if (!signal.aborted) throw error
      return
    }
  }
}

/** A block that only rewards its miner. @throws RuleError where the proof does not solve */
export function nextHeader(
  rules: Consensus,
  parent: Header,
  { proof, by }: { proof: number; by: string },
): Header {
  const timestampMs = Date.now()
  const parts = { transactions: [], proof, timestampMs, rewardTo: by }
  const { header } = sealedAfter(parent, rules, parts)
  rules.checkPlace(header, pastOf(parent))
  return header
}

function sum(a: MiningProgress, b: MiningProgress): MiningProgress {
  return { tried: a.tried + b.tried, seconds: a.seconds + b.seconds }
}
