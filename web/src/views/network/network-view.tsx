/** The network as this node sees it: a picture, a table, and the list of nodes that it asks. */

import { useEffect, useRef, useState } from 'react'
import { hrefOf } from '../../frame/place.ts'
import { type Picture, pictureOf } from '../../jobs/surveyed.ts'
import type { Survey, Surveyor } from '../../jobs/surveyor.ts'
import { useSurvey } from '../../jobs/use-survey.ts'
import { change } from '../../node/client.ts'
import { refresh } from '../../node/connection.ts'
import { announce } from '../../parts/announce.ts'
import { Trouble } from '../../parts/states.tsx'
import { useAction } from '../../parts/use-action.ts'
import { useNowMs } from '../../parts/use-now.ts'
import { Words } from '../../parts/words.tsx'
import { viewNames } from '../../text/frame.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { networkText } from '../../text/network.ts'
import { agoText } from '../../text/numbers.ts'
import { AddNodes } from './add-nodes.tsx'
import { Alone } from './alone.tsx'
import { NetworkPicture } from './network-picture.tsx'
import { NodesTable } from './nodes-table.tsx'
import { Strips } from './strips.tsx'
import { summaryOf } from './words.ts'
import './network.css'

/** This node's address, as this page reached it. */
const ADDRESS = location.host

export function NetworkView() {
  const names = useText(viewNames)
  const text = useText(networkText)
  const { survey, surveyor } = useSurvey()
  const picture = survey.answer === undefined ? undefined : pictureOf(survey.answer)
  const registered = (picture?.nodes ?? []).filter(({ isRegistered }) => isRegistered)

  /** The node's list of nodes is another now. */
  function changed() {
    surveyor.changed()
    refresh()
  }

  return (
    <div className="view">
      <div className="stack">
        <h1>{names.network}</h1>
        <p className="lead">
          <Words>{text.lead}</Words>
        </p>
        <Freshness survey={survey} ask={surveyor.ask} />
      </div>
      {survey.error === undefined ? null : <Trouble error={survey.error} retry={surveyor.ask} />}
      {picture === undefined ? null : (
        <Known picture={picture} atMs={survey.atMs ?? 0} surveyor={surveyor} onChanged={changed} />
      )}
      <AddNodes known={new Set(registered.map(({ node }) => node))} onAdded={changed} />
    </div>
  )
}

/** How old the picture is, and asking anew. */
function Freshness({ survey, ask }: { survey: Survey; ask: () => void }) {
  const text = useText(networkText)
  const language = useLanguage()
  const nowMs = useNowMs()
  const { isAsking, atMs } = survey
  return (
    <p className="row network-freshness">
      <button type="button" className="button" disabled={isAsking} onClick={ask}>
        {text.refresh}
      </button>
      <span className="quiet small">
        {isAsking ? <span className="spinner" aria-hidden="true" /> : null}{' '}
        {isAsking ? text.asking : asOf()}
      </span>
    </p>
  )

  function asOf(): string {
    return atMs === undefined ? '' : text.asOf(agoText((nowMs - atMs) / 1000, language))
  }
}

interface KnownProps {
  readonly picture: Picture
  /** When the nodes were asked, in milliseconds since 1970. */
  readonly atMs: number
  readonly surveyor: Surveyor
  readonly onChanged: () => void
}

/** The picture and the table, which point at the same node together. */
function Known({ picture, atMs, surveyor, onChanged }: KnownProps) {
  const text = useText(networkText)
  const language = useLanguage()
  const [pointed, point] = useState<string>()
  const removal = useAction(async (_signal, address: string) => {
    await change((client) => client.removeNode(address))
    announce(text.removed(address))
    surveyor.removed(address)
    refresh()
    return address
  })
  const again = useAction(async (_signal, address: string) => {
    await change((client) => client.register([address]))
    removal.clear()
    onChanged()
  })
  const isAlone = picture.nodes.every(({ agreement }) => agreement === 'self')
  const hasLonger = picture.nodes.some(({ agreement }) => agreement === 'longer')
  return (
    <>
      {isAlone ? null : <Strips picture={picture} version={atMs} />}
      {isAlone ? (
        <Alone address={ADDRESS} />
      ) : (
        <section className="stack" aria-labelledby="network-picture">
          <h2 id="network-picture">{text.picture}</h2>
          <p>
            {summaryOf(picture, text, language)}{' '}
            {hasLonger ? <a href={hrefOf('act')}>{text.resolve}</a> : null}
          </p>
          <NetworkPicture {...{ picture, pointed }} address={ADDRESS} onPoint={point} />
        </section>
      )}
      <section className="stack" aria-labelledby="every-node">
        <h2 id="every-node">{text.table}</h2>
        {removal.result === undefined ? null : (
          <Removed address={removal.result} addAgain={again.run} isBusy={again.isRunning} />
        )}
        {[removal.error, again.error].map((error, i) =>
          error === undefined ? null : (
            <Trouble key={i === 0 ? 'removal' : 'again'} error={error} />
          ),
        )}
        <NodesTable
          {...{ picture, pointed }}
          address={ADDRESS}
          onPoint={point}
          onRemove={removal.run}
          isBusy={removal.isRunning || again.isRunning}
        />
      </section>
    </>
  )
}

/** What was removed, and the way back. It takes the focus of the button that is gone with its row. */
function Removed({
  address,
  addAgain,
  isBusy,
}: {
  address: string
  addAgain: (address: string) => void
  isBusy: boolean
}) {
  const text = useText(networkText)
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => button.current?.focus({ preventScroll: true }), [])
  return (
    <p className="said row">
      <bdi>{text.removed(address)}</bdi>
      <button
        type="button"
        className="button button-small"
        ref={button}
        disabled={isBusy}
        onClick={() => addAgain(address)}
      >
        {text.addAgain}
      </button>
    </p>
  )
}
