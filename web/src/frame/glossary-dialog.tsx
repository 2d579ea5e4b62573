/** One entry of the glossary, over whatever is shown. The entries are loaded when they are first asked for. */
import { useEffect, useRef, useState } from 'react'
import { openTerm, useOpenTerm } from '../parts/open-term.ts'
import { Loading } from '../parts/states.tsx'
import { frameText } from '../text/frame.ts'
import type { Entry } from '../text/glossary.ts'
import { useLanguage, useText } from '../text/language.ts'
import { partsText } from '../text/parts.ts'
import { hrefOf } from './place.ts'

type Glossary = typeof import('../text/glossary.ts')

export function GlossaryDialog() {
  const text = useText(frameText)
  const parts = useText(partsText)
  const name = useOpenTerm()
  const dialog = useRef<HTMLDialogElement>(null)
  const entry = useEntry(name)
  useEffect(() => {
    if (name === undefined) dialog.current?.close()
    else dialog.current?.showModal()
  }, [name])
  const close = () => openTerm(undefined)
  return (
    <dialog ref={dialog} aria-labelledby="glossary-term" onClose={close}>
      {name === undefined ? null : (
        <div className="stack">
          <h2 id="glossary-term">{entry?.term ?? text.glossary}</h2>
          {entry === undefined ? <Loading /> : <p>{entry.means}</p>}
          <div className="row">
            <button type="button" className="button button-main" onClick={close}>
              {parts.close}
            </button>
            <a href={hrefOf('glossary')} onClick={close}>
              {text.allWords}
            </a>
          </div>
        </div>
      )}
    </dialog>
  )
}

function useEntry(name: string | undefined): Entry | undefined {
  const language = useLanguage()
  const [loaded, setLoaded] = useState<Glossary>()
  useEffect(() => {
    if (name !== undefined) import('../text/glossary.ts').then(setLoaded)
  }, [name])
  if (loaded === undefined) return undefined
  const { glossary, TERMS } = loaded
  const known = TERMS.find((term) => term === name)
  return known === undefined ? undefined : glossary[language][known]
}
