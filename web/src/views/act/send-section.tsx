/** Sends a payment, and shows what waits for a block. */

import { type FormEvent, useEffect, useRef, useState } from 'react'
import { MAX_NUMBER_CHARS, MAX_PARTY_CHARS } from '../../../../src/core/limits.ts'
import { useSpec } from '../../chain/use-spec.ts'
import { change, client } from '../../node/client.ts'
import { useConnectionPart } from '../../node/use-connection.ts'
import { announce } from '../../parts/announce.ts'
import { Field } from '../../parts/field.tsx'
import { PaymentLine } from '../../parts/party.tsx'
import { Loading, Trouble } from '../../parts/states.tsx'
import { useAction } from '../../parts/use-action.ts'
import { useLoaded } from '../../parts/use-loaded.ts'
import { Words } from '../../parts/words.tsx'
import { actText } from '../../text/act.ts'
import { textNow, useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { refusedText } from '../../text/rules.ts'
import { type Draft, PAYMENT_FIELDS, type PaymentField, refusalOf } from './payment-check.ts'

const EMPTY: Draft = { sender: '', recipient: '', amount: '' }
/** Characters that a field may have. */
const CHARS: Readonly<Record<PaymentField, number>> = {
  sender: MAX_PARTY_CHARS,
  recipient: MAX_PARTY_CHARS,
  amount: MAX_NUMBER_CHARS,
}
/** Characters of a wrong amount that an error repeats. */
const MAX_REPEATED_CHARS = 40
/** Waiting payments that are listed. */
const LISTED = 20

export function SendSection() {
  const text = useText(actText)
  return (
    <>
      <p className="lead">
        <Words>{text.sendWhy}</Words>
      </p>
      <div className="columns">
        <SendForm />
        <Waiting />
      </div>
    </>
  )
}

function SendForm() {
  const text = useText(actText)
  const language = useLanguage()
  const { draft, type, isTouched, errorOf, touchAll, clearAmount } = useDraft()
  const form = useRef<HTMLFormElement>(null)
  const [refusals, setRefusals] = useState(0)
  const sending = useAction(async (_signal, payment: Draft) => {
    const { index } = await change((node) => node.send(payment))
    clearAmount()
    announce(textNow(actText).sent(countText(index, language)))
    return index
  })
  useEffect(() => {
    if (refusals === 0) return
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [refusals])

  function submit(event: FormEvent): void {
    event.preventDefault()
    if (touchAll()) sending.run(draft)
    else setRefusals((count) => count + 1)
  }

  return (
    <form className="stack send-form" ref={form} onSubmit={submit}>
      {PAYMENT_FIELDS.map((field) => (
        <Field
          key={field}
          label={text[field]}
          value={draft[field]}
          onChange={(value) => {
            // What was said of the last payment is not said of this one.
            sending.clear()
            type(field, value)
          }}
          error={errorOf(field)}
          hint={hintOf(field)}
          inputMode={field === 'amount' ? 'decimal' : 'text'}
          isMono={field === 'amount'}
        />
      ))}
      <div className="row">
        <button type="submit" className="button button-main" disabled={sending.isRunning}>
          {text.sendGo}
        </button>
      </div>
      {sending.error === undefined ? null : <Trouble error={sending.error} />}
      {sending.result === undefined ? null : (
        <p className="said">{text.sent(countText(sending.result, language))}</p>
      )}
    </form>
  )

  function hintOf(field: PaymentField): string | undefined {
    if (field === 'amount') return text.amountHint
    return isTouched(field) && draft[field] === '' ? text.emptyParty : undefined
  }
}

/** What is typed, and what the rules say to it. Nobody is told of an error before having typed. */
function useDraft() {
  const text = useText(actText)
  const refused = useText(refusedText)
  const language = useLanguage()
  const [draft, setDraft] = useState(EMPTY)
  const [touched, setTouched] = useState<readonly PaymentField[]>([])
  const spec = useSpec()

  const isTouched = (field: PaymentField) => touched.includes(field)

  /** Without the rules, the node is the first to say no. */
  function codeOf(field: PaymentField): string | undefined {
    const rules = spec?.rules
    return rules === undefined ? undefined : refusalOf(rules, field, draft[field])
  }

  function errorOf(field: PaymentField): string | undefined {
    const code = isTouched(field) ? codeOf(field) : undefined
    if (code === undefined) return undefined
    const limit = countText(CHARS[field], language)
    return text.wrong(refused[code] ?? code, text.expected[field](limit), gotOf(field))
  }

  function gotOf(field: PaymentField): string {
    const typed = draft[field]
    if (typed === '') return text.nothing
    if (field === 'amount' && typed.length <= MAX_REPEATED_CHARS) return typed
    return text.characters(countText(typed.length, language))
  }

  return {
    draft,
    isTouched,
    errorOf,
    type: (field: PaymentField, value: string) => {
      setDraft((before) => ({ ...before, [field]: value }))
      setTouched((before) => (before.includes(field) ? before : [...before, field]))
    },
    /** Shows every error; whether there is none. */
    touchAll: () => {
      setTouched(PAYMENT_FIELDS)
      return PAYMENT_FIELDS.every((field) => codeOf(field) === undefined)
    },
    /** The next payment is often between the same two. */
    clearAmount: () => {
      setDraft((before) => ({ ...before, amount: '' }))
      setTouched([])
    },
  }
}

function Waiting() {
  const text = useText(actText)
  const language = useLanguage()
  const version = useConnectionPart(({ info }) =>
    info === undefined ? '' : `${info.tip.hash} ${info.currentTransactions}`,
  )
  const loaded = useLoaded('waiting', version, () => client.waiting(LISTED))
  return (
    <div className="stack">
      <h3>
        {text.waiting}
        {loaded.state === 'loaded' ? (
          <span className="chip waiting-count number">
            {countText(loaded.value.length, language)}
          </span>
        ) : null}
      </h3>
      {loaded.state === 'loading' ? <Loading /> : null}
      {loaded.state === 'failed' ? <Trouble error={loaded.error} retry={loaded.retry} /> : null}
      {loaded.state === 'loaded' ? <WaitingList {...loaded.value} /> : null}
    </div>
  )
}

function WaitingList({ transactions, length }: Awaited<ReturnType<typeof client.waiting>>) {
  const text = useText(actText)
  const language = useLanguage()
  if (length === 0) return <p className="quiet">{text.waitingNone}</p>
  const rest = length - transactions.length
  return (
    <>
      <ol className="waiting">
        {numbered(transactions).map(([place, payment]) => (
          <li key={place}>
            <PaymentLine payment={payment} />
          </li>
        ))}
      </ol>
      {rest > 0 ? <p className="quiet small">{text.more(countText(rest, language))}</p> : null}
    </>
  )
}

/** Payments may be equal; only their places tell them apart. */
function numbered<T>(items: readonly T[]): [number, T][] {
  return items.map((item, place) => [place, item])
}
