/** The payments of both sides of a fork in three lists, and whether those that were lost wait again. */

import type { ServedTransaction } from '../../../../src/api/client/responses.ts'
import { foundAmong, withKeys } from '../../chain/difference.ts'
import type { ForkBlock, ForkRead } from '../../chain/reading.ts'
import { client } from '../../node/client.ts'
import { useConnectionPart } from '../../node/use-connection.ts'
import { PaymentLine } from '../../parts/party.tsx'
import { Trouble } from '../../parts/states.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { branchText } from '../../text/branch.ts'
import { useLanguage, useText } from '../../text/language.ts'
import { countText } from '../../text/numbers.ts'
import { indexesOnOther, type Listed, listedOf } from './listed.ts'

/** Transactions that wait of which the first are looked through. */
const LOOKED_THROUGH = 1_000

export function Differences({ read }: { read: ForkRead }) {
  const text = useText(branchText)
  const language = useLanguage()
  const waits = useWaiting()
  const { lost, won } = read
  const onlyLost = listedOf(lost, 'only')
  const both = listedOf(lost, 'both')
  const blocks = (side: readonly ForkBlock[]) =>
    text.blocks(countText(side.length, language), side.length === 1)
  const isWhole = read.lostUnread === 0 && read.wonUnread === 0
  return (
    <section className="stack" aria-labelledby="branch-differences">
      <h2 id="branch-differences">{text.differences}</h2>
      <p className="lead small">
        {text.aside} {isWhole ? null : text.compared(blocks(lost), blocks(won))}
      </p>
      {waits.error === undefined ? null : <Trouble error={waits.error} retry={waits.retry} />}
      <div className="columns">
        <List title={text.onlyLost} listed={onlyLost} notes={waits.notes(onlyLost.payments)} />
        <List title={text.onlyWon} listed={listedOf(won, 'only')} />
        <List title={text.both} listed={both} places={indexesOnOther(both.payments, won)} />
      </div>
    </section>
  )
}

interface ListProps {
  readonly title: string
  readonly listed: Listed
  /** What is to be said of each. */
  readonly notes?: readonly string[]
  /** The index of the block that each is in on the other side. */
  readonly places?: readonly (number | undefined)[]
}

function List({ title, listed, notes = [], places = [] }: ListProps) {
  const text = useText(branchText)
  const language = useLanguage()
  const { payments, count } = listed
  return (
    <section className="branch-list">
      <h3>
        {title} <span className="number quiet">{countText(count, language)}</span>
      </h3>
      {count === 0 ? <p className="quiet small">{text.noneOfThem}</p> : null}
      <ul>
        {withKeys(payments).map(({ key, payment }, i) => (
          <li key={key}>
            <PaymentLine payment={payment} />
            <span className="quiet small">{placeText(listed.indexes[i], places[i])}</span>
            {notes[i] === undefined ? null : <span className="branch-note small">{notes[i]}</span>}
          </li>
        ))}
      </ul>
      {count > payments.length ? (
        <p className="quiet small">{text.more(countText(count - payments.length, language))}</p>
      ) : null}
    </section>
  )

  function placeText(index = 0, other?: number): string {
    const here = countText(index, language)
    if (other === undefined) return text.inBlock(here)
    return text.inBlocks(here, countText(other, language))
  }
}

/** What waits now, and what that says of payments. */
function useWaiting() {
  const text = useText(branchText)
  const language = useLanguage()
  const version = useConnectionPart(
    ({ info }) => `${info?.currentTransactions} ${info?.tip.hash ?? ''}`,
  )
  const loaded = useLoaded('waiting', version, () => client.waiting(LOOKED_THROUGH))
  const error = loaded.state === 'failed' ? loaded.error : undefined
  return { notes, error, retry: loaded.retry }

  function notes(payments: readonly ServedTransaction[]): readonly string[] {
    if (loaded.value === undefined) return []
    const { transactions, length } = loaded.value
    const isAll = length <= transactions.length
    const not = isAll ? text.gone : text.unknown(countText(transactions.length, language))
    return foundAmong(payments, transactions).map((waits) => (waits ? text.waits : not))
  }
}
