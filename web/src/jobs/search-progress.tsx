/** A running search: its tries beside what one takes on average, since there is no end to count to. */

import { actText } from '../text/act.ts'
import { useLanguage, useText } from '../text/language.ts'
import { countText, durationText, shortNumber } from '../text/numbers.ts'
import { type SearchSample, searchFigures } from './search-figures.ts'
import './search.css'

const NONE: SearchSample = { tries: 0, rate: 0, seconds: 0 }

export function SearchProgress({
  sample = NONE,
  zeros,
}: {
  sample: SearchSample | undefined
  zeros: number | undefined
}) {
  const text = useText(actText)
  const language = useLanguage()
  if (zeros === undefined) return null
  const { expected, expectedSeconds, share, isPast } = searchFigures(sample, zeros)
  const { tries, rate, seconds } = sample
  const isLong = expected >= MANY
  const expectedText = isLong ? shortNumber(expected, language) : countText(expected, language)
  return (
    <div className="search stack">
      <progress className="search-bar" aria-label={text.searching} max={1} value={share} />
      <dl className="search-figures">
        <div>
          <dt className="label">{text.tries}</dt>
          <dd>
            <strong className="number">{countText(tries, language)}</strong>
            <span className="quiet small">{text.ofExpected(expectedText)}</span>
          </dd>
        </div>
        <div>
          <dt className="label">{text.elapsed}</dt>
          <dd>
            <strong className="number">{durationText(Math.floor(seconds), language)}</strong>
            {expectedSeconds === undefined ? null : (
              <span className="quiet small">
                {text.onAverage(durationText(expectedSeconds, language))}
              </span>
            )}
          </dd>
        </div>
        <div>
          <dt className="label">{text.rate}</dt>
          <dd>
            <strong className="number">
              {rate === 0 ? '–' : text.perSecond(shortNumber(rate, language))}
            </strong>
          </dd>
        </div>
      </dl>
      <p className="small quiet">{isPast ? text.past : text.noEnd}</p>
    </div>
  )
}

/** From here on a number is better read short. */
const MANY = 1e9
