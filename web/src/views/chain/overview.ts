/** The whole chain in as many columns as there is room for, and the branches that lost beneath it. */
import type { LostBranch } from './lanes.ts'

/** Rows of branches that are drawn beneath the chain. */
export const OVERVIEW_LANES = 2

export interface Column {
  /** The first and the last block of the column. */
  readonly from: number
  readonly to: number
}

export interface LostCell {
  readonly column: number
  readonly lane: number
  readonly tip: string
  /** Whether the branch leaves the chain here: the column of its first block. */
  readonly isFork: boolean
}

export interface Overview {
  readonly columns: readonly Column[]
  readonly lost: readonly LostCell[]
}

/** @param room the most columns that there is room for, 1 at least */
export function overviewOf(
  length: number,
  branches: readonly (LostBranch & { readonly lane: number | undefined })[],
  room: number,
): Overview {
  const per = Math.max(1, Math.ceil(length / Math.max(1, room)))
  const count = Math.ceil(length / per)
  const columns = Array.from({ length: count }, (_, i) => {
    return { from: i * per + 1, to: Math.min(length, (i + 1) * per) }
  })
  const columnOf = (index: number) => Math.min(count - 1, Math.floor((index - 1) / per))
  const lost = branches.flatMap(({ fork, length: blocks, lane = OVERVIEW_LANES, tip }) => {
    if (lane >= OVERVIEW_LANES || blocks < 1) return []
    const [first, last] = [columnOf(fork + 1), columnOf(fork + blocks)]
    return Array.from({ length: last - first + 1 }, (_, i): LostCell => {
      return { column: first + i, lane, tip, isFork: i === 0 }
    })
  })
  return { columns, lost }
}
