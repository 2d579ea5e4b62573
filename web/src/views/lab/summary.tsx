/** What the rules say of the whole copy, in one sentence that is also read aloud. */
import { useEffect, useRef } from 'react'
import { announce } from '../../parts/announce.ts'
import { labText } from '../../text/lab.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { type Beyond, useBeyond } from './beyond.ts'
import { timeText, triesText } from './costs.ts'
import { indexOf } from './index-of.ts'
import type { Workbench } from './workbench.ts'

interface SummaryProps {
  readonly bench: Workbench
  readonly isLocked: boolean
  readonly takeAnew: () => void
}

export function Summary({ bench, isLocked, takeAnew }: SummaryProps) {
  const text = useText(labText)
  const language = useLanguage()
  const beyond = useBeyond(bench)
  const verdict = useVerdict(bench, beyond)
  const { judgement } = bench
  const isBad =
    judgement.firstInvalid !== undefined || (judgement.isLastAnother && beyond.count > 0)
  useAnnounced(bench, verdict)
  return (
    <section className={isBad ? 'lab-summary trouble' : 'lab-summary said'}>
      <p className="lab-verdict">
        <strong>{verdict}</strong>
      </p>
      <p>
        {text.changed(
          [judgement.editedCount, countText(judgement.editedCount, language)],
          [judgement.minedCount, countText(judgement.minedCount, language)],
        )}
        {text.gap}
        <Since beyond={beyond} />
      </p>
      {beyond.grown > 0 || beyond.isRewritten ? (
        <button type="button" className="button" disabled={isLocked} onClick={takeAnew}>
          {text.newCopy}
        </button>
      ) : null}
    </section>
  )
}

function Since({ beyond: { grown, isRewritten } }: { beyond: Beyond }) {
  const text = useText(labText)
  const language = useLanguage()
  if (isRewritten) return text.rewritten
  return grown === 0 ? null : text.gone(countText(grown, language), grown === 1)
}

function useVerdict({ copy, judgement }: Workbench, { last, count }: Beyond): string {
  const text = useText(labText)
  const language = useLanguage()
  const { blocks, firstInvalid, isLastAnother } = judgement
  const failing = firstInvalid === undefined ? undefined : blocks[firstInvalid]
  if (firstInvalid !== undefined && failing?.failure !== undefined) {
    const laterCount = blocks.length - firstInvalid - 1
    return text.invalid({
      block: countText(indexOf(copy, firstInvalid), language),
      code: failing.failure.code,
      later: countText(laterCount, language),
      laterCount,
      beyond: countText(count, language),
      beyondCount: count,
    })
  }
  const all =
    blocks.length === 1 ? text.oneValid : text.allValid(countText(blocks.length, language))
  if (!isLastAnother) return all
  if (count === 0) return `${all}${text.gap}${text.asGood}`
  const next = countText(last + 1, language)
  return `${all}${text.gap}${text.lastIsAnother(next, count - 1, countText(count - 1, language))}`
}

/** Read aloud when an edit or a proof has changed it, not when the chain has grown. */
function useAnnounced({ judgement, mined }: Workbench, verdict: string): void {
  const text = useText(labText)
  const language = useLanguage()
  const { firstInvalid, isLastAnother, blocks } = judgement
  const code = firstInvalid === undefined ? '' : (blocks[firstInvalid]?.failure?.code ?? '')
  const key = `${firstInvalid} ${code} ${isLastAnother} ${mined.length}`
  const heard = useRef({ key, mined })
  useEffect(() => {
    if (key === heard.current.key) return
    const found = mined.length > heard.current.mined.length ? mined.at(-1) : undefined
    heard.current = { key, mined }
    if (found === undefined) {
      announce(verdict)
      return
    }
    const index = countText(found.index, language)
    const tries = triesText(found.tried, language)
    const cost = text.minedOne(index, tries, timeText(found.seconds, language))
    announce(`${cost}${text.gap}${verdict}`)
  }, [key, verdict, mined, text, language])
}
