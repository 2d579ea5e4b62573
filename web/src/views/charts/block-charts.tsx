/** The charts of blocks: when they came and what they hold. One crosshair for all. */
import { useMemo, useState } from 'react'
import type { Series } from '../../chain/reading.ts'
import { hrefOf } from '../../frame/place.ts'
import { go } from '../../frame/use-place.ts'
import { chartsText } from '../../text/charts.ts'
import { type Language, useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { Chart, type Row } from './chart.tsx'
import { Plot } from './plot.tsx'
import { type PlotData, type PlotSpec, WHOLE_STEPS } from './plot-options.ts'
import { SPAN_STEPS, spanText } from './spans.ts'
import {
  boundsOf,
  clippedIn,
  type Figures,
  figuresOf,
  type Summary,
  summaryOf,
  trendOf,
  within,
} from './statistics.ts'

/** Values that a chart's table shows. */
const IN_TABLE = 20
/** More would not be told apart. */
const MAX_BARS = 200
/** Of so many blocks each the trend shows the median, where there are too many. */
const GROUPS = 150

export function BlockCharts({ series }: { series: Series }) {
  const text = useText(chartsText)
  const language = useLanguage()
  const [at, setAt] = useState<number>()
  const figures = useMemo(() => figuresOf(series), [series])
  const charts = useMemo(() => chartsOf(figures), [figures])
  const { indexes } = figures
  const texts = textsFor(language)
  return charts.map(({ name, values, data, kind, summary, beyond, group }) => {
    const { title, column, sentence, note } = text[name]
    const valueText = texts[name]
    const here = at === undefined ? undefined : values[at]
    return (
      <Chart
        key={name}
        title={title}
        sentence={sentence(wordsOf(summary, valueText), countText(summary.count, language))}
        note={[
          note,
          ...(group === undefined ? [] : [text.trend(countText(group, language))]),
          ...(beyond === 0 ? [] : [text.beyond(countText(beyond, language))]),
        ].join(text.betweenSentences)}
        pointed={
          here === undefined
            ? undefined
            : text.pointed(countText(indexes[at ?? 0] ?? 0, language), valueText(here))
        }
        columns={[text.block, column]}
        rows={rowsOf(indexes, values, valueText)}
      >
        {(labelledBy) => (
          <Plot
            spec={specFor(name, kind, valueText)}
            data={data}
            labelledBy={labelledBy}
            onPoint={setAt}
            onPick={(picked) => go(hrefOf('block', indexes[picked]))}
          />
        )}
      </Chart>
    )
  })

  function specFor(
    name: ChartName,
    kind: PlotSpec['kind'],
    yText: (value: number) => string,
  ): PlotSpec {
    return {
      kind,
      isTime: false,
      ...(name === 'intervals' ? { increments: SPAN_STEPS } : {}),
      ...(name === 'counts' ? { increments: WHOLE_STEPS } : {}),
      xText: (index) => countText(index, language),
      yText,
    }
  }
}

type ChartName = 'intervals' | 'counts'

interface BlockChart {
  readonly name: ChartName
  readonly values: readonly number[]
  readonly data: PlotData
  readonly kind: PlotSpec['kind']
  readonly summary: Summary
  /** Values that lie outside of the picture. */
  readonly beyond: number
  /** Blocks of which the trend shows the median; undefined where each value stands for itself. */
  readonly group: number | undefined
}

function chartsOf({ indexes, intervals, counts }: Figures): BlockChart[] {
  const count = indexes.length
  const kind = count <= MAX_BARS ? 'bars' : 'haze'
  const [spans, sums] = [boundsOf(intervals), countBounds(counts)]
  return [
    chart('intervals', intervals, kind, {
      y: within(intervals, spans),
      // A haze has no bars to mark.
      clipped: kind === 'bars' ? clippedIn(intervals, spans) : undefined,
      reference: summaryOf(intervals)?.median,
      ...spans,
    }),
    chart('counts', counts, kind, { y: counts, ...sums }),
  ].filter((made) => made !== undefined)

  function chart(
    name: ChartName,
    values: readonly number[],
    kind: PlotSpec['kind'],
    data: Omit<PlotData, 'x'>,
  ): BlockChart | undefined {
    const summary = summaryOf(values)
    const beyond = name === 'intervals' ? spans.beyond : 0
    const group = kind === 'haze' ? Math.ceil(count / GROUPS) : undefined
    const trend = group === undefined ? undefined : trendOf(data.y, group)
    return (
      summary && {
        name,
        values,
        kind,
        summary,
        beyond,
        group,
        data: { x: indexes, trend, ...data },
      }
    )
  }
}

function countBounds(counts: readonly number[]) {
  return { from: 0, to: Math.max(1, summaryOf(counts)?.largest ?? 1) }
}

function textsFor(language: Language): Record<ChartName, (value: number) => string> {
  return {
    intervals: (value) => spanText(value, language),
    counts: (value) => countText(value, language),
  }
}

function wordsOf({ median, smallest, largest }: Summary, valueText: (value: number) => string) {
  return {
    median: valueText(median),
    smallest: valueText(smallest),
    largest: valueText(largest),
  }
}

function rowsOf(
  indexes: readonly number[],
  values: readonly number[],
  valueText: (value: number) => string,
): Row[] {
  const last = indexes.slice(-IN_TABLE)
  const lastValues = values.slice(-IN_TABLE)
  return last
    .map((index, i) => ({
      key: index,
      name: <a href={hrefOf('block', index)}>{index}</a>,
      value: valueText(lastValues[i] ?? 0),
    }))
    .reverse()
}
