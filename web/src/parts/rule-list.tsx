/** A block's checks by name, with what each means: of its form first, then of its place. */
import type { CheckResult } from '../../../src/core/examine.ts'
import type { Failure } from '../chain/reading.ts'
import { blockText } from '../text/block.ts'
import { useText } from '../text/language.ts'
import { passedText, refusedText } from '../text/rules.ts'
import './rules.css'

const STEPS = ['header', 'place'] as const
const SIGNS = { passed: '✓', failed: '✗', 'not-reached': '·' } as const

interface RuleListProps {
  readonly checks: readonly CheckResult[]
  readonly failure: Failure | undefined
}

export function RuleList({ checks, failure }: RuleListProps) {
  const text = useText(blockText)
  return (
    <div className="columns rule-steps">
      {STEPS.map((step) => (
        <div key={step} className="stack">
          <h3>{text[step]}</h3>
          <ul className="rules">
            {checks
              .filter((check) => check.step === step)
              .map((check) => (
                <Rule key={check.code} check={check} failure={failure} />
              ))}
          </ul>
        </div>
      ))}
    </div>
  )
}

function Rule({ check, failure }: { check: CheckResult; failure: Failure | undefined }) {
  const text = useText(blockText)
  const passed = useText(passedText)
  const refused = useText(refusedText)
  const { code, step, outcome } = check
  const isFailed = outcome === 'failed'
  return (
    <li className="rule" data-outcome={outcome}>
      <span aria-hidden="true" className="rule-sign">
        {SIGNS[outcome]}
      </span>
      <div>
        <span className="visually-hidden">{text.outcomes[outcome]}: </span>
        {isFailed ? refused[code] : passed[`${step}:${code}`]}{' '}
        <code className="rule-code">{code}</code>
        {isFailed && failure !== undefined ? <Compared failure={failure} /> : null}
      </div>
    </li>
  )
}

/** What a check expected and what it got. */
export function Compared({ failure }: { failure: Failure }) {
  const text = useText(blockText)
  const { expected, got } = failure
  if (expected === '' && got === '') return null
  return (
    <dl className="facts small compared">
      <dt>{text.expected}</dt>
      <dd>
        <code>{expected}</code>
      </dd>
      <dt>{text.got}</dt>
      <dd>
        <code>{got}</code>
      </dd>
    </dl>
  )
}
