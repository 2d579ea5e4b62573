/** Goes where the address says: where one was before, to a height, or to the chain's end. */
import { useCallback, useEffect, useRef } from 'react'
import type { Place } from '../../frame/place.ts'
import { announce } from '../../parts/announce.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { partsText } from '../../text/parts.ts'
import { heightIn } from './search.ts'
import { rememberedSpot, rememberSpot } from './spot-memory.ts'
import type { PlaceInList } from './use-place-in-list.ts'

/** What of a row's height is left above the block that one goes to. */
const ABOVE = 0.1

/** Gives a function that goes to the same address again. */
export function useGoing(place: Place, { goTo, goToEnd }: PlaceInList, length: number): () => void {
  const parts = useText(partsText)
  const language = useLanguage()
  const goThere = ({ what }: Place) => {
    const spot = rememberedSpot()
    const index = heightIn(what, length)
    if (spot !== undefined) goTo({ ...spot, index: Math.min(spot.index, length) })
    else if (index === undefined) goToEnd()
    else {
      goTo({ index, part: -ABOVE })
      announce(parts.block(countText(index, language)))
    }
  }
  const latest = useRef(goThere)
  latest.current = goThere
  useEffect(() => {
    // Not at once: the frame begins every view at its top.
    const frame = requestAnimationFrame(() => latest.current(place))
    return () => cancelAnimationFrame(frame)
  }, [place])
  // The browser is not to go anywhere by itself when one comes back.
  useEffect(() => {
    history.scrollRestoration = 'manual'
    return () => {
      history.scrollRestoration = 'auto'
    }
  }, [])
  return useCallback(() => {
    rememberSpot(undefined)
    latest.current(place)
  }, [place])
}
