/** The sample on the workbench, mined for as many zeros as the address says. */
import { useEffect } from 'react'
import { useSpec } from '../../chain/use-spec.ts'
import { hrefOf, type Place } from '../../frame/place.ts'
import { go } from '../../frame/use-place.ts'
import { expectedTries } from '../../jobs/search-figures.ts'
import { useConnectionPart } from '../../node/use-connection.ts'
import { Loading } from '../../parts/states.tsx'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { sampleText } from '../../text/sample.ts'
import { Bench } from './bench.tsx'
import { Kept } from './kept.tsx'
import {
  DEFAULT_DIFFICULTY,
  DIFFICULTIES,
  type Difficulty,
  sampleCopy,
  sampleHref,
} from './sample.ts'
import { currentWorkbench, isTouched, layOut, useWorkbench, type Workbench } from './workbench.ts'

export function Sample({ place }: { place: Place }) {
  const text = useText(sampleText)
  const spec = useSpec()
  const bench = useWorkbench()
  const difficulty = difficultyOf(place)
  const isThere = isSampleOf(bench, difficulty)
  useEffect(() => {
    const kept = currentWorkbench()
    if (spec === undefined || isSampleOf(kept, difficulty)) return
    if (kept !== undefined && isTouched(kept)) return
    layOut(sampleCopy(spec, difficulty), { type: 'sample', difficulty })
  }, [spec, difficulty])
  if (spec === undefined) return <Loading />
  if (!isThere) {
    if (bench === undefined || !isTouched(bench)) return <Loading />
    const giveUp = () => layOut(sampleCopy(spec, difficulty), { type: 'sample', difficulty })
    return <Kept bench={bench} instead={text.keptNewSample} giveUp={giveUp} />
  }
  return <Bench bench={bench} takeAnew={() => undefined} />
}

/** Whose blocks these are, how hard they were to mine, and the way to the node's own chain. */
export function SampleChoice({ place }: { place: Place }) {
  const text = useText(sampleText)
  const language = useLanguage()
  const height = useConnectionPart(({ info }) => info?.height ?? 1)
  const difficulty = difficultyOf(place)
  return (
    <div className="row sample-head">
      <p className="chip sample-mark">{text.sampleMark}</p>
      <label className="row label">
        {text.difficulty}
        <select
          className="select"
          value={difficulty}
          onChange={({ target }) => {
            const chosen = DIFFICULTIES.find((each) => String(each) === target.value)
            if (chosen !== undefined) go(sampleHref(chosen))
          }}
        >
          {DIFFICULTIES.map((each) => (
            <option key={each} value={each}>
              {text.zerosTries(String(each), countText(expectedTries(each), language))}
            </option>
          ))}
        </select>
      </label>
      {height > 1 ? <a href={hrefOf('lab')}>{text.toChain}</a> : null}
    </div>
  )
}

function difficultyOf({ query }: Place): Difficulty {
  return DIFFICULTIES.find((each) => String(each) === query.difficulty) ?? DEFAULT_DIFFICULTY
}

function isSampleOf(bench: Workbench | undefined, difficulty: Difficulty): bench is Workbench {
  return bench?.source.type === 'sample' && bench.source.difficulty === difficulty
}
