/** Asks for the node's token when a change needs it: once, since the page then keeps it in memory. */
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { setTokenDialog } from '../node/client.ts'
import { Field } from '../parts/field.tsx'
import { frameText } from '../text/frame.ts'
import { useText } from '../text/language.ts'
import { partsText } from '../text/parts.ts'

/** What an Authorization header can carry. */
const TOKEN = /^[!-~]+$/

interface Question {
  readonly wasWrong: boolean
  readonly answer: (token: string | undefined) => void
}

export function TokenDialog() {
  const text = useText(frameText)
  const parts = useText(partsText)
  const dialog = useRef<HTMLDialogElement>(null)
  const [question, setQuestion] = useState<Question>()
  const [token, setToken] = useState('')

  useEffect(() => {
    setTokenDialog((wasWrong) => {
      const { promise, resolve } = Promise.withResolvers<string | undefined>()
      setQuestion({ wasWrong, answer: resolve })
      dialog.current?.showModal()
      return promise
    })
  }, [])

  function end(given: string | undefined): void {
    question?.answer(given)
    setQuestion(undefined)
    setToken('')
    dialog.current?.close()
  }

  function submit(event: FormEvent): void {
    event.preventDefault()
    if (TOKEN.test(token)) end(token)
  }

  return (
    <dialog ref={dialog} aria-labelledby="token-title" onClose={() => end(undefined)}>
      <form className="stack" onSubmit={submit}>
        <h2 id="token-title">{text.tokenTitle}</h2>
        <p className="quiet">{text.tokenWhy}</p>
        <Field
          label={text.token}
          type="password"
          value={token}
          onChange={setToken}
          error={question?.wasWrong === true && token === '' ? text.tokenWrong : undefined}
        />
        <div className="row">
          <button type="submit" className="button button-main" disabled={!TOKEN.test(token)}>
            {text.tokenGo}
          </button>
          <button type="button" className="button" onClick={() => end(undefined)}>
            {parts.cancel}
          </button>
        </div>
      </form>
    </dialog>
  )
}
