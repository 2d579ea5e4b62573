/** The story at a glance: each step in the lane of the node that does it, and what is done of it. */
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { stepText, tourText } from '../../text/tour.ts'
import { hrefOfStep } from './addresses.ts'
import { useProgress } from './progress.ts'
import { isDone } from './steps.ts'
import { type Role, STEPS, type Step } from './story.ts'

const LANES = ['first', 'second'] as const

export function TourMap({ step: current, role, other }: { step: Step; role: Role; other: string }) {
  const text = useText(tourText)
  const steps = useText(stepText)
  const language = useLanguage()
  const progress = useProgress()
  return (
    <nav className="tour-map" aria-label={text.steps}>
      <div className="tour-lanes" aria-hidden="true">
        {LANES.map((lane) => (
          <span key={lane}>
            {text.roles[lane]}
            {lane === role ? ` · ${text.thisPage}` : null}
          </span>
        ))}
      </div>
      <ol>
        {STEPS.map((step, place) => {
          const result = progress.get(step.id)
          const done = result !== undefined && isDone(result)
          return (
            <li key={step.id} data-on={step.on} data-done={done}>
              <a
                href={hrefOfStep(step, role, other)}
                aria-current={step === current ? 'step' : undefined}
              >
                <span className="tour-number number">{countText(place + 1, language)}</span>{' '}
                <span className="tour-title">
                  {steps[step.id].title}
                  <span className="visually-hidden"> ({text.roles[step.on]})</span>
                </span>
                {done ? <span className="visually-hidden"> {text.done}</span> : null}
              </a>
            </li>
          )
        })}
      </ol>
    </nav>
  )
}
