/** The chain's spec as the node tells it now, for what is drawn. */
import { DecodeError } from '../../../src/core/errors.ts'
import type { Spec } from '../../../src/core/spec.ts'
import { useConnectionPart } from '../node/use-connection.ts'
import { specOf } from './rules.ts'

/** Undefined before the node has told it, and where the page does not know such rules. */
export function useSpec(): Spec | undefined {
  const text = useConnectionPart(({ info }) => info?.spec)
  if (text === undefined) return undefined
  try {
    return specOf(text)
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return undefined
  }
}
