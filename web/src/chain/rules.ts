/** The rules of the node's chain, as the node's own code has them: read from what `/info` says. */
import { NodeClient } from '../../../src/api/client.ts'
import { parseSpec, type Spec } from '../../../src/core/spec.ts'

const client = new NodeClient(location.origin)
let known: Promise<Spec> | undefined

/** @throws NodeUnreachable; DecodeError where the page knows no such rules */
export function chainSpec(): Promise<Spec> {
  known ??= client.info().then(({ spec }) => parseSpec(spec))
  // What could not be read is asked for again the next time.
  known.catch(() => {
    known = undefined
  })
  return known
}
