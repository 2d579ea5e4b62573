/** A payment as it is typed, checked field by field by the chain's own rules. */
import type { Consensus } from '../../../../src/core/consensus.ts'
import { attempt } from '../../../../src/core/errors.ts'
import { type Json, JsonNumber, JsonObject, jsonNumber } from '../../../../src/core/json/json.ts'

export const PAYMENT_FIELDS = ['sender', 'recipient', 'amount'] as const
export type PaymentField = (typeof PAYMENT_FIELDS)[number]
export type Draft = Readonly<Record<PaymentField, string>>

/** What no rule minds, in the places of the fields that are not checked. */
const GOOD: Readonly<Record<PaymentField, Json>> = {
  sender: '',
  recipient: '',
  amount: new JsonNumber('0'),
}

/** The code of the rule that refuses a field's text; undefined where none does. */
export function refusalOf(rules: Consensus, field: PaymentField, text: string): string | undefined {
  // What is no JSON number goes in as a text, and is refused as one.
  const value = field === 'amount' ? (jsonNumber(text) ?? text) : text
  const values = { ...GOOD, [field]: value }
  const json = new JsonObject(PAYMENT_FIELDS.map((name) => [name, values[name]]))
  return attempt(() => rules.decodeTransaction(json)).error?.code
}
