/** A block, opened: its fields, its transactions, and why its hash and its proof are what they are. */

import { useEffect, useRef } from 'react'
import { read } from '../../chain/reader.ts'
import type { OpenedBlock } from '../../chain/reading.ts'
import { hrefOf, type Place } from '../../frame/place.ts'
import { useConnectionPart } from '../../node/use-connection.ts'
import { announce } from '../../parts/announce.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { Hash } from '../../parts/hash.tsx'
import { RuleList } from '../../parts/rule-list.tsx'
import { Loading, Trouble } from '../../parts/states.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { Words } from '../../parts/words.tsx'
import { blockText } from '../../text/block.ts'
import { viewNames } from '../../text/frame.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText, momentText } from '../../text/numbers.ts'
import { partsText } from '../../text/parts.ts'
import { Hashing } from './hashing.tsx'
import { Proof } from './proof.tsx'
import { Transactions } from './transactions.tsx'
import './block.css'

export function BlockView({ place }: { place: Place }) {
  const names = useText(viewNames)
  const tip = useConnectionPart(({ info }) => info?.tip.hash)
  const which = place.what === '' ? tip : place.what
  if (which !== undefined) return <Which which={which} />
  return (
    <div className="view">
      <h1>{names.block}</h1>
      <Loading />
    </div>
  )
}

function Which({ which }: { which: string }) {
  const names = useText(viewNames)
  const parts = useText(partsText)
  const rewrites = useConnectionPart((connection) => connection.rewrites)
  const loaded = useLoaded(which, rewrites, (signal) => read('block', { which }, signal))
  const before = useRef<OpenedBlock>(undefined)
  const { state, value } = loaded
  useEffect(() => {
    if (value === undefined) return
    if (before.current !== undefined && before.current.card.hash !== value.card.hash) {
      announce(parts.block(String(value.card.index)))
    }
    before.current = value
  }, [value, parts])
  // From block to block the page does not blink, and the link that leads on keeps its place.
  const opened = state === 'loading' ? before.current : value
  if (opened !== undefined) return <Opened key={opened.card.hash} opened={opened} />
  return (
    <div className="view">
      <h1>{names.block}</h1>
      {state === 'failed' ? <Trouble error={loaded.error} retry={loaded.retry} /> : <Loading />}
    </div>
  )
}

function Opened({ opened }: { opened: OpenedBlock }) {
  const text = useText(blockText)
  const parts = useText(partsText)
  const language = useLanguage()
  const { card, isActive, failure } = opened
  return (
    <article className="view">
      <header className="stack">
        <Neighbours opened={opened} />
        <div className="row">
          <h1>{parts.block(countText(card.index, language))}</h1>
          <span className={isActive ? 'chip chip-accent' : 'chip chip-fault'}>
            {isActive ? text.active : text.lost}
          </span>
          {isActive ? (
            <a className="button button-small" href={hrefOf('lab', card.index)}>
              {text.breakIt}
            </a>
          ) : null}
        </div>
        {isActive ? null : (
          <p className="lead">
            <Words>{text.lostWhy}</Words>
          </p>
        )}
        <Facts opened={opened} />
      </header>
      <Transactions payments={opened.payments} />
      <Hashing opened={opened} />
      <Proof proof={opened.proof} />
      <section className="stack" aria-labelledby="block-rules">
        <h2 id="block-rules">{failure === undefined ? text.rules : text.rulesFailed}</h2>
        <RuleList checks={opened.checks} failure={failure} />
      </section>
    </article>
  )
}

function Neighbours({ opened: { card, isActive, proof } }: { opened: OpenedBlock }) {
  const text = useText(blockText)
  const language = useLanguage()
  const height = useConnectionPart(({ info }) => info?.height ?? 0)
  const isFollowed = isActive && card.index < height
  return (
    <nav className="neighbours" aria-label={text.neighbours}>
      {proof === undefined ? null : (
        <a href={hrefOf('block', card.previousHash)}>
          {text.before(countText(card.index - 1, language))}
        </a>
      )}
      {isFollowed ? (
        <a className="neighbours-after" href={hrefOf('block', card.index + 1)}>
          {text.after(countText(card.index + 1, language))}
        </a>
      ) : null}
    </nav>
  )
}

function Facts({ opened: { card, proof } }: { opened: OpenedBlock }) {
  const text = useText(blockText)
  const language = useLanguage()
  return (
    <dl className="facts">
      <dt>{text.hash}</dt>
      <dd className="row">
        <Hash hash={card.hash} isWhole />
        <CopyButton text={card.hash} what={text.hash} />
      </dd>
      <dt>{text.previous}</dt>
      <dd>
        {proof === undefined ? (
          <>
            <code>{card.previousHash}</code> <span className="quiet">{text.noPrevious}</span>
          </>
        ) : (
          <a href={hrefOf('block', card.previousHash)}>
            <Hash hash={card.previousHash} isWhole />
          </a>
        )}
      </dd>
      <dt>{text.timestamp}</dt>
      <dd>
        <code>{card.timestamp}</code>{' '}
        <span className="quiet">{momentText(card.timestamp, language)}</span>
      </dd>
      <dt>{text.proof}</dt>
      <dd>
        <code>{card.proof}</code>
      </dd>
      <dt>{text.size}</dt>
      <dd className="number">{text.bytes(countText(card.sizeBytes, language))}</dd>
    </dl>
  )
}
