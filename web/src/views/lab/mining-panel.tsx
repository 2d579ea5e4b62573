/** Mining failing blocks again: the buttons, how the search goes, and what it has cost. */
import { Trouble } from '../../parts/states.tsx'
import { labText } from '../../text/lab.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { useBeyond } from './beyond.ts'
import { rateText, timeText, triesText } from './costs.ts'
import { indexOf } from './index-of.ts'
import { type NextStep, nextStep } from './judge.ts'
import { expectedTries, type Remining, type Searched } from './use-remining.ts'
import type { MinedBlock, Workbench } from './workbench.ts'

export function MiningPanel({ bench, remining }: { bench: Workbench; remining: Remining }) {
  const text = useText(labText)
  const { action, search } = remining
  const step = nextStep(bench.copy, bench.judgement)
  if (step.type === 'none' && bench.mined.length === 0) return null
  return (
    <section className="stack panel" aria-labelledby="lab-mining">
      <h2 id="lab-mining">{text.mining}</h2>
      {search === undefined ? (
        <Offer bench={bench} step={step} mine={action.run} />
      ) : (
        <Search search={search} giveUp={action.cancel} />
      )}
      {action.error === undefined ? null : <Trouble error={action.error} />}
      {bench.mined.length === 0 ? null : <Costs bench={bench} />}
    </section>
  )
}

interface OfferProps {
  readonly bench: Workbench
  readonly step: NextStep
  readonly mine: (which: 'one' | 'all') => void
}

function Offer({ bench, step, mine }: OfferProps) {
  const text = useText(labText)
  const language = useLanguage()
  if (step.type === 'none') return null
  const index = countText(indexOf(bench.copy, step.at), language)
  if (step.type === 'hopeless') {
    const isGenesis = step.at === 0 && bench.copy.before === undefined
    return <p>{isGenesis ? text.genesisHopeless : text.hopeless(index, step.failure.code)}</p>
  }
  return (
    <>
      <p className="lead">
        {text.miningWhy(triesText(expectedTries(step.puzzle.zeros), language))}
      </p>
      <div className="row">
        <button type="button" className="button button-main" onClick={() => mine('one')}>
          {text.mineOne(index)}
        </button>
        <button type="button" className="button" onClick={() => mine('all')}>
          {text.mineAll}
        </button>
      </div>
    </>
  )
}

function Search({ search, giveUp }: { search: Searched; giveUp: () => void }) {
  const text = useText(labText)
  const language = useLanguage()
  const { index, tried, seconds, expected } = search
  const isMeasured = tried > 0 && seconds > 0
  return (
    <>
      <p className="row">
        <span className="spinner" aria-hidden="true" /> {text.searching(countText(index, language))}
      </p>
      <dl className="facts number">
        <dt>{text.tried}</dt>
        <dd>{triesText(tried, language)}</dd>
        <dt>{text.expected}</dt>
        <dd>{triesText(expected, language)}</dd>
        <dt>{text.rate}</dt>
        <dd>{rateText(tried, seconds, language)}</dd>
        <dt>{text.time}</dt>
        <dd>{timeText(seconds, language)}</dd>
        <dt>{text.expectedTime}</dt>
        <dd>{isMeasured ? timeText((expected * seconds) / tried, language) : '–'}</dd>
      </dl>
      <div>
        <button type="button" className="button" onClick={giveUp}>
          {text.cancel}
        </button>
      </div>
    </>
  )
}

function Costs({ bench }: { bench: Workbench }) {
  const text = useText(labText)
  const language = useLanguage()
  const tried = bench.mined.reduce((sum, mined) => sum + mined.tried, 0)
  const seconds = bench.mined.reduce((sum, mined) => sum + mined.seconds, 0)
  const rows = bench.mined.map((mined, i) => ({ mined, turn: i + 1 }))
  return (
    <>
      <div className="scroll-x">
        <table className="lab-costs number">
          <caption className="label">{text.cost}</caption>
          <thead>
            <tr>
              {[text.block, text.tries, text.time, text.rate].map((label) => (
                <th key={label} scope="col">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ mined, turn }) => (
              <CostRow key={turn} label={countText(mined.index, language)} cost={mined} />
            ))}
          </tbody>
          <tfoot>
            <CostRow label={text.sum} cost={{ tried, seconds }} />
          </tfoot>
        </table>
      </div>
      <Estimate bench={bench} rate={seconds > 0 ? tried / seconds : 0} />
    </>
  )
}

function CostRow({ label, cost }: { label: string; cost: Pick<MinedBlock, 'tried' | 'seconds'> }) {
  const language = useLanguage()
  return (
    <tr>
      <th scope="row">{label}</th>
      <td>{triesText(cost.tried, language)}</td>
      <td>{timeText(cost.seconds, language)}</td>
      <td>{rateText(cost.tried, cost.seconds, language)}</td>
    </tr>
  )
}

/** The rest of the real chain is what whoever breaks a block has to make again, and it grows. */
function Estimate({ bench, rate }: { bench: Workbench; rate: number }) {
  const text = useText(labText)
  const language = useLanguage()
  const { count, grown } = useBeyond(bench)
  const { copy, judgement } = bench
  const parent = judgement.blocks.at(-1)?.block?.header ?? copy.originals.at(-1)?.header
  if (parent === undefined || rate === 0) return null
  const seconds = (count * expectedTries(copy.rules.puzzle(parent).zeros)) / rate
  return (
    <p className="lead">
      {count === 0
        ? null
        : text.estimate(countText(count, language), count === 1, timeText(seconds, language))}{' '}
      {grown === 0 ? text.meanwhile : text.meanwhileGrew(countText(grown, language), grown === 1)}
    </p>
  )
}
