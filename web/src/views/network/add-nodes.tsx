/** The form that registers other nodes; says while one types what it will take, and what it will not. */
import { type FormEvent, useState } from 'react'
import { change } from '../../node/client.ts'
import { announce } from '../../parts/announce.ts'
import { Field } from '../../parts/field.tsx'
import { Trouble } from '../../parts/states.tsx'
import { useAction } from '../../parts/use-action.ts'
import { useText } from '../../text/language.ts'
import { networkText } from '../../text/network.ts'
import { readAddresses } from './addresses.ts'

export interface AddNodesProps {
  /** Addresses that are registered already. */
  readonly known: ReadonlySet<string>
  readonly onAdded: () => void
}

export function AddNodes({ known, onAdded }: AddNodesProps) {
  const text = useText(networkText)
  const [typed, setTyped] = useState('')
  const { addresses, malformed } = readAddresses(typed)
  const fresh = addresses.filter((address) => !known.has(address))
  const { run, isRunning, result, error, clear } = useAction(
    async (_signal, wanted: readonly string[]) => {
      const { message } = await change((client) => client.register(wanted))
      setTyped('')
      announce(message)
      onAdded()
      return message
    },
  )
  const canAdd = addresses.length > 0 && malformed.length === 0 && !isRunning

  function submit(event: FormEvent) {
    event.preventDefault()
    if (canAdd) run(addresses)
  }

  return (
    <section className="stack" aria-labelledby="add-nodes">
      <h2 id="add-nodes">{text.add}</h2>
      <form className="add-nodes" onSubmit={submit}>
        <Field
          label={text.addresses}
          value={typed}
          onChange={(value) => {
            // What was said of the last addresses is not said of these.
            clear()
            setTyped(value)
          }}
          hint={hint()}
          error={malformed.length === 0 ? undefined : text.malformed(malformed.join(' '))}
          isMono
        />
        <button type="submit" className="button button-main" disabled={!canAdd}>
          {text.addButton}
        </button>
      </form>
      {result === undefined ? null : (
        <p className="said">
          {text.nodeSays} <bdi>{result}</bdi>
        </p>
      )}
      {error === undefined ? null : <Trouble error={error} />}
      <p className="quiet small lead">{text.registerHint}</p>
    </section>
  )

  function hint(): string {
    if (addresses.length === 0) return text.addressesHint
    return fresh.length === 0 ? text.known(addresses.join(' ')) : text.willAdd(fresh.join(' '))
  }
}
