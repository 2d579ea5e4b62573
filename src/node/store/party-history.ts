/**
 * The payments of a party, read from the blocks that the store's index names. Invariant: the index
 * only says where to look; what is given stands in a block's text, and a block in which the party
 * does not stand is damage.
 */
import type { Block, Transaction } from '../../core/block.ts'
import type { Consensus } from '../../core/consensus.ts'
import { DecodeError } from '../../core/errors.ts'
import { formatJson, type Json } from '../../core/json/json.ts'
import { ElementScanner } from '../../core/json/scan.ts'
import { StoreError, type StoreReader, type TreeHeader } from './store.ts'
import { storedBlock, storedTransaction } from './stored.ts'

/**
 * Who pays or is paid in a block, each once. An index keeps UTF-8, which has no place for half of a surrogate
 * pair: U+FFFD stands for it.
 */
export function partiesOf({ transactions }: Block): ReadonlySet<string> {
  const parties = new Set<string>()
  for (const { sender, recipient } of transactions) {
    parties.add(sender.toWellFormed())
    parties.add(recipient.toWellFormed())
  }
  return parties
}

/** A transaction and where it is; `position` counts from 0 within its block. */
export interface PlacedTransaction {
  readonly header: TreeHeader
  readonly position: number
  readonly transaction: Transaction
}

/** Transactions that are looked at between two rests. */
const SLICE_TRANSACTIONS = 2_000

/**
 * What a party pays and is paid in a block that `blocksWith` has named, last first; with rests (undefined)
 * on the way, as a block may have many thousands of transactions. It is empty only where the block names
 * somebody whom the index cannot tell from the party.
 * @throws StoreError `store-damaged`
 */
export function* paymentsIn(
  header: TreeHeader,
  party: string,
  { reader, rules }: { reader: StoreReader; rules: Consensus },
): Generator<undefined, readonly PlacedTransaction[]> {
  const mayName = nameFilter(party)
  const scanner = new ElementScanner('transactions', { maxElementChars: header.sizeBytes })
  const found: PlacedTransaction[] = []
  let isNamed = false
  let position = 0
  let frame: Json
  try {
    for (const text of scanner.push(reader.text(header.hash) ?? '')) {
      if (mayName(text)) {
        const transaction = storedTransaction(rules, text)
        const names = [transaction.sender, transaction.recipient]
        isNamed ||= names.some((name) => name.toWellFormed() === party.toWellFormed())
        if (names.includes(party)) found.push({ header, position, transaction })
      }
      if (++position % SLICE_TRANSACTIONS === 0) yield
    }
    frame = scanner.end()
  } catch (error) {
    if (error instanceof DecodeError) throw misled(header, 'is damaged')
    throw error
  }
  if (!isBlockOf(header, frame, rules)) throw misled(header, 'is another')
  if (!isNamed) throw misled(header, 'has no transaction of the party')
  return found.reverse()
}

/** Whether a block is the one of a header, told by what stands around its transactions. */
function isBlockOf(header: TreeHeader, frame: Json, rules: Consensus): boolean {
  const { index, parent, timestamp, proof } = storedBlock(rules, formatJson(frame)).header
  return (
    index === header.index &&
    parent === header.parent &&
    timestamp === header.timestamp &&
    proof === header.proof
  )
}

/** Whether a stored transaction may name a party. Only a plain name is stored as it is, in quotes. */
function nameFilter(party: string): (text: string) => boolean {
  if (!/^[ !#-[\]-~]*$/.test(party)) return () => true
  return (text) => text.includes(`"${party}"`)
}

function misled({ index }: TreeHeader, what: string): StoreError {
  return new StoreError(
    'store-damaged',
    `the index of transactions is damaged: the block at index ${index} ${what}`,
  )
}
