/**
 * A text with words of the glossary in it. `[[proof]]` shows the word with a dotted line, `[[proof|proofs]]`
 * another form of it; whoever presses it reads its entry.
 */
import { Fragment, type ReactNode } from 'react'
import { openTerm } from './open-term.ts'

const MARKED = /\[\[([a-z-]+)(?:\|([^\]]+))?\]\]/g

export function Words({ children }: { children: string }) {
  const parts: ReactNode[] = []
  let end = 0
  for (const match of children.matchAll(MARKED)) {
    const [whole, name = '', shown = name] = match
    parts.push(<Fragment key={end}>{children.slice(end, match.index)}</Fragment>)
    parts.push(<Term key={`${end} ${name}`} name={name} shown={shown} />)
    end = match.index + whole.length
  }
  return (
    <>
      {parts}
      {children.slice(end)}
    </>
  )
}

function Term({ name, shown }: { name: string; shown: string }) {
  return (
    <button type="button" className="term" aria-haspopup="dialog" onClick={() => openTerm(name)}>
      {shown}
    </button>
  )
}
