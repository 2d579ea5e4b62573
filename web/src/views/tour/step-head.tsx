/** What a step is called and why it is done; and the way to the next one. */
import type { ReactNode, Ref } from 'react'
import { hrefOf } from '../../frame/place.ts'
import { viewNames } from '../../text/frame.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { stepText, tourText } from '../../text/tour.ts'
import { hrefOfStep, hrefThere, type Telling, tabOf } from './addresses.ts'
import { STEPS, type Step, stepAfter, stepBefore } from './story.ts'

export interface StepProps extends Telling {
  readonly step: Step
  readonly ref: Ref<HTMLHeadingElement>
}

export function StepFrame({
  step,
  ref,
  children,
  ...telling
}: StepProps & { children: ReactNode }) {
  const text = useText(tourText)
  const { title, why } = useText(stepText)[step.id]
  const language = useLanguage()
  const place = countText(STEPS.indexOf(step) + 1, language)
  return (
    <section className="stack tour-step" aria-labelledby="tour-step">
      <p className="label">
        {text.stepOf(place, countText(STEPS.length, language))} · {text.roles[step.on]}
      </p>
      <h2 id="tour-step" ref={ref} tabIndex={-1}>
        {title}
      </h2>
      <p className="lead">{why}</p>
      {children}
      <Neighbours step={step} {...telling} />
    </section>
  )
}

/** To the step before and the one after, whether this one is done or not. */
function Neighbours({ step, ...telling }: Telling & { step: Step }) {
  const text = useText(tourText)
  const titles = useText(stepText)
  const [before, after] = [stepBefore(step), stepAfter(step)]
  return (
    <nav className="tour-neighbours small" aria-label={text.neighbours}>
      {before === undefined ? null : (
        <a href={hrefOfStep(before, telling)}>← {titles[before.id].title}</a>
      )}
      {after === undefined ? null : (
        <a className="tour-after" href={hrefOfStep(after, telling)}>
          {titles[after.id].title} →
        </a>
      )}
    </nav>
  )
}

/** The way on: on this page, or on the other node's. */
export function NextStep({ step, ...telling }: Omit<StepProps, 'ref'>) {
  const { role, other } = telling
  const text = useText(tourText)
  const names = useText(viewNames)
  const next = stepAfter(step)
  if (next === undefined) {
    return (
      <p className="row">
        <span>{text.ended}</span>
        <a href={hrefOf('chain')}>{names.chain}</a>
        <a href={hrefOf('network')}>{names.network}</a>
        <a href={hrefOf('lab')}>{names.lab}</a>
      </p>
    )
  }
  if (next.on !== role) {
    return (
      <p className="row">
        <LinkThere href={hrefThere(next, { ...telling, here: location.host })} to={other}>
          {text.nextAt(other)}
        </LinkThere>
      </p>
    )
  }
  return (
    <p className="row">
      <a className="button button-main" href={hrefOfStep(next, telling)}>
        {text.next}
      </a>
    </p>
  )
}

interface LinkThereProps {
  readonly href: string
  /** The other node's address. */
  readonly to: string
  readonly children: ReactNode
}

/**
 * A link to the other node's own page: never a request of this page to another node. It opens in that
 * node's tab, the same each time. A browser finds a tab by its name only where the tabs know each other,
 * so this is no `noopener`: whoever tells the story has chosen both nodes.
 */
export function LinkThere({ href, to, children }: LinkThereProps) {
  const text = useText(tourText)
  return (
    <>
      <a className="button button-main" href={href} target={tabOf(to)} rel="opener">
        {children} <span aria-hidden="true">↗</span>
      </a>
      <span className="quiet small">{text.newTab}</span>
    </>
  )
}
