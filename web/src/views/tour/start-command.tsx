/** The command that starts the other node, where it does not answer. */
import { CLASSIC, PRESETS } from '../../../../src/core/spec.ts'
import { useZeros } from '../../jobs/use-mine.ts'
import { useConnectionPart } from '../../node/use-connection.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { useText } from '../../text/language.ts'
import { tourText } from '../../text/tour.ts'
import { startCommand } from './story.ts'

const USUAL = {
  chain: CLASSIC.name,
  zeros: CLASSIC.rules.puzzle(CLASSIC.rules.genesis.header).zeros,
}

export function StartCommand({ other }: { other: string }) {
  const text = useText(tourText)
  const zeros = useZeros()
  const name = useConnectionPart(({ info }) => info?.chain)
  // A chain of somebody's own has a file, whose name nobody here knows.
  const chain = name !== undefined && PRESETS.has(name) ? name : undefined
  const command = startCommand(other, { zeros, chain }, USUAL)
  return (
    <div className="stack">
      <p>{text.startIt}</p>
      <div className="row">
        <code className="exact command">{command}</code>
        <CopyButton text={command} what={command} />
      </div>
    </div>
  )
}
