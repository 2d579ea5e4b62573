/** What a party pays and is paid on the chain, newest first, a page at a time: each an address. */
import type { PaymentsPlace } from '../../../../src/api/client/client.ts'
import { hrefOf, type Place } from '../../frame/place.ts'
import { client } from '../../node/client.ts'
import { useConnectionPart } from '../../node/use-connection.ts'
import { Party, PaymentLine } from '../../parts/party.tsx'
import { Empty, Loading, Trouble } from '../../parts/states.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { chainText } from '../../text/chain.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { partsText } from '../../text/parts.ts'
import { OtherCases, PartyFacts } from './party-facts.tsx'
import { Toolbar } from './toolbar.tsx'

/** Payments on a page. */
const SHOWN = 50

interface PartyResultsProps {
  readonly party: string
  readonly place: Place
  /** The chain's. */
  readonly length: number
}

export function PartyResults({ party, place, length }: PartyResultsProps) {
  const text = useText(chainText)
  const parts = useText(partsText)
  const language = useLanguage()
  const tip = useConnectionPart(({ info }) => info?.tip.hash ?? '')
  const before = beforeIn(place.query)
  const loaded = useLoaded(JSON.stringify([party, before]), tip, () =>
    client.payments({ party, limit: SHOWN, ...(before === undefined ? {} : { before }) }),
  )
  return (
    <div className="stack chain-results">
      <Toolbar key={party} length={length} start={party} onAgain={loaded.retry} />
      <h2>
        {text.resultsOf} <Party name={party} />
      </h2>
      <p className="row small">
        {before === undefined ? null : (
          <a href={hrefOf('chain', '', { party })}>{text.newestPayments}</a>
        )}
        <a href={hrefOf('chain')}>{text.wholeChain}</a>
      </p>
      <OtherCases party={party} tip={tip} />
      <PartyFacts party={party} tip={tip} />
      {loaded.state === 'loading' ? <Loading /> : null}
      {loaded.state === 'failed' ? <Trouble error={loaded.error} retry={loaded.retry} /> : null}
      {loaded.state !== 'loaded' ? null : loaded.value.payments.length === 0 ? (
        <Empty>{before === undefined ? text.noResults : text.noMoreResults}</Empty>
      ) : (
        <ol className="chain-found">
          {loaded.value.payments.map(({ index, hash, position, transaction }) => (
            <li key={`${index} ${position}`}>
              <a className="number" href={hrefOf('block', hash)}>
                {parts.block(countText(index, language))}
              </a>
              <PaymentLine payment={transaction} />
            </li>
          ))}
        </ol>
      )}
      {loaded.value?.next === undefined ? null : (
        <p>
          <a
            className="button"
            href={hrefOf('chain', '', { party, ...queryOf(loaded.value.next) })}
          >
            {text.olderPayments}
          </a>
        </p>
      )}
    </div>
  )
}

function queryOf({ index, position }: PaymentsPlace): Readonly<Record<string, string>> {
  return { before: String(index), position: String(position) }
}

function beforeIn(query: Place['query']): PaymentsPlace | undefined {
  const [index, position] = [Number(query.before), Number(query.position)]
  const isPlace = Number.isSafeInteger(index) && Number.isSafeInteger(position)
  return isPlace && index >= 1 && position >= 0 ? { index, position } : undefined
}
