/** Who pays or is paid, and how much: texts of anybody's, shown as text and bounded in length. */
import type { ServedTransaction } from '../../../src/api/client/responses.ts'
import { useText } from '../text/language.ts'
import { partsText } from '../text/parts.ts'

/** Node ids have 32 digits; people have names. */
const SHOWN = 16
/** Who pays a miner, in classic. */
const REWARD = '0'

export function Party({ name }: { name: string }) {
  const text = useText(partsText)
  if (name === '') return <span className="quiet">{text.nobody}</span>
  if (name === REWARD) return <span className="quiet">{text.reward}</span>
  const shown = name.length <= SHOWN ? name : `${name.slice(0, SHOWN - 4)}…`
  return (
    <bdi className="party" title={name}>
      {shown}
    </bdi>
  )
}

/** A payment in one line. */
export function PaymentLine({ payment }: { payment: ServedTransaction }) {
  const { sender, recipient, amount } = payment
  return (
    <span className="payment">
      <Party name={sender} /> <span aria-hidden="true">→</span> <Party name={recipient} />{' '}
      <span className="amount" title={amount}>
        {amount.length <= SHOWN ? amount : `${amount.slice(0, SHOWN - 4)}…`}
      </span>
    </span>
  )
}
