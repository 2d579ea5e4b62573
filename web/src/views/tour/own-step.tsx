/** A step that this page's node does: the button, and what really happened. */

import { NodeRush } from '../../jobs/node-rush.tsx'
import { SearchProgress } from '../../jobs/search-progress.tsx'
import { type Mine, useMine, useZeros } from '../../jobs/use-mine.ts'
import { client } from '../../node/client.ts'
import { useConnectionPart } from '../../node/use-connection.ts'
import { announce } from '../../parts/announce.ts'
import { Trouble } from '../../parts/states.tsx'
import { type Action, useAction } from '../../parts/use-action.ts'
import { useLoaded } from '../../parts/use-loaded.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { partsText } from '../../text/parts.ts'
import { stepText, tourText } from '../../text/tour.ts'
import { Outcome } from './outcome.tsx'
import { keepResult, useProgress } from './progress.ts'
import { joined, sentencesOf } from './said.ts'
import { NextStep, StepFrame, type StepProps } from './step-head.tsx'
import { introduce, isDone, mined, pay, resolve, type StepResult } from './steps.ts'
import { entryOf } from './story.ts'

type StepAction = Action<[], StepResult>

export function OwnStep(props: StepProps) {
  switch (props.step.does) {
    case 'introduce':
      return <IntroduceStep {...props} />
    case 'pay':
      return <PayStep {...props} />
    case 'mine':
      return <MineStep {...props} />
    case 'resolve':
      return <ResolveStep {...props} />
  }
}

function IntroduceStep(props: StepProps) {
  const { other } = props
  const text = useText(tourText)
  const finish = useFinish(props)
  const action = useAction(async () => finish(await introduce(other)))
  const nodes = useConnectionPart((connection) => connection.nodes ?? 0)
  const listed = useLoaded(other, nodes, () => client.nodes())
  const isKnown = listed.value !== undefined && entryOf(listed.value, other) !== undefined
  const isNews = useProgress().get(props.step.id) === undefined
  return (
    <StepFrame {...props}>
      {isKnown && isNews ? <p>{text.knownAlready(other)}</p> : null}
      <Doing {...props} action={action} label={isKnown ? text.seeWhether(other) : undefined} />
    </StepFrame>
  )
}

function PayStep(props: StepProps) {
  const finish = useFinish(props)
  const action = useAction(async () => finish(await pay()))
  return (
    <StepFrame {...props}>
      <Doing {...props} action={action} />
    </StepFrame>
  )
}

function MineStep(props: StepProps) {
  const finish = useFinish(props)
  const mine = useMine(async (outcome) => finish(await mined(outcome, props.other)))
  return (
    <StepFrame {...props}>
      <Doing {...props} action={mine.action} mine={mine} canCancel />
    </StepFrame>
  )
}

function ResolveStep(props: StepProps) {
  const finish = useFinish(props)
  const action = useAction(async (signal) => finish(await resolve(signal, props.other)))
  return (
    <StepFrame {...props}>
      <Doing {...props} action={action} canCancel />
    </StepFrame>
  )
}

/** Keeps what came of a step and says it aloud. */
function useFinish({ step, other }: StepProps): (result: StepResult) => StepResult {
  const language = useLanguage()
  return (result) => {
    if (result.type !== 'given-up') keepResult(step.id, result)
    announce(joined(sentencesOf(result, { step: step.id, other, language }), language))
    return result
  }
}

function Doing({
  action,
  mine,
  label,
  canCancel = false,
  ...props
}: StepProps & {
  readonly action: StepAction
  readonly mine?: Mine<StepResult>
  /** Where the button does less than it says. */
  readonly label?: string | undefined
  readonly canCancel?: boolean
}) {
  const { step, other } = props
  const { button } = useText(stepText)[step.id]
  const parts = useText(partsText)
  const zeros = useZeros()
  const kept = useProgress().get(step.id)
  const result = action.result ?? kept
  const done = result !== undefined && isDone(result, step.id)
  return (
    <>
      <div className="row">
        <button
          type="button"
          className={done ? 'button' : 'button button-main'}
          disabled={action.isRunning}
          onClick={() => action.run()}
        >
          {label ?? button(other)}
        </button>
        {action.isRunning && canCancel ? (
          <button type="button" className="button" onClick={action.cancel}>
            {parts.cancel}
          </button>
        ) : null}
        {action.isRunning && mine === undefined ? (
          <span className="spinner" aria-hidden="true" />
        ) : null}
      </div>
      {action.isRunning && mine !== undefined ? (
        <>
          <NodeRush />
          <SearchProgress sample={mine.sample} zeros={zeros} />
        </>
      ) : null}
      {action.error === undefined ? null : <Trouble error={action.error} />}
      {result === undefined || action.isRunning ? null : (
        <Outcome result={result} step={step.id} other={other} />
      )}
      {done && !action.isRunning ? <NextStep {...props} /> : null}
    </>
  )
}
