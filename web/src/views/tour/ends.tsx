/** The ends of both chains side by side: equal heights and other hashes are a fork. */
import { hrefOf } from '../../frame/place.ts'
import { Hash } from '../../parts/hash.tsx'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { tourText } from '../../text/tour.ts'
import { type Chains, compareEnds } from './story.ts'

export function Ends({ chains }: { chains: Chains }) {
  const text = useText(tourText)
  const language = useLanguage()
  const { here, there } = chains
  if (there?.height === undefined || there.tip === undefined) return null
  const comparison = compareEnds(chains).type
  return (
    <dl className="ends" data-comparison={comparison}>
      <div className="end">
        <dt className="label mono">{location.host}</dt>
        <dd>
          <strong className="number">{text.end(countText(here.height, language))}</strong>
          <a href={hrefOf('block', here.tip)}>
            <Hash hash={here.tip} />
          </a>
        </dd>
      </div>
      <div className="end" data-sign={SIGNS[comparison]}>
        <dt className="label mono">
          <bdi>{there.node}</bdi>
        </dt>
        <dd>
          <strong className="number">{text.end(countText(there.height, language))}</strong>
          <Hash hash={there.tip} />
        </dd>
      </div>
    </dl>
  )
}

/** How the two stand, for the eyes; the sentence above says it. */
const SIGNS = { same: '=', fork: '≠', longer: '>', shorter: '<', unknown: '' } as const
