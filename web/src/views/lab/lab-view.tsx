/** "Break it": a copy of a part of the chain, the sample, or what has been edited before. */

import { type FormEvent, useEffect, useState } from 'react'
import { hrefOf, type Place } from '../../frame/place.ts'
import { go } from '../../frame/use-place.ts'
import { client } from '../../node/client.ts'
import { currentConnection } from '../../node/connection.ts'
import { useConnectionPart } from '../../node/use-connection.ts'
import { Loading, Trouble } from '../../parts/states.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { Words } from '../../parts/words.tsx'
import { viewNames } from '../../text/frame.ts'
import { labText } from '../../text/lab.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { sampleText } from '../../text/sample.ts'
import { Bench } from './bench.tsx'
import { Kept } from './kept.tsx'
import { SAMPLE } from './sample.ts'
import { Sample, SampleChoice } from './sample-view.tsx'
import { takeCopy } from './take-copy.ts'
import {
  clearWorkbench,
  currentWorkbench,
  isTouched,
  layOut,
  open,
  useWorkbench,
  type Workbench,
} from './workbench.ts'
import './lab.css'

/** Where nobody says from where on: so many blocks before the tip. */
const BEFORE_TIP = 4
/** Chains of fewer blocks are too short to see much break. */
const SHORT = 5
const INDEX = /^[1-9]\d{0,14}$/

export function LabView({ place }: { place: Place }) {
  const names = useText(viewNames)
  const text = useText(labText)
  const sample = useText(sampleText)
  const isSample = place.what === SAMPLE
  return (
    <div className="view">
      <header className="stack">
        <div className="view-head">
          <h1>{names.lab}</h1>
          {isSample ? (
            <SampleChoice place={place} />
          ) : (
            <ChooseFrom key={place.what} from={place.what} />
          )}
        </div>
        <p className={isSample ? undefined : 'lead'}>
          <Words>{isSample ? sample.invitation : text.lead}</Words>
        </p>
      </header>
      <Subject place={place} />
    </div>
  )
}

/** What the address names: the sample, a part of the chain by its first block, or the end of it. */
function Subject({ place }: { place: Place }) {
  const text = useText(labText)
  const sample = useText(sampleText)
  const height = useConnectionPart(({ info }) => info?.height)
  const { what } = place
  const isWithoutBlocks = what === '' && height === 1 && !isBenchTouched()
  useEffect(() => {
    // Nothing but a genesis: there is nothing to break but the sample.
    if (isWithoutBlocks) go(hrefOf('lab', SAMPLE), { replace: true, from: place })
  }, [isWithoutBlocks, place])
  if (what === SAMPLE) return <Sample place={place} />
  if (what !== '' && !INDEX.test(what)) return <Nowhere said={text.noNumber} />
  if (height === undefined || isWithoutBlocks) return <Loading />
  return (
    <>
      {height < SHORT ? (
        <p>
          {sample.isShort} <a href={hrefOf('lab', SAMPLE)}>{sample.toSample}</a>
        </p>
      ) : null}
      <From wanted={what === '' ? undefined : Number(what)} />
    </>
  )
}

function isBenchTouched(): boolean {
  const bench = currentWorkbench()
  return bench !== undefined && isTouched(bench)
}

/** Another part of the chain, by the height of its first block. */
function ChooseFrom({ from }: { from: string }) {
  const text = useText(labText)
  const [chosen, setChosen] = useState(from)
  const isIndex = INDEX.test(chosen)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isIndex) go(hrefOf('lab', chosen))
  }
  return (
    <form className="row lab-from" onSubmit={submit}>
      <label className="row label">
        {text.copyFrom}
        <input
          className="input"
          inputMode="numeric"
          autoComplete="off"
          value={chosen}
          onChange={({ target }) => setChosen(target.value)}
        />
      </label>
      <button type="submit" className="button" disabled={!isIndex}>
        {text.copyGo}
      </button>
    </form>
  )
}

type Begun = 'ready' | 'kept-elsewhere' | 'no-block'

function From({ wanted }: { wanted: number | undefined }) {
  const bench = useWorkbench()
  const language = useLanguage()
  const text = useText(labText)
  const height = useConnectionPart(({ info }) => info?.height ?? 0)
  const begun = useLoaded(`${wanted}`, '', (signal) => begin(wanted, signal))
  if (begun.state === 'loading') return <Loading />
  if (begun.state === 'failed') return <Trouble error={begun.error} retry={begun.retry} />
  if (begun.value === 'no-block') {
    const shown = countText(wanted ?? 0, language)
    return <Nowhere said={text.noBlock(shown, countText(height, language))} />
  }
  if (bench === undefined) return <Loading />
  const takeAnew = () => {
    clearWorkbench()
    begun.retry()
  }
  if (begun.value === 'ready') return <Bench bench={bench} takeAnew={takeAnew} />
  const to = text.keptNew(countText(wanted ?? 1, language))
  return <Kept bench={bench} instead={to} giveUp={takeAnew} />
}

/** Sees to it that there is something on the workbench. */
async function begin(wanted: number | undefined, signal: AbortSignal): Promise<Begun> {
  const kept = currentWorkbench()
  if (kept !== undefined && isTouched(kept)) {
    if (kept.source.type === 'sample') return wanted === undefined ? 'ready' : 'kept-elsewhere'
    const at = wanted === undefined ? kept.opened : positionOf(kept, wanted)
    if (wanted !== undefined && at === undefined) return 'kept-elsewhere'
    open(at)
    return 'ready'
  }
  const { rewrites, info } = currentConnection()
  const { height } = info ?? (await client.info())
  const copy = await takeCopy(wanted ?? Math.max(1, height - BEFORE_TIP))
  if (copy === undefined) return 'no-block'
  if (!signal.aborted) layOut(copy, { type: 'chain', rewrites })
  return 'ready'
}

function positionOf({ copy }: Workbench, index: number): number | undefined {
  const at = copy.originals.findIndex(({ header }) => header.index === index)
  return at < 0 ? undefined : at
}

function Nowhere({ said }: { said: string }) {
  const text = useText(labText)
  return (
    <p className="row">
      {said} <a href={hrefOf('lab')}>{text.default}</a>
    </p>
  )
}
