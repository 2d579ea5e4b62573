/** What the real chain has beyond the copy, and how it has gone on since. */
import { useConnectionPart } from '../../node/use-connection.ts'
import type { Workbench } from './workbench.ts'

export interface Beyond {
  /** The index of the copy's last block. */
  readonly last: number
  /** Blocks of the chain after it, now. */
  readonly count: number
  /** Blocks that the chain has got since it was copied. */
  readonly grown: number
  /** Whether blocks of it may have been replaced since. */
  readonly isRewritten: boolean
}

/** The sample has nothing beyond it. */
export function useBeyond({ copy, source }: Workbench): Beyond {
  const height = useConnectionPart(({ info }) => info?.height ?? copy.height)
  const now = useConnectionPart((connection) => connection.rewrites)
  const last = copy.originals.at(-1)?.header.index ?? 0
  if (source.type === 'sample') return { last, count: 0, grown: 0, isRewritten: false }
  return {
    last,
    count: Math.max(0, height - last),
    grown: Math.max(0, height - copy.height),
    isRewritten: now !== source.rewrites,
  }
}
