/** The whole chain as one row of cells, with the branches that lost where they left it. */
import { memo, useMemo, useRef } from 'react'
import { hrefOf } from '../../frame/place.ts'
import { useRoom } from '../../parts/use-room.ts'
import { chainText } from '../../text/chain.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import type { PlacedBranch } from './lanes.ts'
import { OVERVIEW_LANES, overviewOf } from './overview.ts'
import './overview.css'

/** A column with its gap, and the height of a cell, in rem. */
const COLUMN = 0.8
const CELL = 0.6

interface ChainOverviewProps {
  /** The chain's. */
  readonly length: number
  readonly branches: readonly PlacedBranch[]
}

/**
 * A picture to point at: whoever does not see it, or has no pointer, has the same in the list below it.
 * Drawn anew when the chain changes, and not at each step of who scrolls.
 */
export const ChainOverview = memo(function ChainOverview({ length, branches }: ChainOverviewProps) {
  const text = useText(chainText)
  const language = useLanguage()
  const frame = useRef<HTMLDivElement>(null)
  const { width, rem } = useRoom(frame)
  const room = Math.floor(width / rem / COLUMN)
  const { columns, lost } = useMemo(
    () => overviewOf(length, branches, room),
    [length, branches, room],
  )
  const lostBlocks = branches.reduce((sum, branch) => sum + branch.length, 0)
  const summary = text.overview(countText(length, language), {
    forks: branches.length,
    blocks: countText(lostBlocks, language),
  })
  const [first] = columns
  const per = first === undefined ? 1 : first.to - first.from + 1

  return (
    <figure className="overview" ref={frame}>
      <figcaption className="small quiet">
        {summary} {per === 1 ? null : text.perCell(countText(per, language))}
      </figcaption>
      <svg
        aria-hidden="true"
        width={columns.length * COLUMN * rem}
        height={(1 + OVERVIEW_LANES) * COLUMN * rem}
        viewBox={`0 0 ${columns.length * COLUMN} ${(1 + OVERVIEW_LANES) * COLUMN}`}
      >
        {columns.map(({ from, to }, i) => (
          <a key={from} href={hrefOf('chain', to)} tabIndex={-1}>
            <rect className="overview-block" x={i * COLUMN} width={CELL} height={CELL}>
              <title>
                {from === to
                  ? text.oneBlock(countText(from, language))
                  : text.fromTo(countText(from, language), countText(to, language))}
              </title>
            </rect>
          </a>
        ))}
        {lost.map(({ column, lane, tip, isFork }) => (
          <a key={`${tip} ${column}`} href={hrefOf('branch', tip)} tabIndex={-1}>
            {isFork ? (
              <line
                className="overview-fork"
                x1={column * COLUMN - (COLUMN - CELL)}
                y1={CELL}
                x2={column * COLUMN}
                y2={(lane + 1) * COLUMN}
              />
            ) : null}
            <rect
              className="overview-lost"
              x={column * COLUMN}
              y={(lane + 1) * COLUMN}
              width={CELL}
              height={CELL}
            />
          </a>
        ))}
      </svg>
    </figure>
  )
})
