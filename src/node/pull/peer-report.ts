/** What a session with another node wants and comes to, and how that chain stands beside ours. */
import type { RuleFault } from '../../core/errors.ts'
import type { BlockHash } from '../../core/hash.ts'
import type { BlockChain } from '../chain/blockchain.ts'
import { standing } from '../chain/fork-choice.ts'
import type { TreeHeader } from '../store/store.ts'
import type { BlocksQuestion } from './asking.ts'
import { PEER_FAULTS, type PeerFault } from './peer-faults.ts'

/** What a session with a node wants next. */
export type Step =
  /** Go on with the answer. */
  | { readonly type: 'listen' }
  /** Leave the answer and ask this. */
  | { readonly type: 'ask'; readonly question: BlocksQuestion }
  /** There is much to read, and others do: `begin` again when its turn comes. */
  | { readonly type: 'queue' }
  | { readonly type: 'done'; readonly outcome: Outcome }

/** What the session with a node ended with. */
export interface Outcome {
  /** How many blocks it has, as far as that is known: counted, or as it says. */
  readonly length: number | undefined
  /** The end of its chain, where all of it has been checked. */
  readonly tip: TreeHeader | undefined
  readonly problem: Problem | undefined
}

/** A block of it that breaks a rule, or a fault of its own, or that it is this very node. */
export type Problem =
  | { readonly type: 'invalid'; readonly block: number; readonly error: RuleFault }
  | { readonly type: 'fault'; readonly fault: PeerFault }
  | { readonly type: 'self' }

/**
 * - `adopted`: its chain is ours now; `same`: it was already
 * - `shorter`: it has less work; `tie`: as much, and ours was here first
 * - `invalid`: a block of it breaks a rule
 * - `unreachable`, `misbehaved`, `unfinished`: see peer-faults.ts; `self`: it is this node
 */
export type PeerVerdict =
  | 'adopted'
  | 'same'
  | 'shorter'
  | 'tie'
  | 'invalid'
  | 'unreachable'
  | 'misbehaved'
  | 'unfinished'
  | 'self'

export interface PeerReport {
  readonly address: string
  readonly length: number | undefined
  readonly tip: BlockHash | undefined
  readonly verdict: PeerVerdict
  readonly problem: Problem | undefined
}

/** @param adopted whether our chain moved to its blocks */
export function reportOn(
  address: string,
  { outcome, adopted }: { outcome: Outcome; adopted: boolean },
  chain: BlockChain,
): PeerReport {
  const { length, tip, problem } = outcome
  return {
    address,
    length,
    tip: tip?.hash,
    verdict: troubleOf(outcome) ?? verdictOn(outcome, { adopted, chain }),
    problem,
  }
}

/** Whether a node did what no honest one does. */
export function isWrong({ verdict, problem }: PeerReport): boolean {
  if (verdict === 'unreachable' || verdict === 'unfinished' || problem === undefined) return false
  return problem.type !== 'self'
}

function troubleOf({ tip, problem }: Outcome): PeerVerdict | undefined {
  // A node that lies about its length may still have a chain.
  if (problem === undefined || tip !== undefined) return undefined
  return problem.type === 'fault' ? PEER_FAULTS[problem.fault.code].verdict : problem.type
}

function verdictOn(
  { length = 0, tip }: Outcome,
  { adopted, chain }: { adopted: boolean; chain: BlockChain },
): PeerVerdict {
  if (tip === undefined) return length < chain.length ? 'shorter' : 'tie'
  const beside = standing(tip, chain.tip)
  if (beside === 'same') return adopted ? 'adopted' : 'same'
  return beside === 'less' ? 'shorter' : 'tie'
}
