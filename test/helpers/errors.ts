/** What a call is refused with. */
import { DecodeError, RuleError } from '../../src/core/errors.ts'

/** The code of the error that `work` throws; undefined if it throws none. Other errors pass through. */
export function codeOf(work: () => unknown): string | undefined {
  return errorOf(work)?.code
}

/** The refusal itself, for its kind and data. */
export function errorOf(work: () => unknown): RuleError | DecodeError | undefined {
  try {
    work()
  } catch (error) {
    if (error instanceof RuleError || error instanceof DecodeError) return error
    throw error
  }
  return undefined
}
