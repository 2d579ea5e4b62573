/** The last blocks of each node that is reached, as many as there is room for, page by page. */
import { useRef, useState } from 'react'
import { ChainStrips } from '../../jobs/chain-strips.tsx'
import { type Picture, stripNodesOf } from '../../jobs/surveyed.ts'
import { Pager, pageOf } from '../../parts/pager.tsx'
import { useRoom } from '../../parts/use-room.ts'
import { useText } from '../../text/language.ts'
import { stripsText } from '../../text/strips.ts'

/** In rem: a cell with its gap, and the addresses beside the cells. */
const CELL = 3.2
const NAMES = 11
const MOST = 16

export function Strips({ picture, version }: { picture: Picture; version: number }) {
  const text = useText(stripsText)
  const section = useRef<HTMLElement>(null)
  const { width, rem } = useRoom(section)
  const [page, setPage] = useState(0)
  const nodes = stripNodesOf(picture, location.host)
  const shown = pageOf(nodes, page)
  const count = Math.min(MOST, Math.max(2, Math.floor((width / rem - NAMES) / CELL)))
  const isAgreed = nodes.every(({ tip }) => tip === nodes[0]?.tip)
  return (
    <section className="stack" ref={section} aria-labelledby="network-strips">
      <h2 id="network-strips">{text.title}</h2>
      <p>{isAgreed ? text.agree : text.differ}</p>
      {width === 0 ? null : <ChainStrips nodes={shown} count={count} version={version} />}
      <Pager count={nodes.length} page={page} onPage={setPage} />
    </section>
  )
}
