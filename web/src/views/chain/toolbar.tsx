/** The bar that stays at the top: to a height, to a block, to a party's payments. */
import { type ReactNode, type RefObject, type SubmitEvent, useState } from 'react'
import { NodeRefusal } from '../../../../src/api/client/client.ts'
import { hrefOf } from '../../frame/place.ts'
import { go } from '../../frame/use-place.ts'
import { client } from '../../node/client.ts'
import { announce } from '../../parts/announce.ts'
import { Field } from '../../parts/field.tsx'
import { Trouble } from '../../parts/states.tsx'
import { useAction } from '../../parts/use-action.ts'
import { chainText } from '../../text/chain.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { soughtIn } from './search.ts'

interface ToolbarProps {
  readonly bar?: RefObject<HTMLDivElement | null>
  /** The chain's. */
  readonly length: number
  /** What the field begins with. */
  readonly start: string
  /** Goes to the address where the page already is. */
  readonly onAgain: () => void
  readonly children?: ReactNode
}

export function Toolbar({ bar, length, start, onAgain, children }: ToolbarProps) {
  const text = useText(chainText)
  const language = useLanguage()
  const [typed, setTyped] = useState(start)
  const [problem, setProblem] = useState<string>()
  const sought = soughtIn(typed)

  // Following a link to where the page already is changes no address, and so would do nothing.
  const again = (href: string) => {
    if (location.hash === href) onAgain()
  }
  const visit = (href: string) => {
    again(href)
    go(href)
  }
  const complain = (said: string) => {
    setProblem(said)
    announce(said)
  }
  const block = useAction(async (_signal, hash: string) => {
    try {
      await client.blockText(hash)
    } catch (error) {
      if (!(error instanceof NodeRefusal) || error.code !== 'block-not-found') throw error
      complain(text.noHash)
      return
    }
    go(hrefOf('block', hash))
  })

  const visitParty = (party: string) => {
    if (party.isWellFormed()) visit(hrefOf('chain', '', { party }))
    else complain(text.notText)
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    setProblem(undefined)
    block.clear()
    switch (sought.type) {
      case 'height':
        if (sought.index >= 1 && sought.index <= length) visit(hrefOf('chain', sought.index))
        else complain(text.noHeight(typed.trim(), countText(length, language)))
        break
      case 'hash':
        void block.run(sought.hash)
        break
      case 'party':
        visitParty(sought.party)
        break
      case 'nothing':
        break
    }
  }
  return (
    <div className="chain-toolbar" ref={bar}>
      <search className="chain-search">
        <form onSubmit={submit}>
          <Field
            label={text.search}
            value={typed}
            error={problem}
            onChange={(value) => {
              setTyped(value)
              setProblem(undefined)
            }}
          />
          <button type="submit" className="button" disabled={block.isRunning}>
            {text.go}
          </button>
          {sought.type === 'height' || sought.type === 'hash' ? (
            <button type="button" className="button" onClick={() => visitParty(typed.trim())}>
              {text.asParty}
            </button>
          ) : null}
        </form>
      </search>
      <p className="chain-ends row small">
        <a href={hrefOf('chain')} onClick={() => again(hrefOf('chain'))}>
          {text.toNewest}
        </a>
        <a href={hrefOf('chain', 1)} onClick={() => again(hrefOf('chain', 1))}>
          {text.toFirst}
        </a>
      </p>
      {block.error === undefined ? null : <Trouble error={block.error} />}
      {children}
    </div>
  )
}
