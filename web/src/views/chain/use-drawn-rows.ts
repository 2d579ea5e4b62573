/** Which rows are drawn: those that one sees, and the one that has the focus, wherever it is. */
import { type FocusEvent, useState } from 'react'
import type { Range, Segment } from './rows.ts'
import type { PlaceInList } from './use-place-in-list.ts'

export interface DrawnRows {
  /** By the index of their blocks, newest first. */
  readonly indexes: readonly number[]
  readonly listeners: {
    readonly onFocus: (event: FocusEvent) => void
    readonly onBlur: () => void
  }
}

/** A row that has the focus is kept, or the next Tab would begin at the top of the page. */
export function useDrawnRows({ range, segment }: PlaceInList): DrawnRows {
  const [focused, setFocused] = useState<number>()
  return {
    indexes: indexesIn(range, segment, focused),
    listeners: {
      onFocus: ({ target }) => {
        const row = target instanceof HTMLElement ? target.closest<HTMLElement>('.chain-row') : null
        setFocused(row === null ? undefined : Number(row.dataset.index))
      },
      onBlur: () => setFocused(undefined),
    },
  }
}

/** Blocks past this one have come while one looked. */
export function useBaseline({ isAtTop, isEnd, segment }: PlaceInList): number {
  const [baseline, setBaseline] = useState(segment.newest)
  // Who goes away from the top has seen what is there.
  if (!isAtTop && isEnd && baseline !== segment.newest) setBaseline(segment.newest)
  return baseline
}

function indexesIn(range: Range, segment: Segment, focused: number | undefined): number[] {
  const indexes: number[] = []
  for (let index = range.newest; index >= range.oldest; index--) indexes.push(index)
  if (focused === undefined || focused > segment.newest || focused < segment.oldest) return indexes
  if (focused > range.newest) indexes.unshift(focused)
  if (focused < range.oldest) indexes.push(focused)
  return indexes
}
