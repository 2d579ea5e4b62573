/** Hands on the hash: a text, its digest, and which bits one more keystroke has changed. */

import { useId, useState } from 'react'
import { changedBits, digestOfText } from '../../chain/digests.ts'
import { hrefOf } from '../../frame/place.ts'
import { Words } from '../../parts/words.tsx'
import { viewNames } from '../../text/frame.ts'
import { hashText } from '../../text/hash.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { DigestBits } from './digest-bits.tsx'
import './hash.css'

interface Typed {
  readonly text: string
  /** The text before the last change. */
  readonly before: string
}

export function HashView() {
  const names = useText(viewNames)
  const text = useText(hashText)
  const language = useLanguage()
  const id = useId()
  // The last two texts, so that the first digest already has one beside it.
  const [typed, setTyped] = useState<Typed>({ text: text.example, before: text.exampleBefore })
  const now = digestOfText(typed.text)
  const before = digestOfText(typed.before)
  const changed = changedBits(now, before)
  return (
    <div className="view">
      <header className="stack">
        <h1>{names.hash}</h1>
        <p className="lead">
          <Words>{text.lead}</Words>
        </p>
      </header>
      <div className="field hash-field">
        <label htmlFor={id}>{text.typeHere}</label>
        <textarea
          id={id}
          className="input hash-input"
          rows={2}
          spellCheck={false}
          value={typed.text}
          onChange={({ target }) => setTyped({ text: target.value, before: typed.text })}
        />
      </div>
      <section className="stack" aria-labelledby={`${id}-digest`}>
        <h2 id={`${id}-digest`}>{text.digest}</h2>
        <DigestBits now={now} before={before} />
        <p className="hash-count" role="status">
          <strong>
            {text.changed(countText(changed, language), countText(4 * now.length, language))}
          </strong>
        </p>
        <dl className="facts">
          <dt>{text.before}</dt>
          <dd>
            <bdi className="hash-before">{typed.before === '' ? text.empty : typed.before}</bdi>
            <code className="hash hash-whole quiet">{before}</code>
          </dd>
        </dl>
      </section>
      <section className="stack">
        <h2>{text.whyTitle}</h2>
        <p className="lead">
          <Words>{text.why}</Words>
        </p>
        <p className="row">
          <a className="button button-main" href={hrefOf('proof')}>
            {text.next}
          </a>
          <a href={hrefOf('block', 1)}>{text.ofBlock}</a>
        </p>
      </section>
    </div>
  )
}
