/** The frame: head with all views, the view that the address names, foot; and what is read aloud. */
import { Component, type ReactNode, useEffect, useRef } from 'react'
import { frameText, viewNames } from '../text/frame.ts'
import { tagOf, useLanguage, useText } from '../text/language.ts'
import { Announcer } from './announcer.tsx'
import { Foot } from './foot.tsx'
import { GlossaryDialog } from './glossary-dialog.tsx'
import { Head } from './head.tsx'
import { hrefOf } from './place.ts'
import { TokenDialog } from './token-dialog.tsx'
import { usePlace } from './use-place.ts'
import { COMPONENTS, WITHOUT_FRAME } from './views.ts'

export function App() {
  const place = usePlace()
  const names = useText(viewNames)
  const text = useText(frameText)
  const main = useRef<HTMLElement>(null)
  const shown = useRef(place?.view)
  const title = place === undefined ? text.nowhere : names[place.view]
  const language = useLanguage()
  useEffect(() => {
    document.documentElement.lang = tagOf(language)
  }, [language])
  useEffect(() => {
    document.title = `${title} · toychain`
  }, [title])
  // Who goes to another view begins at its top, with the eyes and with a screen reader.
  useEffect(() => {
    if (shown.current === place?.view) return
    shown.current = place?.view
    scrollTo(0, 0)
    main.current?.focus({ preventScroll: true })
  }, [place])
  const isFramed = place?.view !== WITHOUT_FRAME
  const View = place === undefined ? undefined : COMPONENTS[place.view]
  return (
    <>
      <button type="button" className="button skip" onClick={() => main.current?.focus()}>
        {text.skip}
      </button>
      {isFramed ? <Head place={place} /> : null}
      <main className={isFramed ? 'main' : 'main-alone'} id="main" ref={main} tabIndex={-1}>
        {View === undefined || place === undefined ? (
          <div className="view">
            <h1>{text.nowhere}</h1>
            <p>
              <a href={hrefOf('now')}>{text.home}</a>
            </p>
          </div>
        ) : (
          <Boundary key={place.view} said={text.viewFailed} reload={text.reload}>
            <View place={place} />
          </Boundary>
        )}
      </main>
      {isFramed ? <Foot /> : null}
      <TokenDialog />
      <GlossaryDialog />
      <Announcer />
    </>
  )
}

interface BoundaryProps {
  readonly said: string
  readonly reload: string
  readonly children: ReactNode
}

/** A view that breaks, or whose files are gone since the node was updated, takes nothing else with it. */
class Boundary extends Component<BoundaryProps, { readonly error: unknown }> {
  override state = { error: undefined }

  static getDerivedStateFromError(error: unknown) {
    return { error: error ?? 'unknown' }
  }

  override render() {
    if (this.state.error === undefined) return this.props.children
    return (
      <div className="trouble" role="alert">
        <p>
          <strong>{this.props.said}</strong>
        </p>
        <p>{String(this.state.error)}</p>
        <button type="button" className="button" onClick={() => location.reload()}>
          {this.props.reload}
        </button>
      </div>
    )
  }
}
