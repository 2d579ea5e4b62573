/** What a step is called and why it is done; and the way to the next one. */
import type { ReactNode, Ref } from 'react'
import { hrefOf } from '../../frame/place.ts'
import { viewNames } from '../../text/frame.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { stepText, tourText } from '../../text/tour.ts'
import { hrefOfStep, hrefThere } from './addresses.ts'
import { type Role, STEPS, type Step, stepAfter } from './story.ts'

export interface StepProps {
  readonly step: Step
  readonly role: Role
  /** The other node's address. */
  readonly other: string
  readonly ref: Ref<HTMLHeadingElement>
}

export function StepFrame({ step, ref, children }: StepProps & { children: ReactNode }) {
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
    </section>
  )
}

/** The way on: on this page, or on the other node's. */
export function NextStep({ step, role, other }: Omit<StepProps, 'ref'>) {
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
        <LinkThere href={hrefThere(next, { role, other, here: location.host })}>
          {text.nextAt(other)}
        </LinkThere>
      </p>
    )
  }
  return (
    <p className="row">
      <a className="button button-main" href={hrefOfStep(next, role, other)}>
        {text.next}
      </a>
    </p>
  )
}

/** A link to the other node's own page: never a request of this page to another node. */
export function LinkThere({ href, children }: { href: string; children: ReactNode }) {
  const text = useText(tourText)
  return (
    <>
      <a className="button button-main" href={href} target="_blank" rel="noopener">
        {children} <span aria-hidden="true">↗</span>
      </a>
      <span className="quiet small">{text.newTab}</span>
    </>
  )
}
