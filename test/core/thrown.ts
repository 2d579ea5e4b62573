/** What a call refuses with: the error itself, so that a test may ask for its code and data. */
import { expect } from 'vitest'
import { DecodeError, RuleError } from '../../src/core/errors.ts'

/** The DecodeError or RuleError that a call throws; any other error goes on, none fails the test. */
export function refusal(call: () => unknown): DecodeError | RuleError {
  try {
    call()
  } catch (error) {
    if (error instanceof DecodeError || error instanceof RuleError) return error
    throw error
  }
  return expect.unreachable('accepted')
}

/** The code that a call refuses with, or "accepted". */
export function outcome(call: () => unknown): string {
  try {
    call()
    return 'accepted'
  } catch (error) {
    if (error instanceof DecodeError || error instanceof RuleError) return error.code
    throw error
  }
}
