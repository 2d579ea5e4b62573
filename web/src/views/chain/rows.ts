/**
 * Where the rows of a long list are, by arithmetic alone: one row for each block, all of one height,
 * the newest on top. Nothing here grows with the chain. Pixels count from the list's upper edge.
 */

/** The blocks that one list holds, by index: as many as fit into the highest element of the browser. */
export interface Segment {
  readonly newest: number
  readonly oldest: number
}

/** Rows that are drawn, by the index of their blocks. */
export interface Range {
  readonly newest: number
  readonly oldest: number
}

/** A place in the chain: a block, and how much of its row lies above, as a part of it. */
export interface Spot {
  readonly index: number
  readonly part: number
}

/** Rows that are drawn beyond each edge, so that fast scrolling finds them there. */
const BEYOND = 5

export function segmentFrom(newest: number, maxRows: number): Segment {
  return { newest, oldest: Math.max(1, newest - maxRows + 1) }
}

/** The segment that has a block in its middle, as far as the chain goes. */
export function segmentAround(index: number, length: number, maxRows: number): Segment {
  const newest = Math.max(index + Math.floor(maxRows / 2), maxRows)
  return segmentFrom(Math.min(length, newest), maxRows)
}

export function rowsOf({ newest, oldest }: Segment): number {
  return newest - oldest + 1
}

export function placeOfRow(segment: Segment, index: number, rowPx: number): number {
  return (segment.newest - index) * rowPx
}

/** The rows to draw so that a part of the list is filled. */
export function rangeIn(
  segment: Segment,
  { fromPx, toPx, rowPx }: { fromPx: number; toPx: number; rowPx: number },
): Range {
  const above = Math.floor(fromPx / rowPx) - BEYOND
  const below = Math.ceil(toPx / rowPx) + BEYOND
  return {
    newest: within(segment, segment.newest - above),
    oldest: within(segment, segment.newest - below + 1),
  }
}

/** What is at a place of the list. */
export function spotAt(segment: Segment, px: number, rowPx: number): Spot {
  const row = Math.floor(px / rowPx)
  return { index: within(segment, segment.newest - row), part: px / rowPx - row }
}

export function within({ newest, oldest }: Segment, index: number): number {
  return Math.min(newest, Math.max(oldest, index))
}
