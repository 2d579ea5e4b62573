/** The other branches that lost, each with a link to its own view. */
import type { BranchTip } from '../../../../src/api/client/client.ts'
import { hrefOf } from '../../frame/place.ts'
import { Hash } from '../../parts/hash.tsx'
import { branchText } from '../../text/branch.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'

const SHOWN = 20

/** @param tips most work first */
export function OtherBranches({ tips }: { tips: readonly BranchTip[] }) {
  const text = useText(branchText)
  const language = useLanguage()
  if (tips.length === 0) return null
  return (
    <section className="stack" aria-labelledby="branch-others">
      <h2 id="branch-others">{text.others}</h2>
      <ul className="branch-others">
        {tips.slice(0, SHOWN).map(({ hash, index, branchLength }) => (
          <li key={hash}>
            <a className="number" href={hrefOf('branch', hash)}>
              {text.other(
                countText(index - branchLength + 1, language),
                countText(index, language),
              )}
            </a>{' '}
            <Hash hash={hash} />
          </li>
        ))}
      </ul>
      {tips.length > SHOWN ? (
        <p className="quiet small">{text.moreOthers(countText(tips.length - SHOWN, language))}</p>
      ) : null}
    </section>
  )
}
