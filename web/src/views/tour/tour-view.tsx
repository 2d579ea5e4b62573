/** The tour: a story of two nodes, told by buttons against the real ones, a page for each node. */

import { useEffect, useRef } from 'react'
import type { Place } from '../../frame/place.ts'
import { go } from '../../frame/use-place.ts'
import { client } from '../../node/client.ts'
import { Loading, Trouble } from '../../parts/states.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { Words } from '../../parts/words.tsx'
import { useText } from '../../text/language.ts'
import { tourText } from '../../text/tour.ts'
import { hrefOfStep } from './addresses.ts'
import { ElsewhereStep } from './elsewhere-step.tsx'
import { OwnStep } from './own-step.tsx'
import { leaveAt, placeLeft } from './progress.ts'
import { neighbourOf, type Role, readOther, type Step, stepOf } from './story.ts'
import { TourMap } from './tour-map.tsx'
import { Who } from './who.tsx'
import './tour.css'

export function TourView({ place }: { place: Place }) {
  const text = useText(tourText)
  const role: Role = place.query.role === 'second' ? 'second' : 'first'
  const step = stepOf(place.what, role)
  const { other } = place.query
  return (
    <div className="view">
      <div className="stack">
        <h1>{text.title}</h1>
        <p className="lead">
          <Words>{text.lead}</Words>
        </p>
      </div>
      {other === undefined ? (
        <Begin place={place} step={step} role={role} />
      ) : (
        <Story step={step} role={role} other={other} />
      )}
    </div>
  )
}

/** Goes on where the tour was left, or finds out who the other node may be. */
function Begin({ place, step, role }: { place: Place; step: Step; role: Role }) {
  const loaded = useLoaded('nodes', '', () => client.nodes())
  const left = place.what === '' ? placeLeft() : undefined
  const found = loaded.value?.find(({ verdict }) => verdict !== 'self')?.node
  const isReady = left !== undefined || loaded.state === 'loaded'
  useEffect(() => {
    if (!isReady) return
    const other = found ?? neighbourOf(location.host, role)
    go(left ?? hrefOfStep(step, role, other), { replace: true, from: place })
  }, [isReady, left, found, step, role, place])
  if (loaded.state === 'failed') return <Trouble error={loaded.error} retry={loaded.retry} />
  return <Loading />
}

function Story({ step, role, other }: { step: Step; role: Role; other: string }) {
  const text = useText(tourText)
  const heading = useRef<HTMLHeadingElement>(null)
  const shown = useRef(step)
  const read = readOther(other, location.host)
  useEffect(() => leaveAt(hrefOfStep(step, role, other)), [step, role, other])
  // Who goes to another step begins at its heading.
  useEffect(() => {
    if (shown.current === step) return
    shown.current = step
    heading.current?.focus()
  }, [step])
  return (
    <>
      <Who key={other} step={step} role={role} other={other} />
      <div className="tour">
        <TourMap step={step} role={role} other={other} />
        {read.type === 'address' ? (
          <StepShown key={step.id} step={step} role={role} other={read.address} ref={heading} />
        ) : (
          <p className="quiet">{text.needOther}</p>
        )}
      </div>
    </>
  )
}

function StepShown(props: {
  step: Step
  role: Role
  other: string
  ref: React.Ref<HTMLHeadingElement>
}) {
  return props.step.on === props.role ? <OwnStep {...props} /> : <ElsewhereStep {...props} />
}
