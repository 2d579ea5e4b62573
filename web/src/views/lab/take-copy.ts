/** Takes a copy of a part of the chain from the node: one answer, so it is of one moment. */
import { asArray, asInteger, asObject } from '../../../../src/api/client/responses.ts'
import { parseJson } from '../../../../src/core/json/json.ts'
import { chainSpec } from '../../chain/rules.ts'
import { client } from '../../node/client.ts'
import { type Copy, copyOf } from './judge.ts'

/** Blocks that are copied at once. */
export const COPIED = 12
/** Blocks that a copy has at most. */
export const MAX_COPIED = 50

/**
 * @param from the index of its first block
 * @returns undefined where the chain has no such block
 * @throws NodeUnreachable, NodeRefusal, RuleError
 */
export async function takeCopy(from: number, count = COPIED): Promise<Copy | undefined> {
  const { rules } = await chainSpec()
  const first = Math.max(1, from - 1)
  const text = await client.chainText({ from: first, limit: count + from - first })
  const answer = asObject(parseJson(text))
  const served = asArray(answer.get('chain'))
  const height = asInteger(answer.get('length'))
  const [before, blocks] = from === 1 ? [undefined, served] : [served[0], served.slice(1)]
  return blocks.length === 0 ? undefined : copyOf(rules, { before, blocks, height })
}
