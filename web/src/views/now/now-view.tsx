/** The node at a glance, live: the end of its chain as a picture, mining, and its figures. */
import type { ReactNode } from 'react'
import { NodeUnreachable } from '../../../../src/api/client/client.ts'
import { hrefOf } from '../../frame/place.ts'
import type { Connection } from '../../node/connection.ts'
import { useConnection } from '../../node/use-connection.ts'
import { Hash } from '../../parts/hash.tsx'
import { Loading, Trouble } from '../../parts/states.tsx'
import { useNowMs } from '../../parts/use-now.ts'
import { viewNames } from '../../text/frame.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { nowText } from '../../text/now.ts'
import { agoText, countText, shortNumber } from '../../text/numbers.ts'
import { ChainPicture } from './chain-picture.tsx'
import { MineHere } from './mine-here.tsx'
import './now.css'

export function NowView() {
  const connection = useConnection()
  const names = useText(viewNames)
  return (
    <div className="view">
      <h1 className="visually-hidden">{names.now}</h1>
      {connection.info === undefined ? (
        <NothingYet isUnreachable={connection.status === 'unreachable'} />
      ) : (
        <>
          <ChainPicture
            height={connection.info.height}
            tip={connection.info.tip.hash}
            waiting={connection.info.currentTransactions}
          />
          <MineHere />
          {connection.info.height < LEARNT ? <FirstSteps /> : null}
          <Figures connection={connection} info={connection.info} />
          <About info={connection.info} />
        </>
      )}
    </div>
  )
}

/** Somebody whose chain has this many blocks has found the way. */
const LEARNT = 6

/** Where to begin, for somebody who has never seen a chain. */
function FirstSteps() {
  const names = useText(viewNames)
  const text = useText(nowText)
  return (
    <nav className="first-steps stack" aria-labelledby="first-steps">
      <h2 id="first-steps">{text.firstSteps}</h2>
      <ol>
        {STEPS.map((view) => (
          <li key={view}>
            <a href={hrefOf(view)}>{names[view]}</a>{' '}
            <span className="quiet">{text.steps[view]}</span>
          </li>
        ))}
      </ol>
    </nav>
  )
}

const STEPS = ['hash', 'proof', 'lab', 'tour'] as const

function NothingYet({ isUnreachable }: { isUnreachable: boolean }) {
  return isUnreachable ? <Trouble error={new NodeUnreachable(location.origin)} /> : <Loading />
}

type Info = NonNullable<Connection['info']>

function Figures({ connection, info }: { connection: Connection; info: Info }) {
  const text = useText(nowText)
  const language = useLanguage()
  const nowMs = useNowMs()
  const { mining, hashRate, nodes, status } = connection
  const age = nowMs / 1000 - Number(info.tip.timestamp)
  return (
    <dl className="figures" data-stale={status !== 'live' && status !== 'connecting'}>
      <Figure label={text.height} key={`height-${info.height}`} isFresh={age < 3}>
        <a href={hrefOf('chain', info.height)}>{countText(info.height, language)}</a>
        <small>{text.blocks(info.height === 1)}</small>
      </Figure>
      <Figure label={text.sinceTip}>
        {sinceTip()}
        <small>
          <a href={hrefOf('block', info.tip.hash)}>
            {info.height === 1 ? text.onlyGenesis : <Hash hash={info.tip.hash} />}
          </a>
        </small>
      </Figure>
      <Figure label={text.waiting}>
        <a href={hrefOf('act')}>{countText(info.currentTransactions, language)}</a>
        <small>{text.waitingHint}</small>
      </Figure>
      <Figure label={text.nodes}>
        <a href={hrefOf('network')}>{nodes === undefined ? '–' : countText(nodes, language)}</a>
        <small>{text.nodesHint}</small>
      </Figure>
      <Figure label={text.rate}>
        {hashRate === 0 ? '–' : shortNumber(hashRate, language)}
        <small>{rateHint()}</small>
      </Figure>
    </dl>
  )

  /** A genesis was not mined, and its time is no news. */
  function sinceTip(): string {
    if (info.height === 1) return '–'
    return Number.isFinite(age) ? agoText(age, language) : info.tip.timestamp
  }

  function rateHint(): string {
    if (mining === undefined || (hashRate === 0 && !mining.on)) return text.idle
    return mining.on ? text.mining(countText(mining.threads, language)) : text.rateUnit
  }
}

function Figure({
  label,
  isFresh = false,
  children,
}: {
  label: string
  isFresh?: boolean
  children: ReactNode
}) {
  return (
    <div className="figure-cell" data-fresh={isFresh}>
      <dt className="label">{label}</dt>
      <dd className="figure">{children}</dd>
    </div>
  )
}

function About({ info }: { info: Info }) {
  const text = useText(nowText)
  return (
    <section className="stack" aria-labelledby="about-node">
      <h2 id="about-node">{text.node}</h2>
      <dl className="facts">
        <dt>{text.id}</dt>
        <dd>
          <Hash hash={info.id} isWhole />
        </dd>
        <dt>{text.chain}</dt>
        <dd>
          <bdi>{info.chain}</bdi>
        </dd>
        <dt>{text.tip}</dt>
        <dd>
          <Hash hash={info.tip.hash} isWhole />
        </dd>
        <dt>{text.version}</dt>
        <dd>{info.version}</dd>
      </dl>
    </section>
  )
}
