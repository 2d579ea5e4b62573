/**
 * A block as it is being edited: every field as the text that somebody typed. Invariant: a block that
 * nobody has touched is, field by field, the one that the node served, so its hash is the same.
 */

import type { ServedTransaction } from '../../../../src/api/client/responses.ts'
import { asArray, asNumber, asObject, asString } from '../../../../src/api/client/responses.ts'
import type { Header } from '../../../../src/core/block.ts'
import { type Json, JsonNumber, JsonObject, jsonNumber } from '../../../../src/core/json/json.ts'

export interface Draft {
  readonly index: string
  readonly timestamp: string
  readonly previousHash: string
  /** Whether it stands there as a number, as in a genesis of the older dialect. */
  readonly isLinkNumber: boolean
  readonly proof: string
  readonly payments: readonly ServedTransaction[]
  /** Whether its index, link and proof are those that mining it again has set. */
  readonly isMinedAgain: boolean
}

/** The fields that are one text each. */
export type FieldName = 'index' | 'timestamp' | 'previousHash' | 'proof'

export const NEW_PAYMENT: ServedTransaction = {
  sender: 'Mallory',
  recipient: 'Mallory',
  amount: '1',
}

/** @throws NodeUnreachable if it is no block as nodes serve it */
export function draftOf(json: Json): Draft {
  const block = asObject(json)
  const link = block.get('previous_hash')
  return {
    index: asNumber(block.get('index')),
    timestamp: asNumber(block.get('timestamp')),
    previousHash: link instanceof JsonNumber ? link.token : asString(link),
    isLinkNumber: link instanceof JsonNumber,
    proof: asNumber(block.get('proof')),
    payments: asArray(block.get('transactions')).map(paymentOf),
    isMinedAgain: false,
  }
}

function paymentOf(json: Json): ServedTransaction {
  const transaction = asObject(json)
  return {
    sender: asString(transaction.get('sender')),
    recipient: asString(transaction.get('recipient')),
    amount: asNumber(transaction.get('amount')),
  }
}

/** What the rules are asked about. */
export function jsonOf(draft: Draft): Json {
  const { index, timestamp, previousHash, isLinkNumber, proof, payments } = draft
  return new JsonObject([
    ['index', typed(index)],
    ['previous_hash', isLinkNumber ? typed(previousHash) : previousHash],
    ['proof', typed(proof)],
    ['timestamp', typed(timestamp)],
    [
      'transactions',
      payments.map(({ sender, recipient, amount }) => {
        return new JsonObject([
          ['amount', typed(amount)],
          ['recipient', recipient],
          ['sender', sender],
        ])
      }),
    ],
  ])
}

/** What was typed where a number belongs: that number, or else a text, to which the rules say no. */
function typed(text: string): Json {
  return jsonNumber(text) ?? text
}

export function isSameDraft(a: Draft, b: Draft): boolean {
  return (
    a === b ||
    (a.index === b.index &&
      a.timestamp === b.timestamp &&
      a.previousHash === b.previousHash &&
      a.isLinkNumber === b.isLinkNumber &&
      a.proof === b.proof &&
      areSamePayments(a.payments, b.payments))
  )
}

/** Whether somebody has changed it by hand: mining it again alone is no edit. */
export function isEditedByHand(draft: Draft, original: Draft): boolean {
  const { index, previousHash, isLinkNumber, proof } = draft.isMinedAgain ? original : draft
  return !isSameDraft({ ...draft, index, previousHash, isLinkNumber, proof }, original)
}

/** With one field as it was typed over. */
export function withField(draft: Draft, name: FieldName, value: string): Draft {
  const isMinedAgain = draft.isMinedAgain && name === 'timestamp'
  return { ...draft, [name]: value, isMinedAgain }
}

export function areSamePayments(
  a: readonly ServedTransaction[],
  b: readonly ServedTransaction[],
): boolean {
  return a === b || (a.length === b.length && a.every((payment, i) => isSamePayment(payment, b[i])))
}

export function isSamePayment(a: ServedTransaction, b: ServedTransaction | undefined): boolean {
  return a.sender === b?.sender && a.recipient === b.recipient && a.amount === b.amount
}

/** Index and previous hash set right, and another proof: what mining a block again does to it. */
export function minedAgain(draft: Draft, parent: Header, proof: number): Draft {
  return {
    ...draft,
    index: String(parent.index + 1),
    previousHash: parent.hash,
    isLinkNumber: false,
    proof: String(proof),
    isMinedAgain: true,
  }
}

export function withPayment(draft: Draft, at: number, payment: ServedTransaction): Draft {
  return { ...draft, payments: draft.payments.with(at, payment) }
}

export function withoutPayment(draft: Draft, at: number): Draft {
  return { ...draft, payments: draft.payments.toSpliced(at, 1) }
}

export function withOneMorePayment(draft: Draft): Draft {
  return { ...draft, payments: [...draft.payments, NEW_PAYMENT] }
}
