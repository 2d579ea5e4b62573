/** One large button that mines a block, the digests while it runs, and the proof that fits. */

import { MinedProof, NodeRush } from '../../jobs/node-rush.tsx'
import { SearchProgress } from '../../jobs/search-progress.tsx'
import { type MineOutcome, useIsOldNews, useMine, useZeros } from '../../jobs/use-mine.ts'
import { announce } from '../../parts/announce.ts'
import { Trouble } from '../../parts/states.tsx'
import { Words } from '../../parts/words.tsx'
import { actText } from '../../text/act.ts'
import { textNow, useLanguage, useText } from '../../text/language.ts'
import { nowText } from '../../text/now.ts'
import { countText } from '../../text/numbers.ts'
import { partsText } from '../../text/parts.ts'

export function MineHere() {
  const act = useText(actText)
  const parts = useText(partsText)
  const language = useLanguage()
  const zeros = useZeros()
  const { action, sample } = useMine((outcome) => {
    const said = textNow(actText)
    announce(
      outcome.type === 'mined'
        ? said.mined(countText(outcome.block.index, language))
        : said.mineGivenUp,
    )
    return outcome
  })
  const isOld = useIsOldNews(action.result)
  return (
    <section className="mine-here" aria-label={act.mine}>
      <div className="row">
        <button
          type="button"
          className="button button-main button-large"
          disabled={action.isRunning}
          onClick={() => action.run()}
        >
          {act.mineGo}
        </button>
        {action.isRunning ? (
          <button type="button" className="button" onClick={action.cancel}>
            {parts.cancel}
          </button>
        ) : null}
      </div>
      <div className="stack mine-here-said">
        {action.isRunning ? (
          <>
            <NodeRush />
            <SearchProgress sample={sample} zeros={zeros} />
          </>
        ) : (
          <Outcome outcome={isOld ? undefined : action.result} zeros={zeros} />
        )}
        {action.error === undefined ? null : <Trouble error={action.error} />}
      </div>
    </section>
  )
}

function Outcome({
  outcome,
  zeros,
}: {
  outcome: MineOutcome | undefined
  zeros: number | undefined
}) {
  const act = useText(actText)
  const text = useText(nowText)
  const language = useLanguage()
  if (outcome === undefined) {
    return zeros === undefined ? null : (
      <p className="lead">
        <Words>{text.mineWhy(zeros)}</Words>
      </p>
    )
  }
  if (outcome.type === 'given-up') return <p>{act.mineGivenUp}</p>
  const { block } = outcome
  return (
    <>
      <p>
        <strong>
          {act.mined(countText(block.index, language))}{' '}
          {text.tries(countText(block.tries, language))}
        </strong>
      </p>
      <MinedProof block={block} />
    </>
  )
}
