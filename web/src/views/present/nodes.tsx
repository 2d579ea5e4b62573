/** Each node's last blocks, large, and whether the nodes agree. */
import { ChainStrips } from '../../jobs/chain-strips.tsx'
import { pictureOf, stripNodesOf } from '../../jobs/surveyed.ts'
import { useSurvey } from '../../jobs/use-survey.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { presentText } from '../../text/present.ts'
import { stripsText } from '../../text/strips.ts'

/** Nodes and blocks that can be read from the last row. */
const NODES = 6
const BLOCKS = 8

export function Nodes() {
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
      <ChainStrips nodes={nodes.slice(0, NODES)} count={BLOCKS} version={survey.atMs ?? 0} />
      {rest > 0 ? <p className="present-quiet">{text.more(countText(rest, language))}</p> : null}
    </section>
  )
}
