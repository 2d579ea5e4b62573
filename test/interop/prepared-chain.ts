/**
 * A chain of 501 blocks at the tutorial's own difficulty, of which only the proofs had to be searched
 * for: they are in proofs-classic.txt and proofs-toychain.txt. Its genesis is its own, as a foreign
 * node's is; any first part of it is a valid chain too.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Block } from '../../src/core/block.ts'
import { pastOf } from '../../src/core/checks.ts'
import { parseJson } from '../../src/core/json/json.ts'
import { CLASSIC, type Spec, TOYCHAIN_PY } from '../../src/core/spec.ts'
import { payment, sealed } from '../helpers/chains.ts'

const FIRST_MS = 1_700_000_000_250
const MINER = 'f'.repeat(32)

export type Dialect = 'tutorial' | 'toychain'

/** The dialects by the names that the tutorial node gives them, and our specs of the same rules. */
export const DIALECTS: readonly (readonly [Dialect, Spec])[] = [
  ['tutorial', CLASSIC],
  ['toychain', TOYCHAIN_PY],
]

/** The first `count` blocks, the genesis included; each later one holds a payment and a reward. */
export function preparedChain(spec: Spec, count: number): Block[] {
  const link = spec === CLASSIC ? '"1"' : '1'
  const genesis = `{"index": 1, "timestamp": 1700000000.25, "transactions": [], "proof": 100, "previous_hash": ${link}}`
  let last = spec.rules.decodeBlock(parseJson(genesis))
  const blocks = [last]
  for (const proof of preparedProofs(spec).slice(0, count - 1)) {
    const parent = last.header
    last = sealed(spec.rules, {
      parent,
      transactions: [payment(`Lea-${parent.index}`, 'Mark', '10.0')],
      proof,
      timestampMs: FIRST_MS + parent.index * 1_000,
      rewardTo: MINER,
    })
    spec.rules.checkPlace(last.header, pastOf(parent))
    blocks.push(last)
  }
  if (blocks.length !== count) throw new Error(`${count} blocks are not prepared`)
  return blocks
}

function preparedProofs(spec: Spec): number[] {
  const name = spec === CLASSIC ? 'proofs-classic.txt' : 'proofs-toychain.txt'
  const text = readFileSync(fileURLToPath(new URL(name, import.meta.url)), 'utf8')
  return text.trim().split(/\s+/).map(Number)
}
