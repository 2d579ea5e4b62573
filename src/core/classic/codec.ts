/**
 * Classic's blocks and transactions, from JSON and to their text. A block has exactly the keys
 * index, previous_hash, proof, timestamp, transactions; a transaction exactly amount, recipient,
 * sender. What is decoded here keeps its text; the hash is taken over the text as Python prints it.
 */
import type { Block, Header, Transaction } from '../block.ts'
import { detached } from '../detached.ts'
import { assert, RuleError } from '../errors.ts'
import { hashOfText, isBlockHash } from '../hash.ts'
import { type Json, JsonNumber, JsonObject } from '../json/json.ts'
import { MAX_BLOCK_BYTES, MAX_NUMBER_CHARS, MAX_PARTY_CHARS } from '../limits.ts'
import { asciiString, pythonNumber, writtenText } from './canonical.ts'

/** What a genesis must have in its place of a previous hash: the text "1", or the integer 1. */
export type GenesisLink = '"1"' | '1'

export const GENESIS_PROOF = 100

const BLOCK_KEYS = ['index', 'previous_hash', 'proof', 'timestamp', 'transactions']
const TRANSACTION_KEYS = ['amount', 'recipient', 'sender']
/** How much of somebody's text an error repeats. */
const SHOWN_CHARS = 80

const NATURAL = /^(?:0|[1-9]\d*)$/

/**
 * @throws RuleError `bad-block-type`, `bad-block-keys`, `bad-index`, `bad-timestamp`, `bad-proof`,
 *   `bad-previous-hash`, `bad-genesis`, `bad-blk-length` and those of `decodeTransaction`
 */
export function decodeBlock(json: Json, genesisLink: GenesisLink): Block {
  if (!(json instanceof JsonObject)) {
    throw new RuleError('bad-block-type', { expected: 'an object', got: typeName(json) })
  }
  checkKeys(json, BLOCK_KEYS, 'bad-block-keys')
  const index = natural(json.get('index'), 'bad-index', 1)
  const timestamp = finiteNumber(json.get('timestamp'), 'bad-timestamp')
  const proof = natural(json.get('proof'), 'bad-proof', 0)
  const previousHash = json.get('previous_hash')
  const parent = index === 1 ? undefined : linkedHash(previousHash)
  const transactions = decodeTransactions(json.get('transactions'))

  if (parent === undefined) checkGenesis({ previousHash, proof, transactions }, genesisLink)

  return makeBlock({ index, parent, proof, timestamp, transactions }, genesisLink)
}

/**
 * A block of checked parts: its text, its size, its hash.
 * @throws RuleError `bad-blk-length`
 */
export function makeBlock(fields: BlockFields, genesisLink: GenesisLink): Block {
  const { transactions, ...header } = fields
  const text = writtenBlockText(fields, genesisLink)
  if (text.length > MAX_BLOCK_BYTES) {
    throw new RuleError('bad-blk-length', {
      expected: `at most ${MAX_BLOCK_BYTES} bytes`,
      got: text.length,
    })
  }
  const hash = hashOfText(canonicalBlockText(fields, genesisLink))
  return { header: { hash, ...header }, transactions, text }
}

/** @throws RuleError `bad-transaction-type`, `bad-transaction-keys`, `bad-sender`, `bad-recipient`, `bad-amount` */
export function decodeTransaction(json: Json): Transaction {
  if (!(json instanceof JsonObject)) {
    throw new RuleError('bad-transaction-type', { expected: 'an object', got: typeName(json) })
  }
  checkKeys(json, TRANSACTION_KEYS, 'bad-transaction-keys')
  const sender = party(json.get('sender'), 'bad-sender')
  const recipient = party(json.get('recipient'), 'bad-recipient')
  const amount = finiteNumber(json.get('amount'), 'bad-amount')
  const text = printTransaction({ sender, recipient, amount })
  const printed = pythonNumber(amount)
  assert(printed !== undefined, 'a decoded amount is finite')
  // Most numbers are written as Python prints them, and then one text serves for both.
  const key = printed === amount ? text : printTransaction({ sender, recipient, amount: printed })
  return { sender, recipient, amount, text, key }
}

/** Keys in code-point order, as `json.dumps(transaction, sort_keys=True)` has them. */
function printTransaction(parts: Pick<Transaction, 'sender' | 'recipient' | 'amount'>): string {
  const { sender, recipient, amount } = parts
  return `{"amount": ${amount}, "recipient": ${asciiString(recipient)}, "sender": ${asciiString(sender)}}`
}

/** What a block's texts are made of: all but the hash, which is made of the text. */
export type BlockFields = Omit<Header, 'hash'> & { readonly transactions: readonly Transaction[] }

/** The text that a block's hash is taken over: the block as Python prints it. */
export function canonicalBlockText(fields: BlockFields, genesisLink: GenesisLink): string {
  const timestamp = pythonNumber(fields.timestamp)
  assert(timestamp !== undefined, 'a decoded timestamp is finite')
  const transactions = fields.transactions.map((t) => t.key)
  return printBlock({ ...fields, timestamp, genesisLink, transactions })
}

/** The text that is stored and served: the same, but every number as it was written. */
function writtenBlockText(fields: BlockFields, genesisLink: GenesisLink): string {
  return printBlock({
    ...fields,
    genesisLink,
    transactions: fields.transactions.map((t) => t.text),
  })
}

/** Keys in code-point order, as `json.dumps(block, sort_keys=True)` has them. */
function printBlock(
  parts: Omit<Header, 'hash'> & { genesisLink: GenesisLink; transactions: readonly string[] },
): string {
  const link = parts.parent === undefined ? parts.genesisLink : `"${parts.parent}"`
  return (
    `{"index": ${parts.index}, "previous_hash": ${link}, "proof": ${parts.proof}, ` +
    `"timestamp": ${parts.timestamp}, "transactions": [${parts.transactions.join(', ')}]}`
  )
}

function decodeTransactions(json: Json | undefined): readonly Transaction[] {
  if (!Array.isArray(json)) {
    throw new RuleError('bad-transactions', { expected: 'an array', got: typeName(json) })
  }
  return json.map((item: Json, position) => {
    try {
      return decodeTransaction(item)
    } catch (error) {
      if (!(error instanceof RuleError)) throw error
      throw new RuleError(error.code, { transaction: position, ...error.data })
    }
  })
}

function checkGenesis(
  block: { previousHash: Json | undefined; proof: number; transactions: readonly Transaction[] },
  genesisLink: GenesisLink,
): void {
  const { previousHash, proof, transactions } = block
  // Anything else is no link, and printing a large object would take its sender's time from us.
  const isToken = typeof previousHash === 'string' || previousHash instanceof JsonNumber
  if (!isToken || writtenText(previousHash) !== genesisLink) {
    const got = shown(previousHash)
    throw new RuleError('bad-genesis', { field: 'previous_hash', expected: genesisLink, got })
  }
  if (proof !== GENESIS_PROOF) {
    throw new RuleError('bad-genesis', { field: 'proof', expected: GENESIS_PROOF, got: proof })
  }
  if (transactions.length > 0) {
    const got = `${transactions.length} transaction(s)`
    throw new RuleError('bad-genesis', { field: 'transactions', expected: 'none', got })
  }
}

function checkKeys(
  object: JsonObject,
  expected: readonly string[],
  code: 'bad-block-keys' | 'bad-transaction-keys',
): void {
  // Mostly in the order in which they are stored.
  const isInOrder = (key: string, i: number) => object.entries[i]?.[0] === key
  if (object.entries.length === expected.length && expected.every(isInOrder)) return
  // As many as expected, and each of those: so there is none else, and none twice.
  const has = (key: string) => object.entries.some(([name]) => name === key)
  if (object.entries.length === expected.length && expected.every(has)) return
  const keys = object.entries.map(([key]) => key).sort()
  const atFault =
    keys.find((key, i) => !expected.includes(key) || key === keys[i + 1]) ??
    expected.find((key) => !keys.includes(key))
  throw new RuleError(code, {
    field: String(atFault).slice(0, SHOWN_CHARS),
    expected,
    got: keys.slice(0, 2 * expected.length).map((key) => key.slice(0, SHOWN_CHARS)),
  })
}

function natural(json: Json | undefined, code: 'bad-index' | 'bad-proof', least: number): number {
  const value = json instanceof JsonNumber && NATURAL.test(json.token) ? Number(json.token) : -1
  if (value >= least && Number.isSafeInteger(value)) return value
  throw new RuleError(code, { expected: `an integer from ${least} to 2^53-1`, got: shown(json) })
}

function finiteNumber(json: Json | undefined, code: 'bad-timestamp' | 'bad-amount'): string {
  if (
    json instanceof JsonNumber &&
    json.token.length <= MAX_NUMBER_CHARS &&
    pythonNumber(json.token) !== undefined
  ) {
    return detached(json.token)
  }
  const expected = `a finite number of at most ${MAX_NUMBER_CHARS} characters`
  throw new RuleError(code, { field: code.slice('bad-'.length), expected, got: shown(json) })
}

function party(json: Json | undefined, code: 'bad-sender' | 'bad-recipient'): string {
  if (typeof json === 'string' && json.length <= MAX_PARTY_CHARS) return detached(json)
  const got = typeof json === 'string' ? `${json.length} characters` : typeName(json)
  const expected = `a text of at most ${MAX_PARTY_CHARS} characters`
  throw new RuleError(code, { field: code.slice('bad-'.length), expected, got })
}

function linkedHash(json: Json | undefined) {
  if (typeof json === 'string' && isBlockHash(json)) return json
  throw new RuleError('bad-previous-hash', {
    expected: '64 lowercase hex digits',
    got: shown(json),
  })
}

function shown(json: Json | undefined): string {
  if (json === undefined) return 'nothing'
  return json instanceof JsonNumber || typeof json === 'string'
    ? writtenText(json).slice(0, SHOWN_CHARS)
    : typeName(json)
}

function typeName(json: Json | undefined): string {
  if (json === undefined) return 'nothing'
  if (json === null) return 'null'
  if (json instanceof JsonNumber) return 'a number'
  if (json instanceof JsonObject) return 'an object'
  return Array.isArray(json) ? 'an array' : `a ${typeof json}`
}
