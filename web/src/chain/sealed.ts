/** A block of given parts after another, made by the rules: for the sample, and for what is mined on it. */
import type { Block, Header, Transaction } from '../../../src/core/block.ts'
import { pastOf } from '../../../src/core/checks.ts'
import type { Consensus } from '../../../src/core/consensus.ts'

interface Parts {
  readonly transactions: readonly Transaction[]
  readonly proof: number
  /** Milliseconds since 1970. */
  readonly timestampMs: number
  readonly rewardTo: string
}

/** The proof is put in as it is: whether it solves, the checks tell. */
export function sealedAfter(parent: Header, rules: Consensus, parts: Parts): Block {
  const { transactions, proof, timestampMs: nowMs, rewardTo } = parts
  const contents = { transactions, rewardTo }
  const template = rules.template({ past: pastOf(parent), nowMs, extraNonce: 0n, contents })
  return template.seal({ proof, nowMs, late: contents })
}
