/** How much of the chain the charts show, as their address says. */

/** Blocks read at most, for "all": more than a screen has pixels many times over. */
export const MAX_BLOCKS = 100_000

const COUNTS = { '100': 100, '1000': 1_000, '10000': 10_000, all: MAX_BLOCKS } as const

export type Range = keyof typeof COUNTS
export const RANGES: readonly Range[] = ['100', '1000', '10000', 'all']

/** Blocks in a range, at most. */
export function countIn(range: Range): number {
  return COUNTS[range]
}

export function rangeOf(last: string | undefined): Range {
  return RANGES.find((range) => range === last) ?? '100'
}
