/** Which rows are drawn: those that one sees, and those around the focus, wherever it is. */
import { type FocusEvent, useState } from 'react'
import type { Range, Segment } from './rows.ts'
import type { PlaceInList } from './use-place-in-list.ts'

export interface DrawnRows {
  /** By the index of their blocks, newest first. */
  readonly indexes: readonly number[]
  readonly listeners: {
    readonly onFocus: (event: FocusEvent) => void
    readonly onBlur: (event: FocusEvent) => void
  }
}

/** A row that has the focus is kept, or the next Tab would begin at the top of the page. */
export function useDrawnRows({ range, segment }: PlaceInList): DrawnRows {
  const [focused, setFocused] = useState<number>()
  return {
    indexes: indexesIn(range, segment, focused),
    listeners: {
      onFocus: ({ target }) => setFocused(indexOfRow(target)),
      // Known before the focus arrives: else the row that it goes to would be gone by then.
      onBlur: ({ relatedTarget }) => setFocused(indexOfRow(relatedTarget)),
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

function indexOfRow(target: EventTarget | null): number | undefined {
  const row = target instanceof HTMLElement ? target.closest<HTMLElement>('.chain-row') : null
  return row === null ? undefined : Number(row.dataset.index)
}

function indexesIn(range: Range, segment: Segment, focused: number | undefined): number[] {
  const indexes: number[] = []
  for (let index = range.newest; index >= range.oldest; index--) indexes.push(index)
  if (focused === undefined) return indexes
  // With its neighbours, which Tab leads to.
  const kept = [focused + 1, focused, focused - 1].filter((index) => {
    return index <= segment.newest && index >= segment.oldest
  })
  const above = kept.filter((index) => index > range.newest)
  const below = kept.filter((index) => index < range.oldest)
  return [...above, ...indexes, ...below]
}
