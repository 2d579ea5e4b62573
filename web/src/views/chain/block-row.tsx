/** A block as a row of the list: its card, its link to the block below, and the branches beside it. */
import { memo } from 'react'
import { withKeys } from '../../chain/difference.ts'
import type { Card } from '../../chain/reading.ts'
import { hrefOf } from '../../frame/place.ts'
import { Hash } from '../../parts/hash.tsx'
import { PaymentLine } from '../../parts/party.tsx'
import { chainText } from '../../text/chain.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText, momentText } from '../../text/numbers.ts'
import { partsText } from '../../text/parts.ts'
import type { ForkCache } from './fork-cache.ts'
import { LaneCells } from './lane-cells.tsx'
import type { Beside } from './lanes.ts'

/** Between a block and the one below; `none` for a genesis. */
export type Link = 'joined' | 'broken' | 'unknown' | 'none'

interface BlockRowProps {
  readonly index: number
  /** The chain's. */
  readonly length: number
  /** Undefined while it is loaded. */
  readonly card: Card | undefined
  readonly link: Link
  readonly topPx: number
  readonly rowPx: number
  /** Whether it came while one looked. */
  readonly isNew: boolean
  /** Whether the address names it. */
  readonly isHere: boolean
  readonly beside: Beside
  readonly forks: ForkCache
}

export const BlockRow = memo(function BlockRow({
  index,
  length,
  card,
  link,
  topPx,
  rowPx,
  isNew,
  isHere,
  beside,
  forks,
}: BlockRowProps) {
  return (
    <li
      className="chain-row"
      data-index={index}
      aria-setsize={length}
      aria-posinset={length - index + 1}
      aria-current={isHere ? 'true' : undefined}
      // A card's link lies over the card below.
      style={{ top: topPx, height: rowPx, zIndex: index }}
    >
      <div className="chain-cell">
        <div className="chain-card" data-new={isNew} data-here={isHere}>
          {card === undefined ? <Unloaded index={index} /> : <Loaded card={card} link={link} />}
        </div>
      </div>
      {beside.branches.length === 0 && beside.cells.length === 0 ? null : (
        <LaneCells index={index} beside={beside} forks={forks} />
      )}
    </li>
  )
})

function Unloaded({ index }: { index: number }) {
  const parts = useText(partsText)
  const language = useLanguage()
  return (
    <div className="chain-name" aria-busy="true">
      <span className="chain-height number">
        <span className="visually-hidden">{parts.loading} </span>
        {countText(index, language)}
      </span>
    </div>
  )
}

function Loaded({ card, link }: { card: Card; link: Link }) {
  const text = useText(chainText)
  const parts = useText(partsText)
  const language = useLanguage()
  const height = countText(card.index, language)
  const more = card.count - card.payments.length
  return (
    <>
      <div className="chain-name">
        <a className="chain-height number" href={hrefOf('block', card.hash)}>
          <span className="visually-hidden">{parts.block(height)}</span>
          <span aria-hidden="true">{height}</span>
        </a>
        <span className="chain-time quiet small">{momentText(card.timestamp, language)}</span>
        <a className="chain-break small" href={hrefOf('lab', card.index)}>
          {text.breakIt}
          <span className="visually-hidden"> {parts.block(height)}</span>
        </a>
      </div>
      <dl className="chain-facts">
        <div>
          <dt>{text.hash}</dt>
          <dd>
            <Hash hash={card.hash} />
          </dd>
        </div>
        <div className="chain-proof">
          <dt>{text.proof}</dt>
          <dd className="mono number">{card.proof}</dd>
        </div>
        <div className="chain-previous">
          <dt>{text.previousHash}</dt>
          <dd className="chain-link" data-link={link}>
            <Hash hash={card.previousHash} />
            {link === 'none' ? <span className="chain-first quiet"> {text.first}</span> : null}
            {link === 'joined' ? <span className="visually-hidden"> {text.joined}</span> : null}
            {link === 'broken' ? <span className="chain-broken">{text.broken}</span> : null}
          </dd>
        </div>
      </dl>
      <ul className="chain-payments small">
        {withKeys(card.payments).map(({ key, payment }) => (
          <li key={key}>
            <PaymentLine payment={payment} />
          </li>
        ))}
        {more > 0 ? <li className="quiet">{text.more(countText(more, language))}</li> : null}
        {card.count > 1 ? (
          <li className="chain-rest quiet">{text.more(countText(card.count - 1, language))}</li>
        ) : null}
        {card.count === 0 ? <li className="quiet">{text.noPayments}</li> : null}
      </ul>
    </>
  )
}
