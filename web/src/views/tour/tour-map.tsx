/** The story at a glance: each step in the lane of the node that does it, and what is done of it. */
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { stepText, tourText } from '../../text/tour.ts'
import { hrefOfStep, type Telling } from './addresses.ts'
import { STEPS, type Step } from './story.ts'

const LANES = ['first', 'second'] as const

export function TourMap({ step: current, ...telling }: Telling & { step: Step }) {
  const text = useText(tourText)
  const steps = useText(stepText)
  const language = useLanguage()
  return (
    <nav className="tour-map" aria-label={text.steps}>
      <div className="tour-lanes" aria-hidden="true">
        {LANES.map((lane) => (
          <span key={lane}>
            {text.roles[lane]}
            {lane === telling.role ? ` · ${text.thisPage}` : null}
          </span>
        ))}
      </div>
      <ol>
        {STEPS.map((step, place) => {
          const isDone = telling.done.has(step.id)
          return (
            <li key={step.id} data-on={step.on} data-done={isDone}>
              <a
                href={hrefOfStep(step, telling)}
                aria-current={step === current ? 'step' : undefined}
              >
                <span className="tour-number number">{countText(place + 1, language)}</span>{' '}
                <span className="tour-title">
                  {steps[step.id].title}
                  <span className="visually-hidden"> ({text.roles[step.on]})</span>
                </span>
                {isDone ? <span className="visually-hidden"> {text.done}</span> : null}
              </a>
            </li>
          )
        })}
      </ol>
    </nav>
  )
}
