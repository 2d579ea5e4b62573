/**
 * Classic's blocks and transactions as text, and their hash. A block is stored and served as one text with
 * every number as it was written; the hash is taken over the text as Python prints it.
 */
import type { Block, Header, Transaction } from '../block.ts'
import { assert } from '../errors.ts'
import { hashOfText } from '../hash.ts'
import { asciiString, pythonNumber } from './canonical.ts'

/** What a genesis must have in its place of a previous hash: the text "1", or the integer 1. */
export type GenesisLink = '"1"' | '1'

/** What a block's texts are made of: all but the hash, which is made of the text. */
export type BlockFields = Omit<Header, 'hash'> & { readonly transactions: readonly Transaction[] }

type TransactionFields = Pick<Transaction, 'sender' | 'recipient' | 'amount'>

/** A transaction of checked parts. @param printed its amount as Python prints it */
export function makeTransaction(fields: TransactionFields, printed: string): Transaction {
  const text = printTransaction(fields)
  // Most numbers are written as Python prints them, and then one text serves for both.
  const isPlain = printed === fields.amount
  const key = isPlain ? text : printTransaction({ ...fields, amount: printed })
  return { ...fields, text, key }
}

/** A block of checked parts. @param text as `writtenBlockText` gives it */
export function makeBlock(fields: BlockFields, genesisLink: GenesisLink, text: string): Block {
  const { transactions, ...header } = fields
  const hash = hashOfText(canonicalBlockText(fields, genesisLink))
  return { header: { hash, ...header }, transactions, text }
}

/** The text that a block's hash is taken over: the block as Python prints it. */
export function canonicalBlockText(fields: BlockFields, genesisLink: GenesisLink): string {
  const timestamp = pythonNumber(fields.timestamp)
  assert(timestamp !== undefined, 'a checked timestamp is finite')
  const transactions = fields.transactions.map((t) => t.key)
  return printBlock({ ...fields, timestamp, genesisLink, transactions })
}

/** The text that is stored and served: the same, but every number as it was written. */
export function writtenBlockText(fields: BlockFields, genesisLink: GenesisLink): string {
  const transactions = fields.transactions.map((t) => t.text)
  return printBlock({ ...fields, genesisLink, transactions })
}

/** Keys in code-point order, as `json.dumps(transaction, sort_keys=True)` has them. */
function printTransaction({ sender, recipient, amount }: TransactionFields): string {
  return `{"amount": ${amount}, "recipient": ${asciiString(recipient)}, "sender": ${asciiString(sender)}}`
}

/** Keys in code-point order, as `json.dumps(block, sort_keys=True)` has them. */
function printBlock(
  parts: Omit<Header, 'hash' | 'raw'> & {
    genesisLink: GenesisLink
    transactions: readonly string[]
  },
): string {
  const link = parts.parent === undefined ? parts.genesisLink : `"${parts.parent}"`
  return (
    `{"index": ${parts.index}, "previous_hash": ${link}, "proof": ${parts.proof}, ` +
    `"timestamp": ${parts.timestamp}, "transactions": [${parts.transactions.join(', ')}]}`
  )
}
