/** A report of `resolve` as it is drawn: each chain as a bar beside the longest. */
import type { HeardNode } from '../../../src/api/client/client.ts'

export interface Bar {
  /** Length beside the longest of all, 0 to 1. */
  readonly share: number
  /** The part of it that the rules let pass; all of it but for an invalid chain. */
  readonly soundShare: number
}

type Entry = Pick<HeardNode, 'length' | 'block' | 'verdict'>

/** A bar for each length, where one is known; `ours` is drawn too, so it counts. */
export function barsOf(
  ours: number,
  report: readonly Entry[],
): { ours: Bar; others: (Bar | undefined)[] } {
  const longest = report.reduce((most, entry) => Math.max(most, drawnLength(entry) ?? 0), ours)
  const bar = (length: number, sound: number): Bar => ({
    share: length / longest,
    soundShare: sound / longest,
  })
  return {
    ours: bar(ours, ours),
    others: report.map((entry) => {
      const length = drawnLength(entry)
      return length === undefined ? undefined : bar(length, soundLength(entry) ?? length)
    }),
  }
}

/** Blocks that the rules let pass, of a chain that they do not; undefined for any other. */
export function soundLength({ verdict, block }: Entry): number | undefined {
  return verdict === 'invalid' && block !== undefined ? block - 1 : undefined
}

/** A chain that is not valid is as long as it says, or as what was read of it, the bad block too. */
function drawnLength(entry: Entry): number | undefined {
  const sound = soundLength(entry)
  return sound === undefined ? entry.length : Math.max(entry.length ?? 0, sound + 1)
}

/** Nobody's chain was read, so nobody's was compared with ours. */
export function isNobodyRead(report: readonly Pick<HeardNode, 'verdict'>[]): boolean {
  return report.every(({ verdict }) => !READ.includes(verdict ?? ''))
}

const READ: readonly string[] = ['adopted', 'same', 'shorter', 'tie', 'invalid']
