/** A block's transactions for editing: the first twenty at once, more when asked for. */
import { useRef, useState } from 'react'
import type { ServedTransaction } from '../../../../src/api/client/responses.ts'
import { announce } from '../../parts/announce.ts'
import { labText } from '../../text/lab.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { isSamePayment, withOneMorePayment, withoutPayment, withPayment } from './draft.ts'
import { edit } from './workbench.ts'

const SHOWN = 20
const PARTS = ['sender', 'recipient', 'amount'] as const

interface PaymentFieldsProps {
  /** The block's position in the copy. */
  readonly at: number
  readonly payments: readonly ServedTransaction[]
  readonly originals: readonly ServedTransaction[]
  /** The position of the transaction that the rules refuse. */
  readonly faultAt: number | undefined
  readonly isLocked: boolean
}

export function PaymentFields(props: PaymentFieldsProps) {
  const { at, payments, originals, faultAt, isLocked } = props
  const text = useText(labText)
  const language = useLanguage()
  const [shown, setShown] = useState(SHOWN)
  const adding = useRef<HTMLButtonElement>(null)
  const rows = payments.slice(0, shown).map((payment, i) => ({ payment, position: i }))
  const hidden = payments.length - rows.length
  return (
    <fieldset className="lab-payments stack" disabled={isLocked}>
      <legend className="label">
        {text.payments} <span className="number">{countText(payments.length, language)}</span>
      </legend>
      {rows.map(({ payment, position }) => (
        <PaymentRow
          key={position}
          payment={payment}
          position={position}
          // After one has been removed the rest have moved up, and compare with nothing.
          before={originals.length === payments.length ? originals[position] : undefined}
          isAtFault={position === faultAt}
          change={(changed) => edit(at, (draft) => withPayment(draft, position, changed))}
          remove={() => {
            edit(at, (draft) => withoutPayment(draft, position))
            announce(text.removed(countText(position + 1, language)))
            // The button that was pressed is gone or is another's.
            adding.current?.focus()
          }}
        />
      ))}
      <div className="row">
        {hidden === 0 ? null : (
          <button
            type="button"
            className="button button-small"
            onClick={() => setShown(shown + 5 * SHOWN)}
          >
            {text.showMore(countText(Math.min(hidden, 5 * SHOWN), language))}
          </button>
        )}
        <button
          ref={adding}
          type="button"
          className="button button-small"
          onClick={() => {
            edit(at, withOneMorePayment)
            // What has been added is to be seen, behind however many there are.
            setShown(Math.max(shown, payments.length + 1))
          }}
        >
          {text.add}
        </button>
      </div>
    </fieldset>
  )
}

interface PaymentRowProps {
  readonly payment: ServedTransaction
  readonly position: number
  readonly before: ServedTransaction | undefined
  readonly isAtFault: boolean
  readonly change: (payment: ServedTransaction) => void
  readonly remove: () => void
}

function PaymentRow(props: PaymentRowProps) {
  const { payment, position, before, isAtFault, change, remove } = props
  const text = useText(labText)
  const language = useLanguage()
  const number = countText(position + 1, language)
  return (
    <div className="lab-payment" data-fault={isAtFault}>
      {PARTS.map((part) => (
        <div key={part}>
          {/* Each field has its own name for those who do not see the column. */}
          <span className="label" aria-hidden="true">
            {text[part]}
          </span>
          <input
            className={part === 'amount' ? 'input mono' : 'input'}
            aria-label={text.of(text[part], number)}
            value={payment[part]}
            autoComplete="off"
            spellCheck={false}
            onChange={({ target }) => change({ ...payment, [part]: target.value })}
          />
        </div>
      ))}
      <button
        type="button"
        className="button button-small"
        aria-label={text.removeOne(number)}
        title={text.remove}
        onClick={remove}
      >
        ×
      </button>
      {before === undefined || isSamePayment(payment, before) ? null : (
        <p className="hint">
          {text.was(`${before.sender} → ${before.recipient} ${before.amount}`)}
        </p>
      )}
    </div>
  )
}
