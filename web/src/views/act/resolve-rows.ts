/** A report of `resolve` as it is drawn: each chain as a bar beside the longest. */
import type { HeardNode } from '../../../../src/api/client.ts'

export interface Bar {
  /** Length beside the longest of all, 0 to 1. */
  readonly share: number
  /** The part of it that the rules let pass; all of it but for an invalid chain. */
  readonly soundShare: number
}

/** A bar for each length, where one is known; `ours` is drawn too, so it counts. */
export function barsOf(
  ours: number,
  report: readonly Pick<HeardNode, 'length' | 'block' | 'verdict'>[],
): { ours: Bar; others: (Bar | undefined)[] } {
  const longest = Math.max(ours, ...report.map(({ length }) => length ?? 0))
  const bar = (length: number, sound = length): Bar => ({
    share: length / longest,
    soundShare: Math.min(sound, length) / longest,
  })
  return {
    ours: bar(ours),
    others: report.map(({ length, block, verdict }) => {
      if (length === undefined) return undefined
      return verdict === 'invalid' && block !== undefined ? bar(length, block - 1) : bar(length)
    }),
  }
}

/** Nobody's chain was read, so nobody's was compared with ours. */
export function isNobodyRead(report: readonly Pick<HeardNode, 'verdict'>[]): boolean {
  return report.every(({ verdict }) => !READ.includes(verdict ?? ''))
}

const READ: readonly string[] = ['adopted', 'same', 'shorter', 'tie', 'invalid']
