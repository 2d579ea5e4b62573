/** Resolving, with what the report does not say: where our chain ended before, and what became of it. */
import { type HeardNode, NodeRefusal } from '../../../src/api/client/client.ts'
import { asObject } from '../../../src/api/client/responses.ts'
import { parseJson } from '../../../src/core/json/json.ts'
import { change, client } from '../node/client.ts'
import { refresh } from '../node/connection.ts'

export interface Resolved {
  readonly before: { readonly height: number; readonly tip: string }
  readonly replaced: boolean
  /** Blocks of our chain afterwards. */
  readonly length: number
  readonly report: readonly HeardNode[]
  readonly fate: Fate
}

/**
 * What became of our last block: it is still in the chain; it is the end of a branch that lost, of so
 * many blocks; or the node no longer keeps it.
 */
export type Fate =
  | { readonly type: 'kept' }
  | { readonly type: 'lost'; readonly tip: string; readonly length: number }
  | { readonly type: 'dropped' }

/** @throws NodeRefusal, NodeUnreachable; AbortError where the signal aborts */
export async function resolveNode(signal: AbortSignal): Promise<Resolved> {
  const { height, tip } = await client.info()
  const answer = await change((node) => node.resolve(signal))
  refresh()
  const { replaced, length, report } = answer
  const fate = replaced ? await fateOf(tip.hash) : KEPT
  return { before: { height, tip: tip.hash }, replaced, length, report, fate }
}

const KEPT = { type: 'kept' } as const

async function fateOf(hash: string): Promise<Fate> {
  const lost = (await client.tips()).find((tip) => tip.hash === hash && !tip.isActive)
  if (lost !== undefined) return { type: 'lost', tip: hash, length: lost.branchLength }
  try {
    const block = asObject(parseJson(await client.blockText(hash)))
    return block.get('active') === true ? KEPT : { type: 'dropped' }
  } catch (error) {
    if (error instanceof NodeRefusal && error.code === 'block-not-found') return { type: 'dropped' }
    throw error
  }
}
