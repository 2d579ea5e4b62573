/** A digest beside an earlier one: the digits that have changed are marked, and the bits counted. */
import { changedBits } from '../chain/digests.ts'
import { useLanguage, useText } from '../text/language.ts'
import { countText } from '../text/numbers.ts'
import { partsText } from '../text/parts.ts'
import './rules.css'

export function ChangedDigits({ now, before }: { now: string; before: string }) {
  const text = useText(partsText)
  const language = useLanguage()
  const changed = changedBits(now, before)
  return (
    <>
      <code className="hash hash-whole digest">
        {runsOf(now, before).map(({ from, digits, isChanged }) =>
          isChanged ? <mark key={from}>{digits}</mark> : <span key={from}>{digits}</span>,
        )}
      </code>
      <p className="hint">
        {changed === 0
          ? text.unchanged
          : text.changedBits(countText(changed, language), countText(4 * now.length, language))}
      </p>
    </>
  )
}

interface Run {
  readonly from: number
  readonly digits: string
  readonly isChanged: boolean
}

/** Neighbours that have both changed, or both not, together. */
function runsOf(now: string, before: string): readonly Run[] {
  const runs: Run[] = []
  for (const [from, digit] of Array.from(now).entries()) {
    const isChanged = digit !== before[from]
    const last = runs.at(-1)
    if (last?.isChanged === isChanged)
      runs[runs.length - 1] = { ...last, digits: last.digits + digit }
    else runs.push({ from, digits: digit, isChanged })
  }
  return runs
}
