/** What a user can make the node do: take a payment, mine, agree with other nodes. */
import { type ReactNode, useEffect } from 'react'
import { hrefOf, type Place } from '../../frame/place.ts'
import { actText } from '../../text/act.ts'
import { viewNames } from '../../text/frame.ts'
import { useText } from '../../text/language.ts'
import { MineSection } from './mine-section.tsx'
import { ResolveSection } from './resolve-section.tsx'
import { SendSection } from './send-section.tsx'
import './act.css'

const PARTS = ['send', 'mine', 'resolve'] as const
type Part = (typeof PARTS)[number]

export function ActView({ place }: { place: Place }) {
  const names = useText(viewNames)
  const text = useText(actText)
  const named = PARTS.find((part) => part === place.what)
  useEffect(() => {
    if (named === undefined) return
    // After the frame, which begins each view at its top.
    const frame = requestAnimationFrame(() => showPart(named))
    return () => cancelAnimationFrame(frame)
  }, [named])
  return (
    <div className="view">
      <div className="view-head">
        <h1>{names.act}</h1>
        <nav aria-label={text.parts}>
          <ul className="row">
            {PARTS.map((part) => (
              <li key={part}>
                <a href={hrefOf('act', part)} onClick={() => showPart(part)}>
                  {text[part]}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      </div>
      <ActPart part="send">
        <SendSection />
      </ActPart>
      <ActPart part="mine">
        <MineSection />
      </ActPart>
      <ActPart part="resolve">
        <ResolveSection />
      </ActPart>
    </div>
  )
}

function ActPart({ part, children }: { part: Part; children: ReactNode }) {
  const text = useText(actText)
  return (
    <section className="stack act-part" aria-labelledby={idOf(part)}>
      <h2 id={idOf(part)} tabIndex={-1}>
        {text[part]}
      </h2>
      {children}
    </section>
  )
}

function idOf(part: Part): string {
  return `act-${part}`
}

function showPart(part: Part): void {
  const heading = document.getElementById(idOf(part))
  heading?.scrollIntoView()
  heading?.focus({ preventScroll: true })
}
