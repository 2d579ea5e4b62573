/**
 * What has come for a block or a transaction of classic, read as far as somebody asks. Each field is
 * undefined where it does not have its form; the checks say so (checks.ts), and what has passed them all is
 * made into a block here, without reading anything twice.
 */
import type { Block, Header, Transaction } from '../block.ts'
import { detached } from '../detached.ts'
import { assert } from '../errors.ts'
import { type BlockHash, isBlockHash } from '../hash.ts'
import { type Json, JsonNumber, JsonObject } from '../json/json.ts'
import { MAX_NUMBER_CHARS, MAX_PARTY_CHARS } from '../limits.ts'
import { pythonNumber } from './canonical.ts'
import {
  type BlockFields,
  type GenesisLink,
  makeBlock,
  makeTransaction,
  writtenBlockText,
} from './codec.ts'

const NATURAL = /^(?:0|[1-9]\d*)$/

export class TransactionReading {
  readonly json: Json
  readonly object: JsonObject | undefined
  readonly sender: string | undefined
  readonly recipient: string | undefined
  /** As written. */
  readonly amount: string | undefined
  readonly #printedAmount: string | undefined

  constructor(json: Json) {
    this.json = json
    this.object = json instanceof JsonObject ? json : undefined
    this.sender = party(this.object?.get('sender'))
    this.recipient = party(this.object?.get('recipient'))
    const amount = this.object?.get('amount')
    this.#printedAmount = printedNumber(amount)
    this.amount = this.#printedAmount === undefined ? undefined : tokenOf(amount)
  }

  /** The transaction, which has passed its checks. */
  get transaction(): Transaction {
    const { sender, recipient, amount } = this
    const printedAmount = this.#printedAmount
    assert(
      sender !== undefined &&
        recipient !== undefined &&
        amount !== undefined &&
        printedAmount !== undefined,
      'a transaction is made once its fields have been checked',
    )
    const fields = {
      sender: detached(sender),
      recipient: detached(recipient),
      amount: detached(amount),
    }
    return makeTransaction(fields, printedAmount)
  }
}

export class BlockReading {
  readonly json: Json
  readonly object: JsonObject | undefined
  readonly index: number | undefined
  readonly proof: number | undefined
  /** As written. */
  readonly timestamp: string | undefined
  readonly #link: GenesisLink
  #transactions: readonly TransactionReading[] | undefined
  #fields: BlockFields | undefined
  #text: string | undefined

  constructor(json: Json, link: GenesisLink) {
    this.json = json
    this.object = json instanceof JsonObject ? json : undefined
    this.index = natural(this.object?.get('index'), 1)
    this.proof = natural(this.object?.get('proof'), 0)
    const timestamp = this.object?.get('timestamp')
    this.timestamp = printedNumber(timestamp) === undefined ? undefined : tokenOf(timestamp)
    this.#link = link
  }

  get previousHash(): Json | undefined {
    return this.object?.get('previous_hash')
  }

  /** The hash of the block before; undefined as well for a genesis. */
  get parent(): BlockHash | undefined {
    const link = this.previousHash
    return typeof link === 'string' && isBlockHash(link) ? link : undefined
  }

  /** Undefined where they are no array. */
  get transactions(): readonly TransactionReading[] | undefined {
    const json = this.object?.get('transactions')
    if (!Array.isArray(json)) return undefined
    this.#transactions ??= elementsOf(json).map((item) => new TransactionReading(item))
    return this.#transactions
  }

  /** The text that would be stored; every field has passed its checks. */
  get text(): string {
    this.#text ??= writtenBlockText(this.#made, this.#link)
    return this.#text
  }

  /** The block, which has passed all checks of its form. */
  get block(): Block {
    return makeBlock(this.#made, this.#link, this.text)
  }

  /** The same where the header is known already, its hash with it. */
  blockOf(header: Header): Block {
    return { header, transactions: this.#made.transactions, text: this.text }
  }

  get #made(): BlockFields {
    const { index, timestamp, proof, transactions } = this
    assert(
      index !== undefined &&
        timestamp !== undefined &&
        proof !== undefined &&
        transactions !== undefined,
      'a block is made once its fields have been checked',
    )
    this.#fields ??= {
      index,
      parent: index === 1 ? undefined : this.parent,
      proof,
      timestamp: detached(timestamp),
      raw: '',
      transactions: transactions.map(({ transaction }) => transaction),
    }
    return this.#fields
  }
}

function natural(json: Json | undefined, least: number): number | undefined {
  const value = json instanceof JsonNumber && NATURAL.test(json.token) ? Number(json.token) : -1
  return value >= least && Number.isSafeInteger(value) ? value : undefined
}

/** A finite number of bounded length, as Python prints it. */
function printedNumber(json: Json | undefined): string | undefined {
  if (!(json instanceof JsonNumber) || json.token.length > MAX_NUMBER_CHARS) return undefined
  return pythonNumber(json.token)
}

function tokenOf(json: Json | undefined): string | undefined {
  return json instanceof JsonNumber ? json.token : undefined
}

function party(json: Json | undefined): string | undefined {
  return typeof json === 'string' && json.length <= MAX_PARTY_CHARS ? json : undefined
}

/** What an array has; none of what is no array. */
export function elementsOf(json: Json | undefined): readonly Json[] {
  return Array.isArray(json) ? json : []
}
