/**
 * The payments of a party, read from the blocks that the store's index names. Invariant: the index
 * only says where to look; what is given stands in a block's text, and a block in which the party
 * does not stand is damage.
 */
import type { Transaction } from '../../core/block.ts'
import type { Consensus } from '../../core/consensus.ts'
import { StoreError, type StoreReader, type TreeHeader } from './store.ts'
import { storedBlock } from './stored.ts'

/** A transaction and where it is; `position` counts from 0 within its block. */
export interface PlacedTransaction {
  readonly header: TreeHeader
  readonly position: number
  readonly transaction: Transaction
}

/**
 * What a party pays and is paid in a block that `blocksWith` has named, last first. It is empty only
 * where the block names somebody whom the index cannot tell from the party.
 * @throws StoreError `store-damaged`
 */
export function paymentsIn(
  header: TreeHeader,
  party: string,
  { reader, rules }: { reader: StoreReader; rules: Consensus },
): readonly PlacedTransaction[] {
  const block = storedBlock(rules, reader.text(header.hash) ?? '')
  if (block.header.hash !== header.hash) throw misled(header, 'is another')
  const isSearched = (name: string) => name.toWellFormed() === party.toWellFormed()
  const searched = block.transactions
    .map((transaction, position) => ({ header, position, transaction }))
    .filter(({ transaction: { sender, recipient } }) => [sender, recipient].some(isSearched))
  if (searched.length === 0) throw misled(header, 'has no transaction of the party')
  return searched
    .filter(({ transaction: { sender, recipient } }) => [sender, recipient].includes(party))
    .reverse()
}

function misled({ index }: TreeHeader, what: string): StoreError {
  return new StoreError(
    'store-damaged',
    `the index of transactions is damaged: the block at index ${index} ${what}`,
  )
}
