/** A text exactly as it is hashed; of a very long one the beginning, and the rest when asked for. */
import { useState } from 'react'
import { CopyButton } from '../../parts/copy-button.tsx'
import { blockText } from '../../text/block.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'

/** More would push what follows out of sight. */
const SHOWN_CHARS = 3_000

export function ExactText({ label, text }: { label: string; text: string }) {
  const said = useText(blockText)
  const language = useLanguage()
  const [isWhole, setWhole] = useState(false)
  const isCut = !isWhole && text.length > SHOWN_CHARS
  const length = countText(text.length, language)
  return (
    <figure className="block-exact">
      <figcaption className="row label">
        <span>{label}</span>
        <span className="number">{said.characters(length)}</span>
        <CopyButton text={text} what={label} />
      </figcaption>
      <div className="exact">{isCut ? `${text.slice(0, SHOWN_CHARS)}…` : text}</div>
      {isCut ? (
        <button type="button" className="button button-small" onClick={() => setWhole(true)}>
          {said.allOfIt(length)}
        </button>
      ) : null}
    </figure>
  )
}
