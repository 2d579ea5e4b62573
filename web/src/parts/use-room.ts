/** How much room an element has, for what is drawn to measure: anew when its column changes. */
import { type RefObject, useLayoutEffect, useState } from 'react'

export interface Room {
  /** Pixels; 0 before the element has been measured. */
  readonly width: number
  /** Pixels of one rem: the page's root grows with the screen. */
  readonly rem: number
}

export function useRoom(ref: RefObject<HTMLElement | null>): Room {
  const [room, setRoom] = useState<Room>({ width: 0, rem: 16 })
  useLayoutEffect(() => {
    const element = ref.current
    if (element === null) return
    const measure = () => {
      const width = Math.floor(element.clientWidth)
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
      setRoom((last) => (last.width === width && last.rem === rem ? last : { width, rem }))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [ref])
  return room
}
