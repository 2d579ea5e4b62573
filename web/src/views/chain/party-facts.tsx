/** What a party has received and sent in sum, and other names that may have been meant. */
import { hrefOf } from '../../frame/place.ts'
import { Trouble } from '../../parts/states.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { chainText } from '../../text/chain.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { knownCases, sumPayments } from './party-reading.ts'

export function PartyFacts({ party, tip }: { party: string; tip: string }) {
  const text = useText(chainText)
  const language = useLanguage()
  const loaded = useLoaded(`sums ${party}`, tip, () => sumPayments(party))
  if (loaded.state === 'failed') return <Trouble error={loaded.error} retry={loaded.retry} />
  const sums = loaded.value
  if (sums === undefined || sums.count === 0) return null
  const figures = [
    [text.received, sums.received],
    [text.sent, sums.sent],
    [text.difference, sums.difference],
  ] as const
  return (
    <div className="stack">
      <dl className="party-sums">
        {figures.map(([label, sum]) => (
          <div key={label}>
            <dt className="label">{label}</dt>
            <dd className="figure">{String(sum)}</dd>
          </div>
        ))}
      </dl>
      <p className="quiet">
        {text.nobodyChecks}
        {sums.isCut ? ` ${text.newestOnly(countText(sums.count, language))}` : ''}
      </p>
    </div>
  )
}

/** Names that differ from this one only in case, and are on the chain. */
export function OtherCases({ party, tip }: { party: string; tip: string }) {
  const text = useText(chainText)
  const loaded = useLoaded(`cases ${party}`, tip, () => knownCases(party))
  const names = loaded.value ?? []
  if (names.length === 0) return null
  return (
    <p className="row">
      {text.otherCases}
      {names.map((name) => (
        <a key={name} href={hrefOf('chain', '', { party: name })}>
          <bdi>{name}</bdi>
        </a>
      ))}
    </p>
  )
}
