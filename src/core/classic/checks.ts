/**
 * The checks of a classic block, in the order in which they are made: first the form of the one text that a
 * block is, field by field, then its place after the block before.
 */

import type { Header } from '../block.ts'
import { type Row, Rows } from '../checks.ts'
import type { Compared } from '../errors.ts'
import { type Json, JsonNumber, JsonObject } from '../json/json.ts'
import { MAX_BLOCK_BYTES, MAX_NUMBER_CHARS, MAX_PARTY_CHARS } from '../limits.ts'
import { type DecimalPuzzle, puzzleDigest, solves } from '../puzzle.ts'
import { writtenText } from './canonical.ts'
import type { GenesisLink } from './codec.ts'
import type { BlockReading, TransactionReading } from './reading.ts'

export const GENESIS_PROOF = 100

const BLOCK_KEYS = ['index', 'previous_hash', 'proof', 'timestamp', 'transactions']
const TRANSACTION_KEYS = ['amount', 'recipient', 'sender']
/** How much of somebody's text an error repeats. */
const SHOWN_CHARS = 80

const A_FINITE_NUMBER = `a finite number of at most ${MAX_NUMBER_CHARS} characters`
const A_PARTY = `a text of at most ${MAX_PARTY_CHARS} characters`

const BOUNDED = 'ours: a bound on what others send'
const NEW_BLOCK = { source: 'the tutorial, new_block' }
const NEW_TRANSACTION = { source: 'the tutorial, new_transaction' }
const VALID_CHAIN = { source: 'the tutorial, valid_chain', of: 'later' } as const

interface ClassicChecks {
  readonly genesisLink: GenesisLink
  readonly puzzle: (parent: Header) => DecimalPuzzle
}

/** The table of a chain with this link of its genesis, and these puzzles. */
export function classicChecks({
  genesisLink,
  puzzle,
}: ClassicChecks): readonly Row<BlockReading, TransactionReading>[] {
  const rows = new Rows<BlockReading, TransactionReading>()
  return [
    rows.form('bad-block-type', NEW_BLOCK, ({ object, json }) => {
      return object === undefined ? noObject(json) : undefined
    }),
    rows.form('bad-block-keys', NEW_BLOCK, ({ object }) => object && otherKeys(object, BLOCK_KEYS)),
    rows.form('bad-index', NEW_BLOCK, ({ index, object }) => {
      return index === undefined ? noNatural(object?.get('index'), 1) : undefined
    }),
    rows.form('bad-timestamp', bounded(NEW_BLOCK), ({ timestamp, object }) => {
      return timestamp === undefined ? wrong('timestamp', A_FINITE_NUMBER, object) : undefined
    }),
    rows.form('bad-proof', bounded(NEW_BLOCK), ({ proof, object }) => {
      return proof === undefined ? noNatural(object?.get('proof'), 0) : undefined
    }),
    rows.form('bad-previous-hash', VALID_CHAIN, ({ parent, previousHash }) => {
      if (parent !== undefined) return undefined
      return { expected: '64 lowercase hex digits', got: shown(previousHash) }
    }),
    rows.form('bad-transactions', NEW_BLOCK, ({ transactions, object }) => {
      if (transactions !== undefined) return undefined
      return { expected: 'an array', got: typeName(object?.get('transactions')) }
    }),
    rows.transaction('bad-transaction-type', NEW_TRANSACTION, ({ object, json }) => {
      return object === undefined ? noObject(json) : undefined
    }),
    rows.transaction('bad-transaction-keys', NEW_TRANSACTION, ({ object }) => {
      return object && otherKeys(object, TRANSACTION_KEYS)
    }),
    rows.transaction('bad-sender', bounded(NEW_TRANSACTION), ({ sender, object }) => {
      return sender === undefined ? noParty('sender', object) : undefined
    }),
    rows.transaction('bad-recipient', bounded(NEW_TRANSACTION), ({ recipient, object }) => {
      return recipient === undefined ? noParty('recipient', object) : undefined
    }),
    rows.transaction('bad-amount', bounded(NEW_TRANSACTION), ({ amount, object }) => {
      return amount === undefined ? wrong('amount', A_FINITE_NUMBER, object) : undefined
    }),
    rows.form(
      'bad-genesis',
      { source: "the tutorial, __init__: new_block(previous_hash='1', proof=100)", of: 'genesis' },
      (read) => noGenesis(read, genesisLink),
    ),
    rows.form('bad-blk-length', { source: BOUNDED }, ({ text }) => tooLong(text)),
    rows.place('bad-index', NEW_BLOCK, ({ header: { index }, past: { parent } }) => {
      const expected = (parent?.index ?? 0) + 1
      return index === expected ? undefined : { expected, got: index }
    }),
    rows.place('bad-previous-hash', VALID_CHAIN, ({ header, past: { parent } }) => {
      if (parent === undefined || header.parent === parent.hash) return undefined
      return { expected: parent.hash, got: String(header.parent) }
    }),
    rows.place('high-hash', VALID_CHAIN, ({ header: { proof }, past: { parent } }) => {
      const work = parent && puzzle(parent)
      if (work === undefined || solves(work, proof)) return undefined
      return { expected: `${work.zeros} leading zeros`, got: puzzleDigest(work, proof) }
    }),
  ]
}

function bounded({ source }: { source: string }): { source: string } {
  return { source: `${source}; ${BOUNDED}` }
}

/** Why a block's text is longer than a block may be, if it is. */
export function tooLong(text: string): Compared | undefined {
  if (text.length <= MAX_BLOCK_BYTES) return undefined
  return { expected: `at most ${MAX_BLOCK_BYTES} bytes`, got: text.length }
}

function noGenesis(
  { previousHash, proof, transactions = [] }: BlockReading,
  genesisLink: GenesisLink,
): (Compared & { readonly field: string }) | undefined {
  // Anything else is no link, and printing a large object would take its sender's time from us.
  const isToken = typeof previousHash === 'string' || previousHash instanceof JsonNumber
  if (!isToken || writtenText(previousHash) !== genesisLink) {
    return { field: 'previous_hash', expected: genesisLink, got: shown(previousHash) }
  }
  if (proof !== GENESIS_PROOF) {
    return { field: 'proof', expected: GENESIS_PROOF, got: proof ?? 'nothing' }
  }
  if (transactions.length === 0) return undefined
  return { field: 'transactions', expected: 'none', got: `${transactions.length} transaction(s)` }
}

function otherKeys(object: JsonObject, expected: readonly string[]) {
  // Mostly in the order in which they are stored.
  const isInOrder = (key: string, i: number) => object.entries[i]?.[0] === key
  if (object.entries.length === expected.length && expected.every(isInOrder)) return undefined
  // As many as expected, and each of those: so there is none else, and none twice.
  const has = (key: string) => object.entries.some(([name]) => name === key)
  if (object.entries.length === expected.length && expected.every(has)) return undefined
  const keys = object.entries.map(([key]) => key).sort()
  const atFault =
    keys.find((key, i) => !expected.includes(key) || key === keys[i + 1]) ??
    expected.find((key) => !keys.includes(key))
  return {
    field: String(atFault).slice(0, SHOWN_CHARS),
    expected,
    got: keys.slice(0, 2 * expected.length).map((key) => key.slice(0, SHOWN_CHARS)),
  }
}

function noObject(json: Json): Compared {
  return { expected: 'an object', got: typeName(json) }
}

function noNatural(json: Json | undefined, least: number): Compared {
  return { expected: `an integer from ${least} to 2^53-1`, got: shown(json) }
}

function wrong(field: string, expected: string, object: JsonObject | undefined) {
  return { field, expected, got: shown(object?.get(field)) }
}

function noParty(field: string, object: JsonObject | undefined) {
  const json = object?.get(field)
  const got = typeof json === 'string' ? `${json.length} characters` : typeName(json)
  return { field, expected: A_PARTY, got }
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
