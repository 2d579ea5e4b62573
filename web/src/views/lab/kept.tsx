/** Edits are not lost by following a link: first one is asked. */
import { hrefOf } from '../../frame/place.ts'
import { go } from '../../frame/use-place.ts'
import { labText } from '../../text/lab.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { sampleText } from '../../text/sample.ts'
import { sampleHref } from './sample.ts'
import type { Workbench } from './workbench.ts'

interface KeptProps {
  readonly bench: Workbench
  /** What the button says that gives the edits up. */
  readonly instead: string
  readonly giveUp: () => void
}

export function Kept({ bench: { copy, source }, instead, giveUp }: KeptProps) {
  const text = useText(labText)
  const sample = useText(sampleText)
  const language = useLanguage()
  const from = copy.originals[0]?.header.index ?? 1
  const isSample = source.type === 'sample'
  const href = isSample ? sampleHref(source.difficulty) : hrefOf('lab', from)
  return (
    <div className="said stack">
      <p>{isSample ? sample.keptSample : text.keptTitle(countText(from, language))}</p>
      <div className="row">
        <button type="button" className="button button-main" onClick={() => go(href)}>
          {text.keptBack}
        </button>
        <button type="button" className="button" onClick={giveUp}>
          {instead}
        </button>
      </div>
    </div>
  )
}
