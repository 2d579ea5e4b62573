/** Hands on the proof of work: the puzzle of the node's next block, tried by hand and by machine. */

import { useMemo, useState } from 'react'
import type { Puzzle } from '../../../../src/core/puzzle.ts'
import { read } from '../../chain/reader.ts'
import { hrefOf } from '../../frame/place.ts'
import { expectedTries } from '../../jobs/search-figures.ts'
import { useConnectionPart } from '../../node/use-connection.ts'
import { Loading, Trouble } from '../../parts/states.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { Words } from '../../parts/words.tsx'
import { viewNames } from '../../text/frame.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { proofText } from '../../text/proof.ts'
import { Bench } from './bench.tsx'
import './proof.css'

/** Zeros to choose from: the first takes a few tries by hand, the last some minutes. */
const ZEROS = [1, 2, 3, 4, 5, 6] as const

export function ProofView() {
  const names = useText(viewNames)
  const text = useText(proofText)
  return (
    <div className="view">
      <header className="stack">
        <h1>{names.proof}</h1>
        <p className="lead">
          <Words>{text.lead}</Words>
        </p>
      </header>
      <NextPuzzle />
      <section className="stack">
        <h2>{text.whyTitle}</h2>
        <p className="lead">
          <Words>{text.why}</Words>
        </p>
        <p className="row">
          <a className="button button-main" href={hrefOf('lab')}>
            {text.next}
          </a>
          <a href={hrefOf('act', 'mine')}>{text.mine}</a>
        </p>
      </section>
    </div>
  )
}

/** The puzzle stays the one that was there when the view was opened, until somebody wants the next. */
function NextPuzzle() {
  const text = useText(proofText)
  const tip = useConnectionPart(({ info }) => info?.tip)
  const [from, setFrom] = useState<typeof tip>()
  const wanted = from ?? tip
  if (from === undefined && tip !== undefined) setFrom(tip)
  if (wanted === undefined) return <Loading />
  return (
    <>
      {tip !== undefined && tip.hash !== wanted.hash ? (
        <p className="said row">
          {text.isOld}
          <button type="button" className="button" onClick={() => setFrom(tip)}>
            {text.toNew}
          </button>
        </p>
      ) : null}
      <LoadedPuzzle hash={wanted.hash} index={wanted.index} />
    </>
  )
}

function LoadedPuzzle({ hash, index }: { hash: string; index: number }) {
  const loaded = useLoaded(hash, '', (signal) => read('puzzle', { which: hash }, signal))
  if (loaded.state === 'loading') return <Loading />
  if (loaded.state === 'failed') return <Trouble error={loaded.error} retry={loaded.retry} />
  return <ChosenZeros puzzle={loaded.value} index={index} />
}

function ChosenZeros({ puzzle, index }: { puzzle: Puzzle; index: number }) {
  const text = useText(proofText)
  const language = useLanguage()
  const [zeros, setZeros] = useState(Math.min(2, puzzle.zeros))
  const chosen = useMemo(() => ({ ...puzzle, zeros }), [puzzle, zeros])
  return (
    <>
      <label className="row label">
        {text.zeros}
        <select
          className="select"
          value={zeros}
          onChange={({ target }) => setZeros(Number(target.value))}
        >
          {ZEROS.map((each) => (
            <option key={each} value={each}>
              {text.zerosTries(
                each,
                countText(expectedTries(each), language),
                each === puzzle.zeros,
              )}
            </option>
          ))}
        </select>
      </label>
      <Bench puzzle={chosen} index={index + 1} />
    </>
  )
}
