/** A chart with what belongs to it: heading, sentence, what is pointed at, and its last values. */
import { type ReactNode, useId } from 'react'
import { chartsText } from '../../text/charts.ts'
import { useText } from '../../text/language.ts'

export interface ChartProps {
  readonly title: string
  /** The figures in one sentence. */
  readonly sentence: string
  /** What else is to be known to read the chart rightly. */
  readonly note?: string | undefined
  /** The values at the crosshair; undefined where nothing is pointed at. */
  readonly pointed: ReactNode
  /** How the table's columns are called. */
  readonly columns: readonly [string, string]
  /** The last values, newest first. */
  readonly rows: readonly Row[]
  /** @param labelledBy the id of the sentence, the canvas's alternative */
  readonly children: (labelledBy: string) => ReactNode
}

export interface Row {
  readonly key: number
  readonly name: ReactNode
  readonly value: string
}

export function Chart({ title, sentence, note, pointed, columns, rows, children }: ChartProps) {
  const text = useText(chartsText)
  const id = useId()
  return (
    <section className="chart" aria-labelledby={`${id}-title`}>
      <div className="view-head">
        <h2 id={`${id}-title`}>{title}</h2>
        <p className="chart-pointed number small" aria-hidden="true">
          {pointed}
        </p>
      </div>
      <p id={`${id}-sentence`}>{sentence}</p>
      {children(`${id}-sentence`)}
      {note === undefined ? null : <p className="quiet small lead">{note}</p>}
      <details>
        <summary>{text.asTable}</summary>
        <table className="chart-table">
          <caption className="visually-hidden">{text.lastValues(title)}</caption>
          <thead>
            <tr>
              <th scope="col">{columns[0]}</th>
              <th scope="col">{columns[1]}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, name, value }) => (
              <tr key={key}>
                <td className="number">{name}</td>
                <td className="number">{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  )
}
