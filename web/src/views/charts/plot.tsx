/** One chart on a canvas: uPlot in the page's look, as wide as its column. */
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { useRoom } from '../../parts/use-room.ts'
import { useLanguage } from '../../text/language.ts'
import { markClipped } from './clipped.ts'
import { lookOf } from './plot-look.ts'
import { alignedData, optionsFor, type PlotData, type PlotSpec } from './plot-options.ts'
import { useScheme } from './use-scheme.ts'

export interface PlotProps {
  readonly spec: PlotSpec
  readonly data: PlotData
  /** The id of the sentence that says what the chart shows. */
  readonly labelledBy: string
  /** The position that is pointed at, in the data; undefined when none is. */
  readonly onPoint: (at: number | undefined) => void
  /** Somebody has clicked on a position. */
  readonly onPick?: (at: number) => void
}

export function Plot({ spec, data, labelledBy, onPoint, onPick }: PlotProps) {
  const holder = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(undefined)
  const { width, rem } = useRoom(holder)
  const scheme = useScheme()
  const language = useLanguage()
  // What a chart asks for when it draws, and calls when somebody points.
  const latest = useRef({ spec, data, width, onPoint, onPick })
  latest.current = { spec, data, width, onPoint, onPick }
  const isMeasured = width > 0
  // Everything that a canvas cannot change afterwards makes another chart.
  const look = `${scheme} ${language} ${rem} ${spec.kind} ${spec.increments}`

  useEffect(() => {
    const element = holder.current
    if (element === null || !isMeasured || look === '') return
    const { spec, data, width } = latest.current
    const colours = lookOf(element, rem)
    const options = optionsFor(spec, colours, {
      width,
      bounds: () => latest.current.data,
    })
    const hooks = {
      setCursor: [({ cursor }: uPlot) => latest.current.onPoint(cursor.idx ?? undefined)],
      draw: [
        (chart: uPlot) => {
          const { data, spec } = latest.current
          markClipped(chart, data, { look: colours, yText: spec.yText })
        },
      ],
    }
    const made = new uPlot({ ...options, hooks }, alignedData(data), element)
    made.over.addEventListener('click', () => {
      const { idx } = made.cursor
      if (typeof idx === 'number') latest.current.onPick?.(idx)
    })
    plot.current = made
    return () => {
      made.destroy()
      plot.current = undefined
    }
  }, [look, rem, isMeasured])

  useEffect(() => {
    plot.current?.setData(alignedData(data))
  }, [data])

  useEffect(() => {
    const { current } = plot
    if (current !== undefined) current.setSize({ width, height: current.height })
  }, [width])

  return (
    <div
      className="plot"
      role="img"
      aria-labelledby={labelledBy}
      data-pick={onPick !== undefined}
      ref={holder}
    />
  )
}
