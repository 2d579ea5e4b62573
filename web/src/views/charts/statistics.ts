/** What the charts tell of a part of a chain, in numbers. */
import type { Series } from '../../chain/reading.ts'

/** Figures of blocks that were mined; the same position in each list is the same block. */
export interface Figures {
  readonly indexes: readonly number[]
  /** Seconds between a block's timestamp and that of the block before, which may be negative. */
  readonly intervals: readonly number[]
  readonly counts: readonly number[]
}

export interface Summary {
  readonly count: number
  readonly median: number
  readonly smallest: number
  readonly largest: number
}

/** The part of the values that a chart shows. */
export interface Bounds {
  readonly from: number
  readonly to: number
  /** How many values lie outside. */
  readonly beyond: number
}

/** A few values that lie so many times further out than nine of ten would flatten all others. */
const FAR = 6
/** Nothing further out is drawn: timestamps may be any number. 30,000 years, in seconds. */
const MAX_DRAWN = 1e12
/** The least range, so that equal values have an axis as well. */
const MIN_RANGE = 0.001

/** @param series begins with the block before the first one of the chart, which may be the genesis */
export function figuresOf({ indexes, timestamps, counts }: Series): Figures {
  return {
    indexes: indexes.slice(1),
    intervals: timestamps.slice(1).map((timestamp, i) => timestamp - (timestamps[i] ?? timestamp)),
    counts: counts.slice(1),
  }
}

/** Undefined where there is nothing to sum up. */
export function summaryOf(values: readonly number[]): Summary | undefined {
  const sorted = Float64Array.from(values).sort()
  const [smallest, largest] = [sorted[0], sorted.at(-1)]
  if (smallest === undefined || largest === undefined) return undefined
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? smallest
  const lower = sorted.length % 2 === 1 ? upper : (sorted[middle - 1] ?? upper)
  // Two halves, because the sum of two very large values is infinite.
  return { count: sorted.length, median: lower / 2 + upper / 2, smallest, largest }
}

/** What of the values is drawn: zero, and all but those that lie far away from nearly all others. */
export function boundsOf(values: readonly number[]): Bounds {
  // Blocks of one millisecond say nothing of what is usual for the others.
  const sizes = Float64Array.from(values.filter((value) => value !== 0).map(Math.abs)).sort()
  const usual = sizes[Math.floor((sizes.length - 1) * 0.9)] ?? 0
  const limit = Math.min(MAX_DRAWN, usual * FAR)
  let [from, to, beyond] = [0, MIN_RANGE, 0]
  for (const value of values) {
    if (Math.abs(value) > limit) beyond++
    from = Math.min(from, Math.max(value, -limit))
    to = Math.max(to, Math.min(value, limit))
  }
  return { from, to, beyond }
}

/** The values as they are drawn: those that lie outside stand at the edge. */
export function within(values: readonly number[], { from, to }: Bounds): number[] {
  return values.map((value) => Math.min(Math.max(value, from), to))
}

/** The values that lie outside, with their positions. */
export function clippedIn(values: readonly number[], { from, to }: Bounds) {
  return values.flatMap((value, at) => (value < from || value > to ? [{ at, value }] : []))
}

/** For each value the median of its neighbours: groups of so many, from the first value on. */
export function trendOf(values: readonly number[], size: number): number[] {
  const trend: number[] = []
  for (let from = 0; from < values.length; from += size) {
    const group = values.slice(from, from + size)
    const median = summaryOf(group)?.median ?? 0
    for (const _ of group) trend.push(median)
  }
  return trend
}
