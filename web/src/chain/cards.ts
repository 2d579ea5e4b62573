/** Served blocks as what the page shows of them. The hash is computed here, by the node's own code. */

import type { ServedTransaction } from '../../../src/api/client/responses.ts'
import type { Block, Transaction } from '../../../src/core/block.ts'
import type { Consensus } from '../../../src/core/consensus.ts'
import { type Json, JsonNumber, JsonObject } from '../../../src/core/json/json.ts'
import type { Card } from './reading.ts'

/** Payments that a card shows. */
const SHOWN = 3

/** What `/blocks` adds to a block. */
const ADDED = ['hash', 'active']

/** @throws RuleError if the node serves what is no block */
export function cardOf(rules: Consensus, json: Json): Card {
  return cardOfBlock(rules.decodeBlock(json), json)
}

export function cardOfBlock({ header, transactions, text }: Block, json: Json): Card {
  return {
    index: header.index,
    hash: header.hash,
    previousHash: previousHashOf(json),
    timestamp: header.timestamp,
    proof: header.proof,
    payments: transactions.slice(0, SHOWN).map(paymentOf),
    count: transactions.length,
    sizeBytes: text.length,
  }
}

export function paymentOf({ sender, recipient, amount }: Transaction): ServedTransaction {
  return { sender, recipient, amount }
}

/** A block without what `/blocks` adds to it. */
export function withoutAdded(json: Json): Json {
  if (!(json instanceof JsonObject)) return json
  return new JsonObject(json.entries.filter(([key]) => !ADDED.includes(key)))
}

function previousHashOf(json: Json): string {
  const previous = json instanceof JsonObject ? json.get('previous_hash') : undefined
  if (previous instanceof JsonNumber) return previous.token
  return typeof previous === 'string' ? previous : ''
}
