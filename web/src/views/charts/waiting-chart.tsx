/** How many transactions waited for a block over the time that this page has been open. */
import { useMemo, useState } from 'react'
import type { Sample } from '../../node/connection.ts'
import { useConnectionPart } from '../../node/use-connection.ts'
import { chartsText } from '../../text/charts.ts'
import { tagOf, useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { Chart } from './chart.tsx'
import { Plot } from './plot.tsx'
import { type PlotData, type PlotSpec, WHOLE_STEPS } from './plot-options.ts'
import { summaryOf } from './statistics.ts'

const IN_TABLE = 20

export function WaitingChart() {
  const text = useText(chartsText)
  const language = useLanguage()
  const samples = useConnectionPart(({ waiting }) => waiting)
  const [at, setAt] = useState<number>()
  const data = useMemo(() => dataOf(samples), [samples])
  const summary = summaryOf(data.y)
  const [first] = samples
  if (summary === undefined || first === undefined) return null
  const here = at === undefined ? undefined : samples[at]
  const spec: PlotSpec = {
    kind: 'steps',
    isTime: true,
    increments: WHOLE_STEPS,
    xText: timeText,
    yText: (value) => countText(value, language),
  }
  const { title, column, sentence, note } = text.waiting
  return (
    <Chart
      title={title}
      sentence={sentence({
        since: timeText(first.atMs / 1000),
        median: countText(summary.median, language),
        smallest: countText(summary.smallest, language),
        largest: countText(summary.largest, language),
        now: countText(samples.at(-1)?.count ?? 0, language),
      })}
      note={note}
      pointed={
        here === undefined
          ? undefined
          : text.pointedTime(timeText(here.atMs / 1000), countText(here.count, language))
      }
      columns={[text.time, column]}
      rows={samples
        .slice(-IN_TABLE)
        .map(({ atMs, count }) => ({
          key: atMs,
          name: timeText(atMs / 1000),
          value: countText(count, language),
        }))
        .reverse()}
    >
      {(labelledBy) => <Plot {...{ spec, data, labelledBy }} onPoint={setAt} />}
    </Chart>
  )

  function timeText(seconds: number): string {
    return new Date(seconds * 1000).toLocaleTimeString(tagOf(language))
  }
}

function dataOf(samples: readonly Sample[]): PlotData {
  const y = samples.map(({ count }) => count)
  return {
    x: samples.map(({ atMs }) => atMs / 1000),
    y,
    from: 0,
    to: Math.max(1, summaryOf(y)?.largest ?? 1),
  }
}
