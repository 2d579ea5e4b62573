/** The rules of the node's chain, as the node's own code has them: read from what `/info` says. */
import { NodeClient } from '../../../src/api/client/client.ts'
import { parseSpec, type Spec } from '../../../src/core/spec.ts'

const client = new NodeClient(location.origin)
let last: { readonly text: string; readonly spec: Spec } | undefined

/**
 * Asked for anew each time: another node, with other rules, may have taken the place of the one before.
 * @throws NodeRefusal, NodeUnreachable; DecodeError where the page knows no such rules
 */
export async function chainSpec(): Promise<Spec> {
  return specOf((await client.info()).spec)
}

/** @throws DecodeError where the page knows no such rules */
export function specOf(text: string): Spec {
  if (last?.text !== text) last = { text, spec: parseSpec(text) }
  return last.spec
}
