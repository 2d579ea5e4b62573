/** The stepper and the slider over the proof, its digest, and the search that runs by itself. */
import type { Puzzle } from '../../../../src/core/puzzle.ts'
import { leadingZeros } from '../../chain/numbers.ts'
import { DigestRows } from '../../parts/digest-rows.tsx'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { proofText } from '../../text/proof.ts'
import { isFound } from './trial.ts'
import { type SteeredTrial, useTrial } from './use-trial.ts'

/** As far as the slider goes. */
const SLIDER_END = 9_999
const WHOLE = /^\d{1,15}$/

export function Bench({ puzzle, index }: { puzzle: Puzzle; index: number }) {
  const text = useText(proofText)
  const language = useLanguage()
  const steered = useTrial(puzzle)
  const { trial, isRunning } = steered
  const there = leadingZeros(trial.now.digest)
  const isEnough = isFound(trial, puzzle)
  return (
    <section className="stack" aria-labelledby="proof-bench">
      <h2 id="proof-bench">{text.puzzle(countText(index, language))}</h2>
      <Steps steered={steered} />
      <PuzzleText puzzle={puzzle} proof={trial.now.proof} />
      <p className="proof-digest" data-enough={isEnough}>
        <code>
          <mark>{trial.now.digest.slice(0, there)}</mark>
          {trial.now.digest.slice(there)}
        </code>
      </p>
      <p className={isEnough ? 'said proof-said' : 'proof-said'}>
        <strong>
          {isEnough
            ? text.found(countText(trial.now.proof, language), countText(trial.tried, language))
            : text.notYet(puzzle.zeros, there)}
        </strong>
      </p>
      <div className="row">
        <button
          type="button"
          className="button button-main"
          onClick={isRunning ? steered.stop : steered.start}
        >
          {isRunning ? text.stop : text.run}
        </button>
        <button type="button" className="button" onClick={steered.begin}>
          {text.begin}
        </button>
        <dl className="proof-figures">
          <div>
            <dt className="label">{text.tried}</dt>
            <dd className="number">{countText(trial.tried, language)}</dd>
          </div>
          <div>
            <dt className="label">{text.best}</dt>
            <dd className="number">
              {text.bestOf(countText(trial.best.proof, language), leadingZeros(trial.best.digest))}
            </dd>
          </div>
        </dl>
      </div>
      <h3>{text.last}</h3>
      <div className="proof-tries">
        <DigestRows tries={trial.last} zeros={puzzle.zeros} />
      </div>
    </section>
  )
}

function Steps({ steered }: { steered: SteeredTrial }) {
  const text = useText(proofText)
  const { proof } = steered.trial.now
  const { isRunning } = steered
  return (
    <div className="proof-steps">
      <div className="row">
        <button
          type="button"
          className="button proof-step"
          disabled={isRunning || proof === 0}
          aria-label={text.less}
          onClick={() => steered.try(proof - 1)}
        >
          −
        </button>
        <input
          className="input mono proof-number"
          inputMode="numeric"
          aria-label={text.proof}
          disabled={isRunning}
          value={proof}
          onChange={({ target }) => {
            if (WHOLE.test(target.value)) steered.try(Number(target.value))
          }}
        />
        <button
          type="button"
          className="button proof-step"
          disabled={isRunning}
          aria-label={text.more}
          onClick={() => steered.try(proof + 1)}
        >
          +
        </button>
      </div>
      <input
        type="range"
        className="proof-slider"
        aria-label={text.slider}
        min={0}
        max={SLIDER_END}
        disabled={isRunning}
        value={Math.min(proof, SLIDER_END)}
        onChange={({ target }) => steered.try(Number(target.value))}
      />
    </div>
  )
}

/** The text that is hashed, in its parts. */
function PuzzleText({ puzzle, proof }: { puzzle: Puzzle; proof: number }) {
  const text = useText(proofText)
  return (
    <dl className="proof-parts mono">
      <div>
        <dt>{text.lastProof}</dt>
        <dd>{puzzle.before}</dd>
      </div>
      <div data-own>
        <dt>{text.proof}</dt>
        <dd>{proof}</dd>
      </div>
      {puzzle.after === '' ? null : (
        <div>
          <dt>{text.lastHash}</dt>
          <dd>{puzzle.after}</dd>
        </div>
      )}
    </dl>
  )
}
