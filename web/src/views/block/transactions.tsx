/** All transactions of a block: the first hundred at once, more when asked for. */
import { useState } from 'react'
import type { ServedTransaction } from '../../../../src/api/client/responses.ts'
import { Empty } from '../../parts/states.tsx'
import { blockText } from '../../text/block.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'

const SHOWN = 100
/** Who pays a miner: the last transaction, if it is from here. */
const REWARD = '0'

export function Transactions({ payments }: { payments: readonly ServedTransaction[] }) {
  const text = useText(blockText)
  const language = useLanguage()
  const [shown, setShown] = useState(SHOWN)
  const rows = payments.slice(0, shown).map((payment, i) => ({ payment, position: i + 1 }))
  const hidden = Math.max(0, payments.length - shown)
  return (
    <section className="stack" aria-labelledby="block-transactions">
      <h2 id="block-transactions">
        {text.transactions}{' '}
        <span className="quiet number">{countText(payments.length, language)}</span>
      </h2>
      {payments.length === 0 ? (
        <Empty>{text.noTransactions}</Empty>
      ) : (
        <table className="payments">
          <thead>
            <tr>
              <th scope="col">{text.sender}</th>
              <th scope="col">{text.recipient}</th>
              <th scope="col" className="payments-amount">
                {text.amount}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ payment, position }) => (
              <Row
                key={position}
                payment={payment}
                isReward={position === payments.length && payment.sender === REWARD}
              />
            ))}
          </tbody>
        </table>
      )}
      {hidden === 0 ? null : (
        <div>
          <button type="button" className="button" onClick={() => setShown(shown + 10 * SHOWN)}>
            {text.more(countText(Math.min(hidden, 10 * SHOWN), language))}
          </button>
        </div>
      )}
    </section>
  )
}

function Row({ payment, isReward }: { payment: ServedTransaction; isReward: boolean }) {
  const text = useText(blockText)
  return (
    <tr>
      <td>
        <Name name={payment.sender} />{' '}
        {isReward ? <span className="quiet small">{text.reward}</span> : null}
      </td>
      <td>
        <Name name={payment.recipient} />
      </td>
      <td className="amount payments-amount">{payment.amount}</td>
    </tr>
  )
}

function Name({ name }: { name: string }) {
  const text = useText(blockText)
  return name === '' ? (
    <span className="quiet">{text.empty}</span>
  ) : (
    <bdi className="party">{name}</bdi>
  )
}
