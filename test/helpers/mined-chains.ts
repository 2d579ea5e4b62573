/** Chains with proofs of any spec, searched for as slowly as the rules say: for low difficulties. */

import type { Block } from '../../src/core/block.ts'
import { search } from '../../src/core/puzzle.ts'
import type { Spec } from '../../src/core/spec.ts'
import { sealed } from './chains.ts'

export function chainOf({ rules }: Spec, length: number): Block[] {
  const blocks = [rules.genesis]
  while (blocks.length < length) {
    const { header } = blocks.at(-1) ?? rules.genesis
    const puzzle = rules.puzzle(header)
    for (let from = 0; ; from++) {
      const proof = search(puzzle, { from, tries: 1_000_000 }) ?? 0
      // Exactly so many zeros: a proof for more would say more than this chain is.
      from = proof
      if (search({ ...puzzle, zeros: puzzle.zeros + 1 }, { from: proof, tries: 1 }) !== undefined)
        continue
      blocks.push(
        sealed(rules, {
          parent: header,
          transactions: [],
          proof,
          timestampMs: 1_800_000_000_000 + 1_000 * header.index,
          rewardTo: 'm',
        }),
      )
      break
    }
  }
  return blocks
}
