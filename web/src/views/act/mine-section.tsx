/** Mines one block, or one after another for as long as the node runs. */

import { type FormEvent, useState } from 'react'
import { MAX_MINING_THREADS } from '../../../../src/core/limits.ts'
import { hrefOf } from '../../frame/place.ts'
import { MinedProof, NodeRush } from '../../jobs/node-rush.tsx'
import { SearchProgress } from '../../jobs/search-progress.tsx'
import { type MineOutcome, useIsOldNews, useMine, useZeros } from '../../jobs/use-mine.ts'
import { change } from '../../node/client.ts'
import { refresh } from '../../node/connection.ts'
import { useConnectionPart } from '../../node/use-connection.ts'
import { announce } from '../../parts/announce.ts'
import { Field } from '../../parts/field.tsx'
import { Hash } from '../../parts/hash.tsx'
import { Loading, Trouble } from '../../parts/states.tsx'
import { useAction } from '../../parts/use-action.ts'
import { Words } from '../../parts/words.tsx'
import { actText } from '../../text/act.ts'
import { textNow, useLanguage, useText } from '../../text/language.ts'
import { countText, durationText, shortNumber } from '../../text/numbers.ts'
import { partsText } from '../../text/parts.ts'

export function MineSection() {
  const text = useText(actText)
  const zeros = useZeros()
  return (
    <>
      {zeros === undefined ? null : (
        <p className="lead">
          <Words>{text.mineWhy(String(zeros))}</Words>
        </p>
      )}
      <div className="columns">
        <MineOne zeros={zeros} />
        <MineMany />
      </div>
    </>
  )
}

function MineOne({ zeros }: { zeros: number | undefined }) {
  const text = useText(actText)
  const parts = useText(partsText)
  const language = useLanguage()
  const { action, sample } = useMine((outcome) => {
    const said = textNow(actText)
    announce(
      outcome.type === 'mined'
        ? said.mined(countText(outcome.block.index, language))
        : said.mineGivenUp,
    )
    return outcome
  })
  const isOld = useIsOldNews(action.result)
  return (
    <div className="stack">
      <h3>{text.mineOne}</h3>
      <div className="row">
        <button
          type="button"
          className="button button-main"
          disabled={action.isRunning}
          onClick={() => action.run()}
        >
          {text.mineGo}
        </button>
        {action.isRunning ? (
          <button type="button" className="button" onClick={action.cancel}>
            {parts.cancel}
          </button>
        ) : null}
      </div>
      {action.isRunning ? (
        <>
          <NodeRush />
          <SearchProgress sample={sample} zeros={zeros} />
        </>
      ) : null}
      {action.error === undefined ? null : <Trouble error={action.error} />}
      {action.result === undefined || isOld ? null : <Ended outcome={action.result} />}
    </div>
  )
}

function Ended({ outcome }: { outcome: MineOutcome }) {
  const text = useText(actText)
  const language = useLanguage()
  if (outcome.type === 'given-up') return <p>{text.mineGivenUp}</p>
  const { block, seconds } = outcome
  return (
    <div className="said stack">
      <p>{text.mined(countText(block.index, language))}</p>
      <MinedProof block={block} />
      <dl className="facts">
        <dt>{text.hash}</dt>
        <dd>
          <a href={hrefOf('block', block.hash)}>
            <Hash hash={block.hash} />
          </a>
        </dd>
        <dt>{text.tries}</dt>
        <dd>
          {text.triesOfProof(countText(block.tries, language), countText(block.proof, language))}
        </dd>
        <dt>{text.took}</dt>
        <dd>{durationText(seconds, language)}</dd>
      </dl>
    </div>
  )
}

const WHOLE = /^[1-9]\d*$/

function MineMany() {
  const text = useText(actText)
  const language = useLanguage()
  const mining = useConnectionPart((connection) => connection.mining)
  const [typed, setTyped] = useState<string>()
  const setting = useAction(async (_signal, wanted: { on: boolean; threads?: number }) => {
    await change((node) => node.setMining(wanted))
    refresh()
    const said = textNow(actText)
    announce(wanted.on ? said.isOn(String(threads), threads === 1) : said.isOff)
  })
  if (mining === undefined) return <Loading />
  const shown = typed ?? String(mining.threads)
  const threads = WHOLE.test(shown) ? Number(shown) : 0
  const isGood = threads >= 1 && threads <= MAX_MINING_THREADS
  const hint = text.threadsHint(countText(MAX_MINING_THREADS, language))
  const isOther = threads !== mining.threads

  function submit(event: FormEvent): void {
    event.preventDefault()
    if (isGood) setting.run({ on: true, threads })
  }

  return (
    <div className="stack">
      <h3>{text.many}</h3>
      <p className="quiet">{text.manyWhy}</p>
      <form className="row many-form" onSubmit={submit}>
        <Field
          label={text.threads}
          value={shown}
          onChange={setTyped}
          inputMode="numeric"
          hint={hint}
          error={isGood ? undefined : hint}
        />
        <button
          type="submit"
          className={mining.on ? 'button' : 'button button-main'}
          disabled={setting.isRunning || !isGood || (mining.on && !isOther)}
        >
          {mining.on ? text.change : text.start}
        </button>
        <button
          type="button"
          className={mining.on ? 'button button-main' : 'button'}
          disabled={setting.isRunning || !mining.on}
          onClick={() => setting.run({ on: false })}
        >
          {text.stop}
        </button>
      </form>
      {setting.error === undefined ? null : <Trouble error={setting.error} />}
      <p className={mining.on ? 'said' : 'quiet'}>
        {mining.on
          ? text.isOn(countText(mining.threads, language), mining.threads === 1)
          : text.isOff}
      </p>
      <dl className="facts">
        <dt>{text.found}</dt>
        <dd>
          <strong className="number">{countText(mining.found, language)}</strong>{' '}
          <span className="quiet small">{text.foundHint}</span>
        </dd>
        <dt>{text.rate}</dt>
        <dd className="number">
          {mining.rate === 0 || !mining.on
            ? '–'
            : text.perSecond(shortNumber(mining.rate, language))}
        </dd>
      </dl>
    </div>
  )
}
