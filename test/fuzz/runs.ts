/**
 * Runs one decoder over random inputs. FUZZ_RUNS is the number of runs of a property of share 1
 * (default 400; `FUZZ_RUNS=100000 vitest run test/fuzz` for a long run). Invariant: no single input
 * takes longer than MAX_RUN_MS of processor time.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { DECODE_CODES, DecodeError, RULES, RuleError } from '../../src/core/errors.ts'
import { StoreError } from '../../src/node/store/store.ts'
import { fc } from '../helpers/fast-check.ts'

const FUZZ_RUNS = Number(process.env.FUZZ_RUNS ?? 400)

/** Far more than any input of these sizes needs: only what grows without bound is to be found. */
const MAX_RUN_MS = 2_000

export interface FuzzOptions<T> {
  readonly input: fc.Arbitrary<T>
  /** Runs, as a part of FUZZ_RUNS: less for what costs more. */
  readonly share?: number
  /** Checks one input; what it returns says which way it went, such as an error's code. */
  readonly check: (input: T) => string | Promise<string>
  /** Ways that must have been gone, so that the inputs are known to reach them. */
  readonly reaches: readonly string[]
}

/** A test that runs a decoder over random inputs. */
export function fuzz<T>(name: string, { input, share = 1, check, reaches }: FuzzOptions<T>): void {
  const numRuns = Math.max(1, Math.round(FUZZ_RUNS * share))
  it(name, { timeout: 60_000 + FUZZ_RUNS * 20 }, async () => {
    const ways = new Map<string, number>()
    const begunMs = performance.now()
    let run = 0
    const property = fc.asyncProperty(input, async (value) => {
      // Without a turn now and then, nothing that a run leaves behind is ever freed.
      if (++run % 500 === 0) await nextTurn()
      const begun = process.threadCpuUsage()
      const way = await check(value)
      const { user, system } = process.threadCpuUsage(begun)
      expect((user + system) / 1000, 'milliseconds').toBeLessThan(MAX_RUN_MS)
      ways.set(way, (ways.get(way) ?? 0) + 1)
    })
    await fc.assert(property, { numRuns })
    const seconds = ((performance.now() - begunMs) / 1000).toFixed(1)
    if (process.env.FUZZ_RUNS !== undefined) {
      process.stderr.write(`${numRuns} runs in ${seconds} s: ${name} (${summary(ways)})\n`)
    }
    expect([...ways.keys()], 'an idle property').toEqual(expect.arrayContaining([...reaches]))
  })
}

function summary(ways: ReadonlyMap<string, number>): string {
  const sorted = [...ways].sort(([, a], [, b]) => b - a)
  return sorted.map(([way, count]) => `${way} ${count}`).join(', ')
}

/** What a call came to: a value, or the documented error with a code of its table. */
export type Outcome<T> = { readonly value: T } | { readonly code: string }

/** Runs a decoder; any error but the documented ones goes on and fails the test. */
export function outcomeOf<T>(decode: () => T): Outcome<T> {
  try {
    return { value: decode() }
  } catch (error) {
    return { code: documentedCode(error) }
  }
}

const STORE_CODES = [
  'store-failed',
  'store-full',
  'store-locked',
  'store-in-use',
  'store-damaged',
  'store-too-new',
  'store-foreign',
  'store-other-spec',
]

/** The code of an error that decoders may throw. */
export function documentedCode(error: unknown): string {
  if (error instanceof DecodeError) expect(Object.keys(DECODE_CODES)).toContain(error.code)
  else if (error instanceof RuleError) expect(Object.keys(RULES)).toContain(error.code)
  else if (error instanceof StoreError) expect(STORE_CODES).toContain(error.code)
  else throw error
  expect(error.message).not.toBe('')
  return error.code
}

/** Which way a decoding went; `check` looks at a value that came. */
export function way<T>(outcome: Outcome<T>, check: (value: T) => void): string {
  if ('code' in outcome) return outcome.code
  check(outcome.value)
  return 'accepted'
}
