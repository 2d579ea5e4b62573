/** The chain in charts, over its last blocks: intervals and transactions; and what waits now. */

import { NodeUnreachable } from '../../../../src/api/client/client.ts'
import { hrefOf, type Place } from '../../frame/place.ts'
import { useConnectionPart } from '../../node/use-connection.ts'
import { Empty, Loading, Trouble } from '../../parts/states.tsx'
import { Words } from '../../parts/words.tsx'
import { chartsText } from '../../text/charts.ts'
import { viewNames } from '../../text/frame.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { BlockCharts } from './block-charts.tsx'
import { countIn, MAX_BLOCKS, RANGES, type Range, rangeOf } from './ranges.ts'
import { LostBlocks, MinerShares } from './share-bars.tsx'
import { useSeries } from './use-series.ts'
import { WaitingChart } from './waiting-chart.tsx'
import './charts.css'

export function ChartsView({ place }: { place: Place }) {
  const names = useText(viewNames)
  const text = useText(chartsText)
  const range = rangeOf(place.query.last)
  const height = useConnectionPart(({ info }) => info?.height)
  const status = useConnectionPart((connection) => connection.status)
  return (
    <div className="view">
      <div className="stack">
        <h1>{names.charts}</h1>
        <p className="lead">
          <Words>{text.lead}</Words>
        </p>
        <Ranges range={range} />
        {range === 'all' && height !== undefined && height > MAX_BLOCKS ? (
          <p className="quiet small">{text.bounded}</p>
        ) : null}
      </div>
      {height === undefined && status === 'unreachable' ? (
        <Trouble error={new NodeUnreachable(location.origin)} />
      ) : (
        <Blocks range={range} height={height} />
      )}
      <WaitingChart />
    </div>
  )
}

function Ranges({ range }: { range: Range }) {
  const text = useText(chartsText)
  const language = useLanguage()
  return (
    <nav aria-label={text.ranges}>
      <ul className="row chart-ranges">
        {RANGES.map((each) => (
          <li key={each}>
            <a
              href={hrefOf('charts', '', { last: each })}
              aria-current={each === range ? 'true' : undefined}
            >
              {each === 'all' ? text.all : text.last(countText(countIn(each), language))}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

function Blocks({ range, height }: { range: Range; height: number | undefined }) {
  const text = useText(chartsText)
  const { series, wanted, isComplete, error, retry } = useSeries(range)
  const read = Math.max(0, series.indexes.length - 1)
  if (height === 1) {
    return (
      <Empty>
        {text.onlyGenesis} <a href={hrefOf('act')}>{text.act}</a>{' '}
        <a href={hrefOf('tour')}>{text.tour}</a>
      </Empty>
    )
  }
  return (
    <>
      {error === undefined ? null : <Trouble error={error} retry={retry} />}
      {isComplete || read === 0 ? null : <Progress read={read} wanted={wanted} />}
      {read === 0 ? (
        error === undefined && <Loading />
      ) : (
        <>
          <BlockCharts series={series} />
          <MinerShares miners={series.miners.slice(1)} />
          <LostBlocks />
        </>
      )}
    </>
  )
}

function Progress({ read, wanted }: { read: number; wanted: number }) {
  const text = useText(chartsText)
  const language = useLanguage()
  const said = text.reading(countText(read, language), countText(wanted, language))
  return (
    <p className="row quiet small">
      <progress className="chart-progress" aria-label={said} value={read} max={wanted} />
      {said}
    </p>
  )
}
