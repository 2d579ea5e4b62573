/**
 * The sample: five blocks that were truly mined under the rules of a preset, for chains that are still
 * too short to break. Only the proofs are stored; everything else is made here by the rules themselves.
 * `node tools/sample.ts` searches for the proofs again after a change of the story.
 */
import type { Block } from '../../../../src/core/block.ts'
import type { Consensus } from '../../../../src/core/consensus.ts'
import { JsonNumber, JsonObject, parseJson } from '../../../../src/core/json/json.ts'
import type { Puzzle } from '../../../../src/core/puzzle.ts'
import { CLASSIC, type Spec, TOYCHAIN_PY, withDifficulty } from '../../../../src/core/spec.ts'
import { sealedAfter } from '../../chain/sealed.ts'
import { hrefOf } from '../../frame/place.ts'
import { type Copy, copyOf } from './judge.ts'

/** Leading zero hex digits that the sample is mined for. */
export const DIFFICULTIES = [4, 5, 6, 7] as const
export type Difficulty = (typeof DIFFICULTIES)[number]

/** Mined again in a moment, and slowly enough to watch. */
export const DEFAULT_DIFFICULTY: Difficulty = 5

/** What the address calls the sample. */
export const SAMPLE = 'sample'

export function sampleHref(difficulty: Difficulty): string {
  return hrefOf('lab', SAMPLE, { difficulty: String(difficulty) })
}

interface Told {
  /** Sender, recipient, amount as written. */
  readonly payments: readonly (readonly [string, string, string])[]
  readonly miner: string
}

const STORY: readonly Told[] = [
  { payments: [['Lea', 'Mark', '10.0']], miner: 'Ada' },
  { payments: [['Mark', 'Grace', '2.5']], miner: 'Linus' },
  {
    payments: [
      ['Ada', 'Lea', '0.75'],
      ['Grace', '小明', '1.5'],
    ],
    miner: 'Ada',
  },
  { payments: [['小明', 'Mark', '1']], miner: 'Grace' },
  { payments: [['Linus', 'Lea', '0.5']], miner: 'Ada' },
]
const BEGIN_MS = Date.UTC(2026, 0, 1)
const APART_MS = 600_000

/** The lowest proofs, block by block, for the two ways in which a proof may cover the last hash. */
const PROOFS: Readonly<
  Record<'covering' | 'bare', Readonly<Record<Difficulty, readonly number[]>>>
> = {
  covering: {
    4: [239767, 76699, 90293, 113665, 194546],
    5: [653351, 1861185, 1355998, 1717632, 132946],
    6: [23916403, 4829157, 34320887, 2107783, 7068281],
    7: [116634695, 47748848, 125039238, 370844881, 258009882],
  },
  bare: {
    4: [35293, 35089, 119678, 146502, 43538],
    5: [888273, 1156297, 312333, 78315, 211936],
    6: [49259370, 33320113, 15674226, 5138802, 22016944],
    7: [58320128, 109224888, 15608953, 360676631, 548351491],
  },
}

/** The preset whose proofs are like those of a node's chain. */
export function samplePreset({ rules }: Spec): Spec {
  return rules.puzzle(rules.genesis.header).after === '' ? TOYCHAIN_PY : CLASSIC
}

/** The sample as a copy to work on, after its genesis. */
export function sampleCopy(node: Spec, difficulty: Difficulty): Copy {
  const preset = samplePreset(node)
  const { rules } = withDifficulty(preset, difficulty)
  const proofs = PROOFS[preset === CLASSIC ? 'covering' : 'bare'][difficulty]
  const [genesis, ...blocks] = sampleChain(rules, (_puzzle, at) => proofs[at] ?? 0)
  return copyOf(rules, {
    before: genesis === undefined ? undefined : parseJson(genesis.text),
    blocks: blocks.map(({ text }) => parseJson(text)),
    height: blocks.length + 1,
  })
}

/** The genesis and the story's blocks. @param proofOf the proof that solves a block's puzzle */
export function sampleChain(
  rules: Consensus,
  proofOf: (puzzle: Puzzle, at: number) => number,
): readonly Block[] {
  const chain = [rules.genesis]
  for (const [at, { payments, miner }] of STORY.entries()) {
    const parent = (chain.at(-1) ?? rules.genesis).header
    chain.push(
      sealedAfter(parent, rules, {
        transactions: payments.map(([sender, recipient, amount]) =>
          rules.decodeTransaction(
            new JsonObject([
              ['sender', sender],
              ['recipient', recipient],
              ['amount', new JsonNumber(amount)],
            ]),
          ),
        ),
        proof: proofOf(rules.puzzle(parent), at),
        timestampMs: BEGIN_MS + (at + 1) * APART_MS,
        rewardTo: miner,
      }),
    )
  }
  return chain
}
