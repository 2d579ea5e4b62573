/** Copies a text. Browsers allow it on secure pages only; elsewhere there is no button. */
import { useEffect, useState } from 'react'
import { useText } from '../text/language.ts'
import { partsText } from '../text/parts.ts'
import { announce } from './announce.ts'

const SAID_MS = 2_000

/** @param what names the text, for those who do not see beside what the button stands */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const parts = useText(partsText)
  const [outcome, setOutcome] = useState<'copied' | 'refused'>()
  useEffect(() => {
    if (outcome !== 'copied') return
    const timer = setTimeout(() => setOutcome(undefined), SAID_MS)
    return () => clearTimeout(timer)
  }, [outcome])
  // Where the browser has said no, the text can still be selected.
  if (navigator.clipboard === undefined || outcome === 'refused') return null
  return (
    <button
      type="button"
      className="button button-small"
      aria-label={`${parts.copy}: ${what}`}
      onClick={() => {
        navigator.clipboard.writeText(text).then(
          () => {
            setOutcome('copied')
            announce(parts.copied)
          },
          () => setOutcome('refused'),
        )
      }}
    >
      {outcome === 'copied' ? parts.copied : parts.copy}
    </button>
  )
}
