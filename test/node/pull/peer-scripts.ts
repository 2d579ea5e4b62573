/**
 * Peers for scripted-peers.ts: how honest nodes and tutorial nodes answer, how any text is answered
 * with, and chains that are long and cheap.
 */
import type { Block } from '../../../src/core/block.ts'
import { parseJson } from '../../../src/core/json/json.ts'
import { SYNC_LIMITS, type SyncLimits } from '../../../src/core/limits.ts'
import { CLASSIC, type Spec, withDifficulty } from '../../../src/core/spec.ts'
import type { BlockChain } from '../../../src/node/chain/blockchain.ts'
import { blockAfter, chainText, EASY } from '../../helpers/chains.ts'
import type { Peer, PeerEvent } from './scripted-peers.ts'

/** Classic without proof of work: for chains of thousands of blocks. */
export const FREE: Spec = withDifficulty(CLASSIC, 0)

export function limits(some: Partial<SyncLimits>): SyncLimits {
  return { ...SYNC_LIMITS, ...some }
}

/** `count` blocks after another, without proof of work. */
export function longBranch(from: Block, count: number, salt = 0): Block[] {
  const blocks: Block[] = []
  let last = from
  for (let i = 0; i < count; i++) {
    last = blockAfter(last, { salt, rewardTo: `miner-${salt}`, spec: FREE })
    blocks.push(last)
  }
  return blocks
}

/** The genesis of another network: ours with another time. */
export function foreignGenesis(seconds = '1.5'): Block {
  return EASY.rules.decodeBlock(parseJson(EASY.rules.genesis.text.replace('1767225600.0', seconds)))
}

/** Adds blocks to a chain, the genesis left out. */
export function give(chain: BlockChain, blocks: readonly Block[]): void {
  for (const block of blocks)
    if (chain.header(block.header.hash) === undefined) chain.addBlock(block)
}

export interface Question {
  readonly from: number
  readonly limit: number
}

export function questionOf(path: string): Question {
  if (path === '/chain') return { from: 1, limit: Number.POSITIVE_INFINITY }
  const { from, limit } =
    /^\/chain\?from=(?<from>\d+)&limit=(?<limit>\d+)$/.exec(path)?.groups ?? {}
  if (from === undefined || limit === undefined) throw new Error(`not a question: ${path}`)
  return { from: Number(from), limit: Number(limit) }
}

/** How an answer comes. */
export interface Manner {
  /** Before the first piece, between pieces, and before the end. */
  readonly afterMs?: number
  readonly nodeId?: string
  /** Characters of each piece; all at once if left out. */
  readonly pieceChars?: number
}

/** A body, in pieces. */
export function* told(body: string, manner: Manner = {}): Generator<PeerEvent> {
  const { afterMs = 1, nodeId, pieceChars = Math.max(1, body.length) } = manner
  yield { afterMs, type: 'began', ...(nodeId === undefined ? {} : { nodeId }) }
  for (let at = 0; at < body.length; at += pieceChars) {
    yield { afterMs, type: 'heard', text: body.slice(at, at + pieceChars) }
  }
  yield { afterMs, type: 'ended' }
}

export function textsOf(blocks: readonly Block[]): string {
  return blocks.map(({ text }) => text).join(', ')
}

/** An answer without end, a block each 100 ms; each is complete when the next one comes. */
export function* slowly(
  blocks: readonly Block[],
  ...then: readonly PeerEvent[]
): Generator<PeerEvent> {
  for (const [i, { text }] of blocks.entries()) {
    yield { afterMs: 100, type: 'heard', text: `${i === 0 ? '[' : ', '}${text}` }
  }
  yield* then
}

/** What a node of ours answers. */
export function answerTo(
  path: string,
  blocks: readonly Block[],
  length = `${blocks.length}`,
): string {
  const { from, limit } = questionOf(path)
  const texts = blocks.slice(from - 1, from - 1 + limit).map(({ text }) => text)
  return `{"chain": [${texts.join(', ')}], "length": ${length}}`
}

/** A node of ours, honest, with a chain or with one for each time that it is asked. */
export function honest(
  chain: readonly Block[] | ((ordinal: number) => readonly Block[]),
  manner?: Manner,
): Peer {
  const blocks = typeof chain === 'function' ? chain : () => chain
  return (path, ordinal) => told(answerTo(path, blocks(ordinal)), manner)
}

/** A tutorial node: ignores the query. */
export function tutorial(blocks: readonly Block[], manner?: Manner): Peer {
  return () => told(chainText(blocks), manner)
}

/** Answers everything with one text, or with one for each time. */
export function saying(
  body: string | ((path: string, ordinal: number) => string),
  manner?: Manner,
) {
  const peer: Peer = (path, ordinal) =>
    told(typeof body === 'string' ? body : body(path, ordinal), manner)
  return peer
}

/** Never says a word, though there is a connection. */
export const silent: Peer = () => []

/** Not even a connection comes about. */
export const unconnected: Peer = Object.assign(() => [], { neverConnects: true })
