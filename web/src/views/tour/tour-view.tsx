/** The tour: a story of two nodes, told by buttons against the real ones, a page for each node. */

import { useEffect, useMemo, useRef } from 'react'
import type { Place } from '../../frame/place.ts'
import { go } from '../../frame/use-place.ts'
import { client } from '../../node/client.ts'
import { Loading, Trouble } from '../../parts/states.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { Words } from '../../parts/words.tsx'
import { useText } from '../../text/language.ts'
import { tourText } from '../../text/tour.ts'
import { formatDone, hrefOfStep, parseDone, tabOf } from './addresses.ts'
import { ElsewhereStep } from './elsewhere-step.tsx'
import { OwnStep } from './own-step.tsx'
import { leaveAt, placeLeft, useProgress } from './progress.ts'
import type { StepProps } from './step-head.tsx'
import { isDone } from './steps.ts'
import { neighbourOf, type Role, readOther, type Step, type StepId, stepOf } from './story.ts'
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
        <Story place={place} step={step} role={role} other={other} />
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
    const done = new Set<StepId>()
    go(left ?? hrefOfStep(step, { role, other, done }), { replace: true, from: place })
  }, [isReady, left, found, step, role, place])
  if (loaded.state === 'failed') return <Trouble error={loaded.error} retry={loaded.retry} />
  return <Loading />
}

interface StoryProps {
  readonly place: Place
  readonly step: Step
  readonly role: Role
  readonly other: string
}

function Story({ place, step, role, other }: StoryProps) {
  const text = useText(tourText)
  const heading = useRef<HTMLHeadingElement>(null)
  const shown = useRef(step)
  const read = readOther(other, location.host)
  const told = place.query.done ?? ''
  const done = useDone(told)
  const href = hrefOfStep(step, { role, other, done })
  useEffect(() => {
    leaveAt(href)
    // What has been done since the page came here goes into its address.
    if (formatDone(done) !== told) go(href, { replace: true, from: place })
  }, [href, done, told, place])
  useEffect(() => {
    // The other node's page leads back to this tab.
    window.name = tabOf(location.host)
  }, [])
  // Who goes to another step begins at its heading.
  useEffect(() => {
    if (shown.current === step) return
    shown.current = step
    heading.current?.focus()
  }, [step])
  return (
    <>
      <Who key={other} step={step} role={role} other={other} done={done} />
      <div className="tour">
        <TourMap step={step} role={role} other={other} done={done} />
        {read.type === 'address' ? (
          <StepShown
            key={step.id}
            step={step}
            role={role}
            other={read.address}
            done={done}
            ref={heading}
          />
        ) : (
          <p className="quiet">{text.needOther}</p>
        )}
      </div>
    </>
  )
}

/** The steps that the address names, and those that were done on this page. */
function useDone(told: string): ReadonlySet<StepId> {
  const progress = useProgress()
  return useMemo(() => {
    const done = new Set(parseDone(told))
    for (const [id, result] of progress) {
      if (isDone(result, id)) done.add(id)
    }
    return done
  }, [told, progress])
}

function StepShown(props: StepProps) {
  return props.step.on === props.role ? <OwnStep {...props} /> : <ElsewhereStep {...props} />
}
