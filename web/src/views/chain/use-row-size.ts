/**
 * How high a row is, and how many of them a browser can put below one another. The height is the
 * style's, measured in whole pixels and anew whenever the text size changes.
 */
import { type RefCallback, useCallback, useState } from 'react'

export interface RowSize {
  readonly rowPx: number
  readonly maxRows: number
}

/** Higher than any element in any browser: asked for this, they show what they can do. */
const TOO_HIGH_PX = 100_000_000
/** What all browsers can do. */
const SAFE_PX = 1_000_000
/** Room for what is above and below the list. */
const USED = 0.9

/** Undefined until the ruler, an element as high as a row, is there. */
export function useRowSize(): { ruler: RefCallback<HTMLElement>; size: RowSize | undefined } {
  const [size, setSize] = useState<RowSize>()
  const ruler = useCallback((element: HTMLElement) => {
    const measure = () => {
      const rowPx = Math.round(element.getBoundingClientRect().height)
      const maxRows = Math.floor((highestPx(element) * USED) / rowPx)
      setSize((last) =>
        last?.rowPx === rowPx && last.maxRows === maxRows ? last : { rowPx, maxRows },
      )
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return { ruler, size }
}

/** The height of the highest element: it depends on the browser and on the screen. */
function highestPx(beside: HTMLElement): number {
  const probe = document.createElement('div')
  probe.className = 'chain-probe'
  probe.style.height = `${TOO_HIGH_PX}px`
  beside.append(probe)
  const px = probe.getBoundingClientRect().height
  probe.remove()
  return px > SAFE_PX && px < TOO_HIGH_PX ? px : SAFE_PX
}
