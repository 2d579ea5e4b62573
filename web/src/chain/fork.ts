/**
 * Reads both sides of a fork: the blocks of a branch that lost, and those that won in their place.
 * The node has no way forward along a branch, so it is walked back from its end, block by block;
 * only the first blocks after the fork are kept, and of their payments the first.
 */
import type { NodeClient } from '../../../src/api/client/client.ts'
import { asArray, asInteger, asObject } from '../../../src/api/client/responses.ts'
import type { Block } from '../../../src/core/block.ts'
import { type Json, parseJson } from '../../../src/core/json/json.ts'
import type { Spec } from '../../../src/core/spec.ts'
import { cardOfBlock, paymentOf, withoutAdded } from './cards.ts'
import { type Split, splitPayments } from './difference.ts'
import {
  type ForkAsk,
  type ForkBlock,
  type ForkRead,
  MAX_FORK_BLOCKS,
  MAX_FORK_WALK,
} from './reading.ts'

/** Payments of a block that are handed on, of each kind; all are compared and counted. */
const LISTED = 50
/** Winning blocks that are asked for at once. */
const PAGE = 20

interface Read {
  readonly block: Block
  readonly json: Json
}

/** @throws NodeRefusal, NodeUnreachable; RuleError if the node serves what is no block */
export async function readFork(client: NodeClient, spec: Spec, ask: ForkAsk): Promise<ForkRead> {
  const lost = await readLost(client, spec, ask)
  const { blocks: won, length } = await readWon(client, spec, ask.fork)
  const paid = ({ block }: Read) => spec.rules.pool.returned(block).map(paymentOf)
  const [lostPayments, wonPayments] = [lost.map(paid), won.map(paid)]
  return {
    lost: forkBlocks(lost, splitPayments(lostPayments, wonPayments)),
    lostUnread: ask.length - lost.length,
    won: forkBlocks(won, splitPayments(wonPayments, lostPayments)),
    wonUnread: Math.max(0, length - ask.fork - won.length),
  }
}

async function readLost(client: NodeClient, { rules }: Spec, { tip, length }: ForkAsk) {
  const kept: Read[] = []
  if (length > MAX_FORK_WALK) return kept
  let hash: string | undefined = tip
  for (let left = length; left > 0 && hash !== undefined; left--) {
    const json = withoutAdded(parseJson(await client.blockText(hash)))
    const block = rules.decodeBlock(json)
    if (left <= MAX_FORK_BLOCKS) kept.unshift({ block, json })
    hash = block.header.parent
  }
  return kept
}

async function readWon(client: NodeClient, { rules }: Spec, fork: number) {
  const blocks: Read[] = []
  let length = fork
  do {
    const part = { from: fork + 1 + blocks.length, limit: PAGE }
    const answer = asObject(parseJson(await client.chainText(part)))
    length = asInteger(answer.get('length'))
    const page = asArray(answer.get('chain'))
    if (page.length === 0) break
    for (const json of page) blocks.push({ block: rules.decodeBlock(json), json })
  } while (blocks.length < Math.min(length - fork, MAX_FORK_BLOCKS))
  return { blocks, length }
}

function forkBlocks(reads: readonly Read[], splits: readonly Split[]): readonly ForkBlock[] {
  return reads.map(({ block, json }, i) => {
    const { only, both } = splits[i] ?? { only: [], both: [] }
    return {
      card: cardOfBlock(block, json),
      only: only.slice(0, LISTED),
      onlyCount: only.length,
      both: both.slice(0, LISTED),
      bothCount: both.length,
    }
  })
}
