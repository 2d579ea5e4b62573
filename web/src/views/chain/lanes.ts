/**
 * Branches that lost, laid out beside the chain: each in a lane of its own, from its fork upwards.
 * Two that meet at a height have two lanes; where there are more than lanes, they are counted.
 */
import { MAX_FORK_BLOCKS } from '../../chain/reading.ts'
import type { Range } from './rows.ts'

export const MAX_LANES = 3

export interface LostBranch {
  /** Its last block. */
  readonly tip: string
  /** The index of the last block shared with the chain; 0 where there is none. */
  readonly fork: number
  /** Blocks after it. */
  readonly length: number
}

export interface PlacedBranch extends LostBranch {
  /** From 0, next to the chain; undefined where all are taken. */
  readonly lane: number | undefined
}

/** What a lane has at a height. */
export interface LaneCell {
  readonly branch: PlacedBranch
  readonly lane: number
  /** `fork`: the branch begins above; `more`: it has more blocks than are drawn. */
  readonly kind: 'fork' | 'block' | 'more'
}

/** What is beside one block of the chain. */
export interface Beside {
  readonly cells: readonly LaneCell[]
  /** Branches that have a block at this height, first lane first, then those without a lane. */
  readonly branches: readonly PlacedBranch[]
}

export const NOTHING_BESIDE: Beside = { cells: [], branches: [] }

/** Gives each branch the first lane that is free from its fork on. */
export function placeBranches(branches: readonly LostBranch[]): readonly PlacedBranch[] {
  const ends: number[] = []
  return branches
    .toSorted((a, b) => a.fork - b.fork || b.length - a.length || (a.tip < b.tip ? -1 : 1))
    .map((branch) => {
      for (let lane = 0; lane < MAX_LANES; lane++) {
        if ((ends[lane] ?? -1) >= branch.fork) continue
        ends[lane] = endOf(branch)
        return { ...branch, lane }
      }
      return { ...branch, lane: undefined }
    })
}

/** How many lanes there are to leave room for. */
export function lanesIn(branches: readonly PlacedBranch[]): number {
  return branches.reduce((most, { lane }) => Math.max(most, lane === undefined ? 0 : lane + 1), 0)
}

/** Those that are to be seen among some rows. */
export function branchesNear(
  branches: readonly PlacedBranch[],
  { newest, oldest }: Range,
): readonly PlacedBranch[] {
  return branches.filter((branch) => branch.fork <= newest && endOf(branch) >= oldest)
}

export function besideBlock(branches: readonly PlacedBranch[], index: number): Beside {
  const cells: LaneCell[] = []
  const here: PlacedBranch[] = []
  for (const branch of branches) {
    const { fork, length, lane } = branch
    const isBlock = index > fork && index <= fork + length
    if (isBlock) here.push(branch)
    if (lane === undefined || index < fork || index > endOf(branch)) continue
    const isDrawn = isBlock && index <= fork + MAX_FORK_BLOCKS
    cells.push({ branch, lane, kind: isDrawn ? 'block' : index === fork ? 'fork' : 'more' })
  }
  if (cells.length === 0 && here.length === 0) return NOTHING_BESIDE
  here.sort((a, b) => (a.lane ?? MAX_LANES) - (b.lane ?? MAX_LANES))
  return { cells, branches: here }
}

/** The last row that a branch takes: of its last block, or where it says that there are more. */
function endOf({ fork, length }: LostBranch): number {
  return fork + Math.min(length, MAX_FORK_BLOCKS + 1)
}

/** In rem, as lanes.css and row.css have them. */
const LANES_FROM = 66
const LANE = 12 + 1.5
const NARROW_UP_TO = 42

/**
 * Whether a card has no room for three columns: on a phone, and beside three lanes. Asked once for all
 * rows: a container of its own for each took a fifth of the time that style and layout take.
 */
export function isNarrowBeside(
  lanes: number,
  { width, rem }: { width: number; rem: number },
): boolean {
  const rows = width / rem
  return rows - (rows < LANES_FROM ? 0 : lanes * LANE) <= NARROW_UP_TO
}
