/** A chart as uPlot wants it: scales, axes and series of one kind of figures. */
import uPlot from 'uplot'
import { assertNever } from '../../../../src/core/errors.ts'
import type { Look } from './plot-look.ts'

/** What a chart shows besides its values. */
export interface PlotSpec {
  /** Bars from zero, steps between moments; or a haze where there are too many values. */
  readonly kind: 'bars' | 'steps' | 'haze'
  /** Whether x is a time in seconds since 1970, rather than a block's index. */
  readonly isTime: boolean
  /** Steps that the vertical axis may have; undefined for those of plain numbers. */
  readonly increments?: readonly number[]
  /** How the values of each axis are written. */
  readonly xText: (value: number) => string
  readonly yText: (value: number) => string
}

/** What changes while the chart stays. */
export interface PlotData {
  readonly x: readonly number[]
  readonly y: readonly number[]
  /** A value to compare with, drawn as a line across. */
  readonly reference?: number | undefined
  /** What stands out of a haze. */
  readonly trend?: readonly number[] | undefined
  readonly from: number
  readonly to: number
  /** Values that end at the edge: their positions, and what they really are. */
  readonly clipped?: readonly Clipped[] | undefined
}

export interface Clipped {
  readonly at: number
  readonly value: number
}

/** Charts of the same blocks share their crosshair. */
const SHARED_CURSOR = 'blocks'
/** Steps of an axis of whole numbers, smallest first. */
export const WHOLE_STEPS: readonly number[] = Array.from({ length: 13 }, (_, i) =>
  [1, 2, 5].map((digit) => digit * 10 ** i),
).flat()
const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600]
/** Rem; a screen of any width has room for a chart that is twice as wide. */
const HEIGHT = 11
/** Rem; charts below one another are to begin at one place. */
const AXIS_WIDTH = 4.5

export function optionsFor(
  { kind, isTime, increments, xText, yText }: PlotSpec,
  look: Look,
  { width, bounds }: { width: number; bounds: () => PlotData },
): uPlot.Options {
  const { rem, font, quiet, line, character } = look
  const grid = { stroke: line, width: 1 }
  const axis = { stroke: quiet, font, grid, ticks: { ...grid, size: rem * 0.3 }, gap: rem * 0.3 }
  return {
    width,
    height: HEIGHT * rem,
    // A time at the right edge is wide, and the values of clipped bars stand above the plot.
    padding: [rem * 1.4, rem * (isTime ? 3.5 : 1.5), 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false, setScale: false },
      points: { size: rem * 0.5, width: 0, fill: look.ink },
      // Only the values themselves can be pointed at.
      dataIdx: (_plot, series, closest) => (series <= 1 ? closest : null),
      ...(isTime ? {} : { sync: { key: SHARED_CURSOR, setSeries: false, scales: ['x', null] } }),
    },
    scales: {
      x: { time: false, range: (_plot, min, max) => xRange(min, max, isTime) },
      y: {
        range: () => [bounds().from, bounds().to],
      },
    },
    axes: [
      {
        ...axis,
        incrs: [...(isTime ? TIME_STEPS : WHOLE_STEPS)],
        space: rem * 6,
        size: rem * 1.6,
        grid: { show: false },
        values: (_plot, splits) => splits.map(xText),
      },
      {
        ...axis,
        ...(increments === undefined ? {} : { incrs: [...increments] }),
        space: rem * 2.2,
        size: (_plot, values) => {
          const longest = (values ?? []).reduce((most, value) => Math.max(most, value.length), 0)
          return Math.max(longest * character + rem, AXIS_WIDTH * rem)
        },
        values: (_plot, splits) => splits.map(yText),
        ticks: { show: false },
      },
    ],
    series: [{}, seriesOf(kind, look), referenceOf(look), trendOf(look)],
  }
}

/** The data in uPlot's form. */
export function alignedData({ x, y, reference, trend }: PlotData): uPlot.AlignedData {
  const none = x.map(() => null)
  return [
    [...x],
    [...y],
    reference === undefined ? none : x.map(() => reference),
    [...(trend ?? none)],
  ]
}

function seriesOf(kind: PlotSpec['kind'], { accent, rem }: Look): uPlot.Series {
  const { bars, stepped } = uPlot.paths
  const none = { show: false }
  switch (kind) {
    case 'bars': {
      const paths = bars?.({ size: [0.72, rem * 1.5] })
      return { fill: accent, width: 0, fillTo: 0, points: none, ...(paths && { paths }) }
    }
    case 'steps': {
      const paths = stepped?.({ align: 1 })
      return { stroke: accent, width: 1.5, points: none, ...(paths && { paths }) }
    }
    case 'haze':
      return { stroke: accent, width: 1, alpha: 0.35, points: none }
    default:
      return assertNever(kind)
  }
}

function referenceOf({ ink }: Look): uPlot.Series {
  return { stroke: ink, width: 1, dash: [4, 4], points: { show: false } }
}

function trendOf({ accent }: Look): uPlot.Series {
  return { stroke: accent, width: 2, points: { show: false } }
}

/** Half a block more on both sides, so that the outermost bars are whole. */
function xRange(min: number, max: number, isTime: boolean): [number, number] {
  if (isTime) return [min, Math.max(max, min + 1)]
  return [min - 0.5, max + 0.5]
}
