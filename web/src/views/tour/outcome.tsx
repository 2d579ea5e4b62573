/** What really happened at a step: in words, and both chains' ends beside each other. */
import { hrefOf } from '../../frame/place.ts'
import { MinedProof } from '../../jobs/node-rush.tsx'
import { FateLine } from '../../jobs/resolve-report.tsx'
import { Hash } from '../../parts/hash.tsx'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { tourText } from '../../text/tour.ts'
import { Ends } from './ends.tsx'
import { joined, sentencesOf } from './said.ts'
import { StartCommand } from './start-command.tsx'
import { isDone, SEARCHED, type StepResult } from './steps.ts'
import type { Paid, StepId } from './story.ts'

export function Outcome({
  result,
  step,
  other,
}: {
  result: StepResult
  step: StepId
  other: string
}) {
  const language = useLanguage()
  const [first, ...rest] = sentencesOf(result, { step, other, language })
  const isSilent = result.type === 'introduced' && result.chains.there?.isReachable === false
  return (
    <>
      <div className="said stack" data-failed={!isDone(result, step)}>
        <p>
          <strong>{first}</strong>
          {joined(['', ...rest], language)}
        </p>
        {result.type === 'mined' ? (
          <>
            <MinedProof block={result.block} />
            <p>
              <a href={hrefOf('block', result.hash)}>
                <Hash hash={result.hash} />
              </a>
            </p>
          </>
        ) : null}
        {result.type === 'resolved' ? (
          <>
            <FateLine resolved={result.resolved} />
            <PaidLine paid={result.paid} />
          </>
        ) : null}
      </div>
      {'chains' in result ? <Ends chains={result.chains} /> : null}
      {isSilent ? <StartCommand other={other} /> : null}
    </>
  )
}

/** Blocks that are named; whoever has more has told the story many times. */
const NAMED = 8

/** Where Lea's payment is. */
function PaidLine({ paid: { blocks, from } }: { paid: Paid }) {
  const text = useText(tourText)
  const language = useLanguage()
  const count = blocks.length
  const named = [...new Set(blocks)].slice(-NAMED)
  return (
    <p className="tour-paid">
      {count === 0 ? text.leasNone : text.leas(countText(count, language), count === 1)}{' '}
      {named.map((index) => (
        <a key={index} className="number" href={hrefOf('block', index)}>
          {countText(index, language)}
        </a>
      ))}
      {from === 1 ? null : (
        <span className="quiet"> {text.searched(countText(SEARCHED, language))}</span>
      )}
    </p>
  )
}
