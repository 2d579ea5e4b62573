/**
 * The chain's end as a picture: the last blocks, and the pending block that fills with what waits. A block
 * that has just been mined slides to its place.
 */
import { useRef } from 'react'
import { read } from '../../chain/reader.ts'
import type { Card } from '../../chain/reading.ts'
import { hrefOf } from '../../frame/place.ts'
import { PaymentLine } from '../../parts/party.tsx'
import { Loading, Trouble } from '../../parts/states.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { useNowMs } from '../../parts/use-now.ts'
import { useRoom } from '../../parts/use-room.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { nowText } from '../../text/now.ts'
import { agoText, countText } from '../../text/numbers.ts'
import { partsText } from '../../text/parts.ts'
import { PendingBlock } from './pending-block.tsx'

/** At most; as many as there is room for are drawn. */
const SHOWN = 6
/** In rem: a block with the line before it, and the pending block. As in now.css. */
const WIDE = { block: 12, pending: 15.5 }
const NARROW = { block: 10, pending: 10 }
/** Rooms of less than this, in rem, are narrow. */
const WIDE_FROM = 40

interface ChainPictureProps {
  readonly height: number
  readonly tip: string
  readonly waiting: number
}

export function ChainPicture({ height, tip, waiting }: ChainPictureProps) {
  const text = useText(nowText)
  const loaded = useLoaded('latest', tip, (signal) =>
    read('cards', { from: Math.max(1, height - SHOWN + 1), limit: SHOWN }, signal),
  )
  const section = useRef<HTMLElement>(null)
  const { width, rem } = useRoom(section)
  const room = width / rem
  const { block, pending } = room < WIDE_FROM ? NARROW : WIDE
  const fitting = Math.max(1, Math.floor((room - pending) / block))
  const cards = (loaded.value?.cards ?? []).slice(-fitting)
  const first = useRef(height)
  // Blocks that were there when the view was opened do not arrive.
  if (loaded.value === undefined) first.current = height
  const isNew = height > first.current
  return (
    <section className="stack picture-frame" ref={section} aria-labelledby="chain-end">
      <div className="view-head">
        <h2 id="chain-end">{text.latest}</h2>
        <a href={hrefOf('chain')}>{text.all}</a>
      </div>
      {loaded.state === 'failed' ? <Trouble error={loaded.error} retry={loaded.retry} /> : null}
      {loaded.state === 'loading' ? <Loading /> : null}
      {loaded.state === 'loaded' ? (
        <ol
          className="picture"
          key={cards.at(-1)?.hash}
          data-new={isNew}
          data-narrow={room < WIDE_FROM}
        >
          {cards.map((card) => (
            <li key={card.hash} className="picture-place">
              <MinedBlock card={card} isNew={isNew && card.index === height} />
            </li>
          ))}
          <li className="picture-place">
            <PendingBlock index={height + 1} version={`${tip} ${waiting}`} />
          </li>
        </ol>
      ) : null}
    </section>
  )
}

function MinedBlock({ card, isNew }: { card: Card; isNew: boolean }) {
  const text = useText(nowText)
  const parts = useText(partsText)
  const language = useLanguage()
  const nowMs = useNowMs()
  const isGenesis = card.index === 1
  const age = nowMs / 1000 - Number(card.timestamp)
  const [payment] = card.payments
  return (
    <article className="picture-block" data-new={isNew}>
      <h3>
        <a href={hrefOf('block', card.hash)}>{parts.block(countText(card.index, language))}</a>
      </h3>
      <p className="mono small">{card.hash.slice(0, 10)}…</p>
      <p className="small picture-payment">
        {isGenesis ? <span className="quiet">{text.genesis}</span> : null}
        {payment === undefined ? null : <PaymentLine payment={payment} />}
        {card.count > 1 ? (
          <span className="quiet"> +{countText(card.count - 1, language)}</span>
        ) : null}
      </p>
      <p className="small quiet">
        {isGenesis ? text.agreed : Number.isFinite(age) ? agoText(age, language) : card.timestamp}
      </p>
    </article>
  )
}
