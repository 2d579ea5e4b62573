/** The last blocks of the chain, newest first; one that has just come is seen to come. */
import { useEffect, useRef } from 'react'
import { read } from '../../chain/reader.ts'
import type { Card } from '../../chain/reading.ts'
import { hrefOf } from '../../frame/place.ts'
import { Hash } from '../../parts/hash.tsx'
import { PaymentLine } from '../../parts/party.tsx'
import { Loading, Trouble } from '../../parts/states.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { nowText } from '../../text/now.ts'
import { countText, momentText } from '../../text/numbers.ts'
import { partsText } from '../../text/parts.ts'

const SHOWN = 5

export function LatestBlocks({ height, tip }: { height: number; tip: string }) {
  const text = useText(nowText)
  const loaded = useLoaded('latest', tip, (signal) =>
    read('cards', { from: Math.max(1, height - SHOWN + 1), limit: SHOWN }, signal),
  )
  const first = useRef(height)
  useEffect(() => {
    // Blocks that were there when the view was opened do not arrive.
    if (loaded.value === undefined) first.current = height
  }, [loaded.value, height])
  return (
    <section className="stack" aria-labelledby="latest-blocks">
      <div className="view-head">
        <h2 id="latest-blocks">{text.latest}</h2>
        <a href={hrefOf('chain')}>{text.all}</a>
      </div>
      {loaded.state === 'loading' ? <Loading /> : null}
      {loaded.state === 'failed' ? <Trouble error={loaded.error} retry={loaded.retry} /> : null}
      {loaded.state === 'loaded' ? (
        <ol className="latest">
          {loaded.value.cards.toReversed().map((card) => (
            <LatestBlock key={card.hash} card={card} isNew={card.index > first.current} />
          ))}
        </ol>
      ) : null}
      {height === 1 ? (
        <p className="row">
          {text.alone} <a href={hrefOf('act')}>{text.act}</a>{' '}
          <a href={hrefOf('tour')}>{text.tour}</a>
        </p>
      ) : null}
    </section>
  )
}

function LatestBlock({ card, isNew }: { card: Card; isNew: boolean }) {
  const parts = useText(partsText)
  const language = useLanguage()
  const [payment] = card.payments
  return (
    <li className="latest-block" data-new={isNew}>
      <a className="latest-index number" href={hrefOf('block', card.hash)}>
        <span className="visually-hidden">{parts.block(countText(card.index, language))}</span>
        <span aria-hidden="true">{countText(card.index, language)}</span>
      </a>
      <Hash hash={card.hash} />
      <span className="latest-payment">
        {payment === undefined ? null : <PaymentLine payment={payment} />}
        {card.count > 1 ? (
          <span className="quiet"> +{countText(card.count - 1, language)}</span>
        ) : null}
      </span>
      <span className="quiet small latest-time">{momentText(card.timestamp, language)}</span>
    </li>
  )
}
