/** A step that the other node does, on its own page; and what can be seen of it from here. */

import { useConnectionPart } from '../../node/use-connection.ts'
import { Loading, Trouble } from '../../parts/states.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { tourText } from '../../text/tour.ts'
import { hrefThere } from './addresses.ts'
import { Ends } from './ends.tsx'
import { compared, reachability } from './said.ts'
import { StartCommand } from './start-command.tsx'
import { LinkThere, StepFrame, type StepProps } from './step-head.tsx'
import { chainsOf } from './steps.ts'

export function ElsewhereStep(props: StepProps) {
  const { step, role, other, done } = props
  const text = useText(tourText)
  return (
    <StepFrame {...props}>
      <p>{text.elsewhere(text.roles[step.on])}</p>
      <p className="row">
        <LinkThere href={hrefThere(step, { role, other, done, here: location.host })} to={other}>
          {text.open(other)}
        </LinkThere>
      </p>
      <SeenFromHere other={other} />
    </StepFrame>
  )
}

function SeenFromHere({ other }: { other: string }) {
  const text = useText(tourText)
  const language = useLanguage()
  const tip = useConnectionPart(({ info }) => info?.tip.hash ?? '')
  const loaded = useLoaded(other, tip, () => chainsOf(other))
  if (loaded.state === 'loading') return <Loading />
  if (loaded.state === 'failed') return <Trouble error={loaded.error} retry={loaded.retry} />
  const { there } = loaded.value
  if (there === undefined) return null
  return (
    <>
      <p className="row">
        <span>
          {there.isReachable
            ? compared(loaded.value, language)
            : reachability(loaded.value, language)}
        </span>
        <button type="button" className="button button-small" onClick={loaded.retry}>
          {text.lookAgain}
        </button>
      </p>
      {there.isReachable ? <Ends chains={loaded.value} /> : <StartCommand other={other} />}
    </>
  )
}
