/** "Break it": takes a copy of a part of the chain, or finds the one that has been edited before. */
import { type FormEvent, useState } from 'react'
import { hrefOf, type Place } from '../../frame/place.ts'
import { go } from '../../frame/use-place.ts'
import { client } from '../../node/client.ts'
import { currentConnection } from '../../node/connection.ts'
import { useConnectionPart } from '../../node/use-connection.ts'
import { Loading, Trouble } from '../../parts/states.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { viewNames } from '../../text/frame.ts'
import { labText } from '../../text/lab.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { Bench } from './bench.tsx'
import { takeCopy } from './take-copy.ts'
import {
  clearWorkbench,
  currentWorkbench,
  layOut,
  open,
  useWorkbench,
  type Workbench,
} from './workbench.ts'
import './lab.css'

/** Where nobody says from where on: so many blocks before the tip. */
const BEFORE_TIP = 4
const INDEX = /^[1-9]\d{0,14}$/

export function LabView({ place }: { place: Place }) {
  const names = useText(viewNames)
  const text = useText(labText)
  const wanted = INDEX.test(place.what) ? Number(place.what) : undefined
  return (
    <div className="view">
      <header className="stack">
        <div className="view-head">
          <h1>{names.lab}</h1>
          <ChooseFrom key={place.what} from={place.what} />
        </div>
        <p className="lead">{text.lead}</p>
      </header>
      {wanted === undefined && place.what !== '' ? (
        <Nowhere said={text.noNumber} />
      ) : (
        <From wanted={wanted} />
      )}
    </div>
  )
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
  return <Kept bench={bench} wanted={wanted ?? 1} giveUp={takeAnew} />
}

/** Sees to it that there is something on the workbench. */
async function begin(wanted: number | undefined, signal: AbortSignal): Promise<Begun> {
  const kept = currentWorkbench()
  if (kept !== undefined && kept.judgement.editedCount > 0) {
    const at = wanted === undefined ? kept.opened : positionOf(kept, wanted)
    if (wanted !== undefined && at === undefined) return 'kept-elsewhere'
    open(at)
    return 'ready'
  }
  const { rewrites, info } = currentConnection()
  const { height } = info ?? (await client.info())
  const copy = await takeCopy(wanted ?? Math.max(1, height - BEFORE_TIP))
  if (copy === undefined) return 'no-block'
  if (!signal.aborted) layOut(copy, rewrites)
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

interface KeptProps {
  readonly bench: Workbench
  readonly wanted: number
  readonly giveUp: () => void
}

/** Edits are not lost by following a link: first one is asked. */
function Kept({ bench, wanted, giveUp }: KeptProps) {
  const text = useText(labText)
  const language = useLanguage()
  const from = bench.copy.originals[0]?.header.index ?? 1
  return (
    <div className="said stack">
      <p>{text.keptTitle(countText(from, language))}</p>
      <div className="row">
        <button
          type="button"
          className="button button-main"
          onClick={() => go(hrefOf('lab', from))}
        >
          {text.keptBack}
        </button>
        <button type="button" className="button" onClick={giveUp}>
          {text.keptNew(countText(wanted, language))}
        </button>
      </div>
    </div>
  )
}
