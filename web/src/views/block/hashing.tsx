/** How a block's hash comes about: the exact text, and its digest. */

import { useMemo } from 'react'
import { rewrittenNumbers } from '../../chain/numbers.ts'
import type { OpenedBlock } from '../../chain/reading.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { Hash } from '../../parts/hash.tsx'
import { Words } from '../../parts/words.tsx'
import { blockText } from '../../text/block.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { ExactText } from './exact-text.tsx'

/** Rewritten numbers that are listed. */
const LISTED = 5
/** In the text itself a backslash is doubled, so a single one begins an escape. */
const ESCAPED = /(?<!\\)(?:\\\\)*\\u[0-9a-f]{4}/

export function Hashing({ opened }: { opened: OpenedBlock }) {
  const text = useText(blockText)
  const { hashedText, card } = opened
  const hasEscapes = useMemo(() => ESCAPED.test(hashedText), [hashedText])
  return (
    <section className="stack" aria-labelledby="block-hashing">
      <h2 id="block-hashing">{text.hashing}</h2>
      <p className="lead">
        <Words>{text.hashingWhy}</Words>
      </p>
      <ExactText label={text.hashedText} text={hashedText} />
      <Rewritten opened={opened} />
      {hasEscapes ? <p className="hint">{text.escapes}</p> : null}
      <figure className="block-exact">
        <figcaption className="row label">
          <span>{text.digest}</span>
          <CopyButton text={card.hash} what={text.hash} />
        </figcaption>
        <Hash hash={card.hash} isWhole />
      </figure>
    </section>
  )
}

function Rewritten({ opened: { text: written, hashedText } }: { opened: OpenedBlock }) {
  const text = useText(blockText)
  const language = useLanguage()
  const pairs = useMemo(() => rewrittenNumbers(written, hashedText), [written, hashedText])
  if (pairs.length === 0) return null
  const more = pairs.length - LISTED
  return (
    <div className="said stack">
      <p>{text.rewritten}</p>
      <ul className="mono">
        {pairs.slice(0, LISTED).map((pair) => (
          <li key={pair.written}>{text.rewrittenPair(pair.written, pair.hashed)}</li>
        ))}
        {more > 0 ? <li>{text.rewrittenMore(countText(more, language))}</li> : null}
      </ul>
    </div>
  )
}
