/**
 * Where one is in the list of blocks while the window scrolls. At the top the list follows the chain's
 * end. Further down it stands still: blocks that come are counted and not put in, so that nothing
 * moves under one's eyes; and what is at the upper edge stays there when rows change their height.
 */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import {
  placeOfRow,
  type Range,
  rangeIn,
  type Segment,
  type Spot,
  segmentAround,
  segmentFrom,
  spotAt,
  within,
} from './rows.ts'
import { rememberSpot } from './spot-memory.ts'
import type { RowSize } from './use-row-size.ts'

/** Where the list begins while it does not follow the chain's end. */
interface Hold {
  readonly newest: number
  /** Whether that was the chain's end: then going to the top follows it again. */
  readonly isEnd: boolean
}

interface Seen {
  readonly range: Range
  readonly isAtTop: boolean
}

export interface PlaceInList {
  readonly list: RefObject<HTMLOListElement | null>
  readonly segment: Segment
  /** The rows to draw. */
  readonly range: Range
  readonly isAtTop: boolean
  /** Whether the list begins where the chain ended when one left the top, or ends now. */
  readonly isEnd: boolean
  /** Blocks that have come since. */
  readonly unseen: number
  readonly goTo: (spot: Spot) => void
  readonly goToEnd: () => void
}

const REMEMBER_AFTER_MS = 100

/** @param cover what lies over the upper edge of the window */
export function usePlaceInList(
  length: number,
  { rowPx, maxRows }: RowSize,
  cover: RefObject<HTMLElement | null>,
): PlaceInList {
  const list = useRef<HTMLOListElement>(null)
  const [hold, setHold] = useState<Hold>()
  const newest = Math.min(hold?.newest ?? length, length)
  const segment = segmentFrom(newest, maxRows)
  const { oldest } = segment
  const [seen, setSeen] = useState<Seen>(() => ({
    range: rangeIn(segment, { fromPx: 0, toPx: innerHeight, rowPx }),
    isAtTop: true,
  }))
  /** What is at the upper edge; undefined at the top. */
  const anchor = useRef<Spot>(undefined)
  /** Where to go as soon as the list has it. */
  const target = useRef<Spot>(undefined)

  function look(): void {
    if (list.current === null) return
    const topPx = list.current.getBoundingClientRect().top
    const range = rangeIn(segment, { fromPx: -topPx, toPx: innerHeight - topPx, rowPx })
    const fromPx = coveredPx(cover) - topPx
    const isAtTop = fromPx < rowPx / 2
    anchor.current = isAtTop ? undefined : spotAt(segment, fromPx, rowPx)
    setSeen((last) => (isSame(last, { range, isAtTop }) ? last : { range, isAtTop }))
    if (isAtTop && hold?.isEnd === true) setHold(undefined)
    if (!isAtTop && hold === undefined) setHold({ newest: length, isEnd: true })
  }

  const scrollToSpot = useCallback(
    ({ index, part }: Spot) => {
      if (list.current === null) return
      const listPx = list.current.getBoundingClientRect().top + scrollY
      const rowsPx = placeOfRow({ newest, oldest }, index, rowPx) + part * rowPx
      scrollTo({ top: listPx + rowsPx - coveredPx(cover), behavior: 'instant' })
    },
    [newest, oldest, rowPx, cover],
  )
  const latest = useRef(look)
  latest.current = look

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const onScroll = () => {
      // Drawn before the browser shows what it has scrolled to.
      flushSync(() => latest.current())
      clearTimeout(timer)
      timer = setTimeout(() => rememberSpot(anchor.current), REMEMBER_AFTER_MS)
    }
    const onResize = () => latest.current()
    addEventListener('scroll', onScroll, { passive: true })
    addEventListener('resize', onResize)
    return () => {
      clearTimeout(timer)
      removeEventListener('scroll', onScroll)
      removeEventListener('resize', onResize)
    }
  }, [])

  // Rows have moved: the list begins elsewhere, or they have another height.
  useLayoutEffect(() => {
    const spot = target.current ?? anchor.current
    target.current = undefined
    if (spot !== undefined) scrollToSpot(spot)
    latest.current()
  }, [scrollToSpot])

  const goTo = useCallback(
    (spot: Spot) => {
      if (spot.index <= newest && spot.index >= oldest) {
        scrollToSpot(spot)
        return
      }
      target.current = spot
      const { newest: first } = segmentAround(spot.index, length, maxRows)
      setHold({ newest: first, isEnd: first === length })
    },
    [scrollToSpot, newest, oldest, length, maxRows],
  )
  const goToEnd = useCallback(() => {
    anchor.current = undefined
    target.current = undefined
    setHold(undefined)
    scrollTo({ top: 0, behavior: 'instant' })
  }, [])
  const isEnd = hold === undefined || hold.isEnd
  const unseen = isEnd ? length - newest : 0
  const range = {
    newest: within(segment, seen.range.newest),
    oldest: within(segment, seen.range.oldest),
  }
  return { list, segment, range, isAtTop: seen.isAtTop, isEnd, unseen, goTo, goToEnd }
}

function coveredPx(cover: RefObject<HTMLElement | null>): number {
  return cover.current?.offsetHeight ?? 0
}

function isSame(a: Seen, b: Seen): boolean {
  return (
    a.isAtTop === b.isAtTop &&
    a.range.newest === b.range.newest &&
    a.range.oldest === b.range.oldest
  )
}
