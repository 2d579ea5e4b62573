/**
 * What has come for a block or a transaction of classic, read as far as somebody asks. Each field is
 * undefined where it does not have its form; the checks say so (checks.ts), and what has passed them all is
 * made into a block here, without reading anything twice.
 */
import type { Block, Transaction } from '../block.ts'
import { detached } from '../detached.ts'
import { assert } from '../errors.ts'
import { type BlockHash, isBlockHash } from '../hash.ts'
import { type Json, JsonNumber, JsonObject } from '../json/json.ts'
import { MAX_NUMBER_CHARS, MAX_PARTY_CHARS } from '../limits.ts'
import { pythonNumber } from './canonical.ts'
import { type GenesisLink, hashed, makeTransaction, writtenBlockText } from './codec.ts'

const NATURAL = /^(?:0|[1-9]\d*)$/

export class TransactionReading {
  readonly json: Json
  readonly object: JsonObject | undefined
  #made: Transaction | undefined

  constructor(json: Json) {
    this.json = json
    this.object = json instanceof JsonObject ? json : undefined
  }

  get sender(): string | undefined {
    return party(this.object?.get('sender'))
  }

  get recipient(): string | undefined {
    return party(this.object?.get('recipient'))
  }

  get amount(): string | undefined {
    return finiteNumber(this.object?.get('amount'))
  }

  /** The transaction, which has passed its checks. */
  get transaction(): Transaction {
    const { sender, recipient, amount } = this
    assert(
      sender !== undefined && recipient !== undefined && amount !== undefined,
      'a transaction is made once its fields have been checked',
    )
    this.#made ??= makeTransaction({
      sender: detached(sender),
      recipient: detached(recipient),
      amount: detached(amount),
    })
    return this.#made
  }
}

export class BlockReading {
  readonly json: Json
  readonly object: JsonObject | undefined
  readonly index: number | undefined
  readonly #link: GenesisLink
  #transactions: readonly TransactionReading[] | undefined
  #text: string | undefined

  constructor(json: Json, link: GenesisLink) {
    this.json = json
    this.object = json instanceof JsonObject ? json : undefined
    this.index = natural(this.object?.get('index'), 1)
    this.#link = link
  }

  get timestamp(): string | undefined {
    return finiteNumber(this.object?.get('timestamp'))
  }

  get proof(): number | undefined {
    return natural(this.object?.get('proof'), 0)
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
    if (!isArray(json)) return undefined
    this.#transactions ??= json.map((item) => new TransactionReading(item))
    return this.#transactions
  }

  /** The text that would be stored; every field has passed its checks. */
  get text(): string {
    this.#text ??= writtenBlockText(this.#fields, this.#link)
    return this.#text
  }

  /** The block, which has passed all checks of its form. */
  get block(): Block {
    const { transactions, ...header } = this.#fields
    const hash = hashed({ ...header, transactions }, this.#link)
    return { header: { hash, ...header }, transactions, text: this.text }
  }

  get #fields() {
    const { index, timestamp, proof, transactions } = this
    assert(
      index !== undefined &&
        timestamp !== undefined &&
        proof !== undefined &&
        transactions !== undefined,
      'a block is made once its fields have been checked',
    )
    return {
      index,
      parent: index === 1 ? undefined : this.parent,
      proof,
      timestamp: detached(timestamp),
      transactions: transactions.map(({ transaction }) => transaction),
    }
  }
}

function natural(json: Json | undefined, least: number): number | undefined {
  const value = json instanceof JsonNumber && NATURAL.test(json.token) ? Number(json.token) : -1
  return value >= least && Number.isSafeInteger(value) ? value : undefined
}

function finiteNumber(json: Json | undefined): string | undefined {
  if (!(json instanceof JsonNumber) || json.token.length > MAX_NUMBER_CHARS) return undefined
  return pythonNumber(json.token) === undefined ? undefined : json.token
}

function party(json: Json | undefined): string | undefined {
  return typeof json === 'string' && json.length <= MAX_PARTY_CHARS ? json : undefined
}

function isArray(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json)
}
