/** What the tour's buttons do to this node, and what came of it: real values for every sentence. */
import type { HeardNode, MinedBlock } from '../../../../src/api/client/client.ts'
import { sameAddress } from '../../../../src/node/peers/address.ts'
import { read } from '../../chain/reader.ts'
import { type Resolved, resolveNode } from '../../jobs/resolve-node.ts'
import type { MineOutcome } from '../../jobs/use-mine.ts'
import { change, client } from '../../node/client.ts'
import { refresh } from '../../node/connection.ts'
import {
  type Chains,
  compareEnds,
  entryOf,
  findPayment,
  isLeas,
  LEA,
  type Paid,
  type StepId,
} from './story.ts'

export type StepResult =
  | {
      readonly type: 'introduced'
      readonly wasKnown: boolean
      /** It is this very node, and was left out. */
      readonly isSelf: boolean
      readonly chains: Chains
    }
  | { readonly type: 'paid'; readonly index: number; readonly waiting: number }
  | {
      readonly type: 'mined'
      readonly index: number
      readonly hash: string
      readonly tries: number
      readonly block: MinedBlock
      /** How often Lea's payment is in the block. */
      readonly leas: number
      readonly chains: Chains
    }
  | {
      readonly type: 'resolved'
      readonly resolved: Resolved
      /** What the report says of the other node. */
      readonly entry: HeardNode | undefined
      readonly paid: Paid
      /** Payments that wait now. */
      readonly waiting: number
      readonly chains: Chains
    }
  | { readonly type: 'given-up' }

/** Blocks at the end of a chain in which a payment is looked for. */
export const SEARCHED = 2_000

/** Whether the story can go on from here; its last step, whether the nodes agree. */
export function isDone(result: StepResult, step: StepId): boolean {
  switch (result.type) {
    case 'given-up':
      return false
    case 'introduced':
      return !result.isSelf && result.chains.there?.isReachable === true
    case 'resolved':
      return step !== 'agree' || compareEnds(result.chains).type === 'same'
    default:
      return true
  }
}

export async function introduce(other: string): Promise<StepResult> {
  const before = await client.nodes()
  const { totalNodes } = await change((node) => node.register([other]))
  refresh()
  return {
    type: 'introduced',
    wasKnown: entryOf(before, other) !== undefined,
    isSelf: !totalNodes.some((address) => sameAddress(address, other)),
    chains: await chainsOf(other),
  }
}

export async function pay(): Promise<StepResult> {
  const { index } = await change((node) => node.send(LEA))
  const { length } = await client.waiting(1)
  return { type: 'paid', index, waiting: length }
}

export async function mined(outcome: MineOutcome, other: string): Promise<StepResult> {
  if (outcome.type === 'given-up') return { type: 'given-up' }
  const { index, hash, tries, transactions } = outcome.block
  const leas = transactions.filter(isLeas).length
  const { block } = outcome
  return { type: 'mined', index, hash, tries, block, leas, chains: await chainsOf(other) }
}

export async function resolve(signal: AbortSignal, other: string): Promise<StepResult> {
  const resolved = await resolvedOrNot(signal)
  if (resolved === undefined) return { type: 'given-up' }
  const to = resolved.length
  const from = Math.max(1, to - SEARCHED + 1)
  const [{ blocks }, { length }, chains] = await Promise.all([
    read('payments', { from, to }),
    client.waiting(1),
    chainsOf(other),
  ])
  const entry = entryOf(resolved.report, other)
  const paid = findPayment(blocks, from)
  return { type: 'resolved', resolved, entry, paid, waiting: length, chains }
}

async function resolvedOrNot(signal: AbortSignal): Promise<Resolved | undefined> {
  try {
    return await resolveNode(signal)
  } catch (error) {
    if (!signal.aborted) throw error
    return undefined
  }
}

/** The ends of both chains; asks the other node through this one. */
export async function chainsOf(other: string): Promise<Chains> {
  const { self, nodes } = await client.network()
  return { here: self, there: entryOf(nodes, other) }
}
