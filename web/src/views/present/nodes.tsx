/** Each node's last blocks, large, and whether the nodes agree. */
import { useRef } from 'react'
import { ChainStrips } from '../../jobs/chain-strips.tsx'
import { pictureOf, stripNodesOf } from '../../jobs/surveyed.ts'
import { useSurvey } from '../../jobs/use-survey.ts'
import { useRoom } from '../../parts/use-room.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { presentText } from '../../text/present.ts'
import { stripsText } from '../../text/strips.ts'

/** Nodes and blocks that can be read from the last row. */
const NODES = 6
const MOST_BLOCKS = 8
/** In em: a cell with its gap, and the addresses beside the cells. As in present.css. */
const CELL = 4.9
const NAMES = 11

/** As many blocks as there is room for, and at least one. */
export function Nodes() {
  const frame = useRef<HTMLDivElement>(null)
  const { width } = useRoom(frame)
  const count = Math.floor(width / sizeOf(frame.current) / CELL - NAMES / CELL)
  return (
    <div ref={frame}>
      {width === 0 ? null : <Strips count={Math.min(MOST_BLOCKS, Math.max(1, count))} />}
    </div>
  )
}

/** Pixels of an em. */
function sizeOf(element: HTMLElement | null): number {
  return element === null ? 16 : Number.parseFloat(getComputedStyle(element).fontSize)
}

function Strips({ count }: { count: number }) {
  const text = useText(presentText)
  const strips = useText(stripsText)
  const language = useLanguage()
  const { survey } = useSurvey()
  if (survey.answer === undefined) return null
  const nodes = stripNodesOf(pictureOf(survey.answer), location.host)
  if (nodes.length === 1) return <p className="present-quiet">{text.alone}</p>
  const tips = new Set(nodes.map(({ tip }) => tip))
  const rest = nodes.length - NODES
  return (
    <section className="present-nodes" aria-label={strips.title}>
      <p className={tips.size === 1 ? 'present-agreed' : 'present-alarm'}>
        {tips.size === 1
          ? strips.agree
          : text.fork(countText(nodes.length, language), countText(tips.size, language))}
      </p>
      <ChainStrips nodes={nodes.slice(0, NODES)} count={count} version={survey.atMs ?? 0} />
      {rest > 0 ? <p className="present-quiet">{text.more(countText(rest, language))}</p> : null}
    </section>
  )
}
