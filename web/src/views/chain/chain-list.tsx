/** The list of all blocks: rows where one looks, and nothing but its height where one does not. */
import { useRef } from 'react'
import { hrefOf, type Place } from '../../frame/place.ts'
import { useConnectionPart } from '../../node/use-connection.ts'
import { Trouble } from '../../parts/states.tsx'
import { useRoom } from '../../parts/use-room.ts'
import { chainText } from '../../text/chain.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { BlockRow, type Link } from './block-row.tsx'
import type { CardCache } from './card-cache.ts'
import { ChainOverview } from './chain-overview.tsx'
import { besideBlock, isNarrowBeside, lanesIn } from './lanes.ts'
import { placeOfRow, rowsOf } from './rows.ts'
import { heightIn } from './search.ts'
import { Toolbar } from './toolbar.tsx'
import { useBranchesNear, useCards, useForks } from './use-cards.ts'
import { useBaseline, useDrawnRows } from './use-drawn-rows.ts'
import { useGoing } from './use-going.ts'
import { useLostBranches } from './use-lost-branches.ts'
import { usePlaceInList } from './use-place-in-list.ts'
import type { RowSize } from './use-row-size.ts'

interface ChainListProps {
  readonly place: Place
  readonly length: number
  readonly size: RowSize
}

export function ChainList({ place, length, size }: ChainListProps) {
  const text = useText(chainText)
  const language = useLanguage()
  const rewrites = useConnectionPart((connection) => connection.rewrites)
  const toolbar = useRef<HTMLDivElement>(null)
  const rows = usePlaceInList(length, size, toolbar)
  const { list, segment, range, unseen } = rows
  const at = { length, rewrites }
  const cards = useCards(range, at)
  const lost = useLostBranches(rewrites)
  const near = useBranchesNear(lost.branches, range)
  const forks = useForks(near, at)
  const drawn = useDrawnRows(rows)
  const baseline = useBaseline(rows)
  const again = useGoing(place, rows, length)
  const here = heightIn(place.what, length)
  const lanes = lanesIn(lost.branches)
  const isNarrow = isNarrowBeside(lanes, useRoom(list))

  return (
    <div className="chain" data-lanes={lanes} data-narrow={isNarrow}>
      <Toolbar bar={toolbar} length={length} start="" onAgain={again}>
        {unseen > 0 ? (
          <button type="button" className="button button-main chain-unseen" onClick={rows.goToEnd}>
            {text.unseen(countText(unseen, language), unseen === 1)}
          </button>
        ) : null}
      </Toolbar>
      <ChainOverview length={length} branches={lost.branches} />
      {place.what !== '' && here === undefined ? (
        <p className="said">{text.noHeight(place.what, countText(length, language))}</p>
      ) : null}
      {cards.error === undefined ? null : (
        <Trouble error={cards.error} retry={() => cards.retry()} />
      )}
      {lost.error === undefined ? null : <Trouble error={lost.error} retry={lost.retry} />}
      {segment.newest < length && !rows.isEnd ? (
        <a className="chain-segment" href={hrefOf('chain', segment.newest + 1)}>
          {text.newer(countText(segment.newest + 1, language), countText(length, language))}
        </a>
      ) : null}
      <ol
        className="chain-rows"
        ref={list}
        aria-label={text.blocks}
        style={{ height: rowsOf(segment) * size.rowPx }}
        {...drawn.listeners}
      >
        {drawn.indexes.map((index) => (
          <BlockRow
            key={index}
            index={index}
            length={length}
            card={cards.card(index)}
            link={linkBelow(cards, index)}
            topPx={placeOfRow(segment, index, size.rowPx)}
            rowPx={size.rowPx}
            isNew={index > baseline}
            isHere={index === here}
            beside={besideBlock(near, index)}
            forks={forks}
          />
        ))}
      </ol>
      {segment.oldest > 1 ? (
        <a className="chain-segment" href={hrefOf('chain', segment.oldest - 1)}>
          {text.older(countText(segment.oldest - 1, language))}
        </a>
      ) : null}
    </div>
  )
}

/** Whether a block's `previous_hash` is the hash of the block below: compared, not assumed. */
function linkBelow(cards: CardCache, index: number): Link {
  if (index === 1) return 'none'
  const previousHash = cards.card(index)?.previousHash
  const hash = cards.card(index - 1)?.hash
  if (previousHash === undefined || hash === undefined) return 'unknown'
  return previousHash === hash ? 'joined' : 'broken'
}
