/** The block that is next: what waits for it, and the reward that its miner will add. */
import { hrefOf } from '../../frame/place.ts'
import { client } from '../../node/client.ts'
import { PaymentLine } from '../../parts/party.tsx'
import { Trouble } from '../../parts/states.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { nowText } from '../../text/now.ts'
import { countText } from '../../text/numbers.ts'

/** Waiting payments that are drawn; the others are counted. */
const LISTED = 4

/** @param version changes whenever something else waits */
export function PendingBlock({ index, version }: { index: number; version: string }) {
  const text = useText(nowText)
  const language = useLanguage()
  const loaded = useLoaded('waiting', version, () => client.waiting(LISTED))
  const payments = loaded.value?.transactions ?? []
  const rest = (loaded.value?.length ?? 0) - payments.length
  return (
    <article className="picture-block picture-pending">
      <h3>{text.pending(countText(index, language))}</h3>
      {loaded.state === 'failed' ? <Trouble error={loaded.error} retry={loaded.retry} /> : null}
      {loaded.value?.length === 0 ? (
        <p className="small quiet">
          {text.nothingWaits} <a href={hrefOf('act', 'send')}>{text.sendOne}</a>
        </p>
      ) : (
        <ul className="picture-waiting small">
          {payments.map((payment, place) => {
            const key = `${place} ${payment.sender} ${payment.recipient} ${payment.amount}`
            return (
              <li key={key}>
                <PaymentLine payment={payment} />
              </li>
            )
          })}
          {rest > 0 ? <li className="quiet">{text.more(countText(rest, language))}</li> : null}
        </ul>
      )}
      <p className="small quiet">{text.reward}</p>
    </article>
  )
}
