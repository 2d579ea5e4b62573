/** Mining invalid blocks again: the buttons, how the search goes, and what it has cost in sum. */

import { DigestRush } from '../../jobs/digest-rush.tsx'
import { expectedTries } from '../../jobs/search-figures.ts'
import { Trouble } from '../../parts/states.tsx'
import { labText } from '../../text/lab.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { sampleText } from '../../text/sample.ts'
import { useBeyond } from './beyond.ts'
import { rateText, timeText, triesText } from './costs.ts'
import { indexOf } from './index-of.ts'
import { nextStep } from './judge.ts'
import { PutAllBack } from './put-back.tsx'
import { standingOf } from './race.ts'
import { PaceChoice, RaceStrips } from './race-strips.tsx'
import type { Remining, Searched } from './use-remining.ts'
import { isTouched, type Workbench } from './workbench.ts'

interface MiningPanelProps {
  readonly bench: Workbench
  readonly remining: Remining
}

/** Always there, so that what is being edited below does not move when a block is invalid. */
export function MiningPanel({ bench, remining: { action, search } }: MiningPanelProps) {
  const text = useText(labText)
  const sample = useText(sampleText)
  const language = useLanguage()
  const step = nextStep(bench.copy, bench.judgement)
  const canMine = step.type === 'mine' && !action.isRunning
  const isSample = bench.source.type === 'sample'
  const { honest, rewritten } = standingOf(bench)
  const isBehind = isTouched(bench) && step.type === 'none' && rewritten <= honest
  return (
    <section className="stack" aria-label={text.mining}>
      <div className="row">
        <button
          type="button"
          className="button button-main"
          disabled={!canMine && !action.isRunning}
          onClick={() => (action.isRunning ? action.cancel() : action.run('one'))}
        >
          {action.isRunning
            ? text.cancel
            : step.type === 'mine'
              ? text.mineOne(countText(indexOf(bench.copy, step.at), language))
              : text.mining}
        </button>
        <button
          type="button"
          className="button"
          disabled={!canMine}
          onClick={() => action.run('all')}
        >
          {text.mineAll}
        </button>
        {isSample && isBehind ? (
          <button
            type="button"
            className="button"
            disabled={action.isRunning}
            onClick={() => action.run('race')}
          >
            {sample.mineOn}
          </button>
        ) : null}
        <PutAllBack bench={bench} isLocked={action.isRunning} />
        {isSample ? <PaceChoice bench={bench} isLocked={action.isRunning} /> : null}
      </div>
      {isSample && (bench.race.isOn || isTouched(bench)) ? <RaceStrips bench={bench} /> : null}
      {search === undefined ? <Offer bench={bench} /> : <Search search={search} />}
      {action.error === undefined ? null : <Trouble error={action.error} />}
      {bench.mined.length === 0 ? null : <Costs bench={bench} />}
    </section>
  )
}

/** What mining again does, or why it cannot help. */
function Offer({ bench: { copy, judgement } }: { bench: Workbench }) {
  const text = useText(labText)
  const language = useLanguage()
  const step = nextStep(copy, judgement)
  if (step.type === 'hopeless') {
    const isGenesis = step.at === 0 && copy.before === undefined
    const index = countText(indexOf(copy, step.at), language)
    return <p>{isGenesis ? text.genesisHopeless : text.hopeless(index, step.failure.code)}</p>
  }
  return <p className="lead">{text.miningWhy(triesText(triesOf(copy), language))}</p>
}

function Search({ search }: { search: Searched }) {
  const { puzzle, index, tried, seconds, expected } = search
  const text = useText(labText)
  const language = useLanguage()
  const isMeasured = tried > 0 && seconds > 0
  const facts = [
    [text.tried, triesText(tried, language)],
    [text.expected, triesText(expected, language)],
    [text.rate, rateText(tried, seconds, language)],
    [text.time, timeText(seconds, language)],
    [text.expectedTime, isMeasured ? timeText((expected * seconds) / tried, language) : '–'],
  ] as const
  return (
    <div className="lab-search">
      <p>
        <span className="spinner" aria-hidden="true" /> {text.searching(countText(index, language))}
      </p>
      <DigestRush puzzle={puzzle} from={tried} />
      <dl className="lab-progress number">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt className="label">{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

/** The rest of the real chain is what whoever breaks a block has to make again, and it grows. */
function Costs({ bench }: { bench: Workbench }) {
  const text = useText(labText)
  const language = useLanguage()
  const { count, grown } = useBeyond(bench)
  const tried = bench.mined.reduce((sum, mined) => sum + mined.tried, 0)
  const seconds = bench.mined.reduce((sum, mined) => sum + mined.seconds, 0)
  const rest = (count * triesOf(bench.copy) * seconds) / tried
  const blocks = countText(bench.mined.length, language)
  return (
    <p className="lab-costs">
      <strong className="number">
        {text.sum(blocks, bench.mined.length === 1, {
          tries: triesText(tried, language),
          time: timeText(seconds, language),
          rate: rateText(tried, seconds, language),
        })}
      </strong>
      {text.gap}
      {count === 0
        ? null
        : text.estimate(countText(count, language), count === 1, timeText(rest, language))}
      {text.gap}
      {bench.source.type === 'sample'
        ? null
        : grown === 0
          ? text.meanwhile
          : text.meanwhileGrew(countText(grown, language), grown === 1)}
    </p>
  )
}

/** How many tries a proof takes on average. */
function triesOf({ rules, before, originals }: Workbench['copy']): number {
  const parent = before ?? originals[0]?.header
  return parent === undefined ? 0 : expectedTries(rules.puzzle(parent).zeros)
}
