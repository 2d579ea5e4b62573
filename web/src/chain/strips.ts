/**
 * The last blocks of several chains, from their tips back. This node knows its own chain and the branches
 * that it keeps; of a tip that it has never read, only the tip itself is known.
 */
import type { NodeClient } from '../../../src/api/client/client.ts'
import { asArray, asObject } from '../../../src/api/client/responses.ts'
import { parseJson } from '../../../src/core/json/json.ts'
import type { Spec } from '../../../src/core/spec.ts'
import { withoutAdded } from './cards.ts'
import type { StripsAsk, StripsRead } from './reading.ts'

/** @throws NodeRefusal, NodeUnreachable; RuleError if the node serves what is no block */
export async function readStrips(
  client: NodeClient,
  { rules }: Spec,
  { tips, from, to }: StripsAsk,
): Promise<StripsRead> {
  const answer = asObject(parseJson(await client.chainText({ from, limit: to - from + 1 })))
  const own: (string | undefined)[] = asArray(answer.get('chain')).map(
    (json) => rules.decodeBlock(json).header.hash,
  )
  while (own.length < to - from + 1) own.push(undefined)
  const kept = new Set((await client.tips()).map(({ hash }) => hash))
  const strips = new Map<string, readonly (string | undefined)[]>()
  for (const tip of tips) {
    if (!strips.has(tip.hash)) strips.set(tip.hash, await walk(tip))
  }
  return { strips: tips.map(({ hash }) => strips.get(hash) ?? []), own }

  async function walk(tip: StripsAsk['tips'][number]) {
    const strip: (string | undefined)[] = own.map(() => undefined)
    let hash: string | undefined = tip.hash
    for (let index = tip.index; index >= from && hash !== undefined; index--) {
      const at = index - from
      if (index <= to) strip[at] = hash
      if (own[at] === hash) {
        for (let below = 0; below < at; below++) strip[below] = own[below]
        return strip
      }
      // A block that this node does not have is not asked for.
      if (index === tip.index && !kept.has(hash)) return strip
      const json = withoutAdded(parseJson(await client.blockText(hash)))
      hash = rules.decodeBlock(json).header.parent
    }
    return strip
  }
}
