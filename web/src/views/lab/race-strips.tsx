/** Both chains of the race as strips of cells, how long each is, and which one nodes would take. */

import { useLanguage, useText } from '../../text/language.ts'
import { countText, shortNumber } from '../../text/numbers.ts'
import { sampleText } from '../../text/sample.ts'
import { PACES, standingOf } from './race.ts'
import { setRace, type Workbench } from './workbench.ts'

interface Cell {
  readonly index: number
  /** `same`: as it was copied. */
  readonly is: 'same' | 'new' | 'rewritten' | 'invalid'
}

export function RaceStrips({ bench }: { bench: Workbench }) {
  const text = useText(sampleText)
  const language = useLanguage()
  const { copy, judgement, race, mined } = bench
  const { honest, rewritten } = standingOf(bench)
  const first = copy.originals.map(({ header }) => header.index)
  const honestCells = [
    ...first.map(same),
    ...race.honest.map(({ index }): Cell => ({ index, is: 'new' })),
  ]
  const rewrittenCells = [
    ...first.map((index, at): Cell => {
      const judged = judgement.blocks[at]
      if (judged?.fate !== 'valid') return { index, is: 'invalid' }
      return judged.change === 'none' ? same(index) : { index, is: 'rewritten' }
    }),
    ...race.added.map(({ index }): Cell => ({ index, is: 'rewritten' })),
  ]
  const tried = mined.reduce((sum, each) => sum + each.tried, 0)
  const seconds = mined.reduce((sum, each) => sum + each.seconds, 0)
  const lead = rewritten - honest
  return (
    <section className="stack" aria-labelledby="lab-race">
      <h2 id="lab-race">{text.race}</h2>
      <div className="race">
        <Name
          name={text.honestChain}
          rate={rateOf(race.honestCost.tried, race.honestCost.seconds)}
        />
        <Cells cells={honestCells} count={text.blocksLong(countText(honest, language))} />
        <Name name={text.yourChain} rate={rateOf(tried, seconds)} />
        <Cells cells={rewrittenCells} count={text.blocksValid(countText(rewritten, language))} />
      </div>
      <p>
        <strong>{text.raceVerdict(lead, countText(Math.abs(lead), language))}</strong>
      </p>
    </section>
  )

  function rateOf(tries: number, elapsed: number): string {
    return elapsed > 0 ? text.perSecond(shortNumber(tries / elapsed, language)) : text.notYet
  }
}

function same(index: number): Cell {
  return { index, is: 'same' }
}

function Name({ name, rate }: { name: string; rate: string }) {
  return (
    <p className="race-name">
      {name}
      <span className="quiet small number">{rate}</span>
    </p>
  )
}

function Cells({ cells, count }: { cells: readonly Cell[]; count: string }) {
  const text = useText(sampleText)
  return (
    <div className="row">
      <ol className="race-cells number">
        {cells.map(({ index, is }) => (
          <li key={index} className="race-cell" data-is={is} title={text.cells[is]}>
            {index}
          </li>
        ))}
      </ol>
      <span className="number">{count}</span>
    </div>
  )
}

/** How fast the honest miners are beside whoever rewrites. */
export function PaceChoice({ bench, isLocked }: { bench: Workbench; isLocked: boolean }) {
  const text = useText(sampleText)
  return (
    <label className="row label">
      {text.pace}
      <select
        className="select"
        value={bench.race.pace}
        disabled={isLocked}
        onChange={({ target }) => {
          const pace = PACES.find((each) => String(each) === target.value)
          if (pace !== undefined) setRace(bench.copy, (race) => ({ ...race, pace }))
        }}
      >
        {PACES.map((pace) => (
          <option key={pace} value={pace}>
            {text.paces[pace]}
          </option>
        ))}
      </select>
    </label>
  )
}
