/** The command that starts the other node, where it does not answer. */
import { CLASSIC, PRESETS } from '../../../../src/core/spec.ts'
import { useConnectionPart } from '../../node/use-connection.ts'
import { announce } from '../../parts/announce.ts'
import { useAction } from '../../parts/use-action.ts'
import { textNow, useText } from '../../text/language.ts'
import { partsText } from '../../text/parts.ts'
import { tourText } from '../../text/tour.ts'
import { useZeros } from '../act/use-mine.ts'
import { startCommand } from './story.ts'

const USUAL = {
  chain: CLASSIC.name,
  zeros: CLASSIC.rules.puzzle(CLASSIC.rules.genesis.header).zeros,
}

export function StartCommand({ other }: { other: string }) {
  const text = useText(tourText)
  const parts = useText(partsText)
  const zeros = useZeros()
  const name = useConnectionPart(({ info }) => info?.chain)
  // A chain of somebody's own has a file, whose name nobody here knows.
  const chain = name !== undefined && PRESETS.has(name) ? name : undefined
  const command = startCommand(other, { zeros, chain }, USUAL)
  const copying = useAction(async () => {
    await navigator.clipboard.writeText(command)
    announce(textNow(partsText).copied)
    return true
  })
  return (
    <div className="stack">
      <p>{text.startIt}</p>
      <div className="row">
        <code className="exact command">{command}</code>
        {/* Browsers offer the clipboard only to pages of this machine, or over HTTPS. */}
        {'clipboard' in navigator ? (
          <button type="button" className="button" onClick={() => copying.run()}>
            {copying.result === true ? parts.copied : parts.copy}
          </button>
        ) : null}
        {copying.error === undefined ? null : <span className="fault">{parts.failed}</span>}
      </div>
    </div>
  )
}
