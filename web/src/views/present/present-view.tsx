/** The node on a projector: few things, large, live. Sizes follow the width of the screen. */
import { NodeUnreachable } from '../../../../src/api/client/client.ts'
import { hrefOf } from '../../frame/place.ts'
import { useConnection } from '../../node/use-connection.ts'
import { Loading, Trouble } from '../../parts/states.tsx'
import { useNowMs } from '../../parts/use-now.ts'
import { frameText, viewNames } from '../../text/frame.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { agoText, countText, shortNumber } from '../../text/numbers.ts'
import { presentText } from '../../text/present.ts'
import { LastBlocks } from './last-blocks.tsx'
import { Nodes } from './nodes.tsx'
import './present.css'

export function PresentView() {
  const names = useText(viewNames)
  const text = useText(presentText)
  const frame = useText(frameText)
  const { info, status, hashRate } = useConnection()
  const language = useLanguage()
  const nowMs = useNowMs()
  if (info === undefined) {
    return status === 'unreachable' ? (
      <Trouble error={new NodeUnreachable(location.origin)} />
    ) : (
      <Loading />
    )
  }
  const age = nowMs / 1000 - Number(info.tip.timestamp)
  const isMined = info.height > 1 && Number.isFinite(age)
  const figures = [
    [text.height, countText(info.height, language)],
    [text.waiting, countText(info.currentTransactions, language)],
    [text.lastBlock, isMined ? agoText(age, language) : '–'],
    [text.rate, hashRate === 0 ? '–' : shortNumber(hashRate, language)],
  ] as const
  return (
    <div className="present">
      <header className="present-head">
        <h1 className="visually-hidden">{names.present}</h1>
        <span className="present-node mono">{location.host}</span>
        <span className="present-status" data-status={status}>
          {status === 'live' ? frame.live : text.notLive}
        </span>
        <FullScreen />
        <a href={hrefOf('now')}>{text.leave}</a>
      </header>
      <dl className="present-figures">
        {figures.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <LastBlocks height={info.height} tip={info.tip.hash} />
      <Nodes />
    </div>
  )
}

/** Browsers allow it after a press only; where they do not at all, there is no button. */
function FullScreen() {
  const text = useText(presentText)
  if (!document.fullscreenEnabled) return null
  return (
    <button
      type="button"
      className="button"
      onClick={() => {
        if (document.fullscreenElement === null) document.documentElement.requestFullscreen()
        else document.exitFullscreen()
      }}
    >
      {text.fullScreen}
    </button>
  )
}
