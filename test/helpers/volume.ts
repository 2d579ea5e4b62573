/**
 * How much of the long suites a run tries. With TOYCHAIN_TESTS=full, as CI has it, everything; without
 * it a sample, so that `npm test` takes seconds. All chance in the tests comes from one seed,
 * SAMPLE_SEED: the report of a failure names it.
 */
import { describe, it } from 'vitest'

export const isFull = process.env.TOYCHAIN_TESTS === 'full'

export const SEED = Number(process.env.SAMPLE_SEED ?? 20_260_101)

/** Stands in the name of what only a full run does; tools/ci-summary.mjs looks for it. */
const IN_CI = 'runs in CI: TOYCHAIN_TESTS=full'

/** A suite that only a full run does: skipped, and listed with the reason, in a sample. */
export function describeFull(name: string, suite: () => void): void {
  if (isFull) describe(name, suite)
  else describe.skip(`${name} (${IN_CI})`, suite)
}

/** A test that only a full run does: skipped, and listed with the reason, in a sample. */
export function itFull(name: string, test: () => void | Promise<void>): void {
  if (isFull) it(name, test)
  else it.skip(`${name} (${IN_CI})`, test)
}

/** The first number in a full run, the other in a sample. */
export function volume(full: number, sampled: number): number {
  return isFull ? full : sampled
}

/**
 * All of a list in a full run. Otherwise `count` of its items, chosen by the seed, in their order;
 * `salt` chooses others of the same list.
 */
export function sample<T>(list: readonly T[], count: number, salt = 0): readonly T[] {
  if (isFull || count >= list.length) return list
  const pick = chance(SEED + salt)
  const places = list.map((_, place) => place)
  const chosen = Array.from({ length: count }, () => places.splice(pick(places.length), 1)).flat()
  const isChosen = new Set(chosen)
  return list.filter((_, place) => isChosen.has(place))
}

/** Whole numbers from 0 below a limit: mulberry32. */
export function chance(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}
