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
      <Command said={text.inClone} command={command} />
      <Command
        said={text.installed}
        command={command.replace('npm start --', 'npx toychain node')}
      />
      {name !== undefined && chain === undefined ? <p>{text.ownChain(name)}</p> : null}
    </div>
  )
}

function Command({ said, command }: { said: string; command: string }) {
  return (
    <div className="row">
      <span className="small quiet">{said}</span>
      <code className="exact command">{command}</code>
      <CopyButton text={command} what={command} />
    </div>
  )
}
