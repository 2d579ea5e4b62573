/**
 * What has come for a block or a transaction of these rules: bytes in hex, or JSON for people, which says the
 * same in fields. Each is read as far as it can be; the checks say what is wrong with it (checks.ts).
 */
import type { Header } from '../block.ts'
import { assert } from '../errors.ts'
import { type BlockHash, isBlockHash } from '../hash.ts'
import { type Json, JsonNumber, JsonObject } from '../json/json.ts'
import { keyOf } from './address.ts'
import { bytesOf, doubleSha256, hashHex, hexOf } from './bytes.ts'
import { decodeHeader, encodeHeader, HEADER_BYTES, type HeaderFields, NO_HASH } from './header.ts'
import {
  COINBASE_SENDER,
  decodeTransaction,
  encodeAllocation,
  encodeCoinbase,
  encodePayment,
  MAX_TAG_BYTES,
  SIGNATURE_BYTES,
  type SomeTransaction,
} from './transaction.ts'

/** What was wrong with a field. */
export interface FieldFault {
  readonly field: string
  readonly expected: string
  readonly got: string
}

/** How much of somebody's text an error repeats. */
const SHOWN_CHARS = 80
const NATURAL = /^(?:0|[1-9]\d{0,19})$/
const U32 = 2n ** 32n - 1n
const U64 = 2n ** 64n - 1n

/** Fields of an object, read one after another; the first that does not have its form is the fault. */
class Fields {
  readonly #object: JsonObject
  fault: FieldFault | undefined

  constructor(object: JsonObject) {
    this.#object = object
  }

  natural(field: string, most: bigint): bigint {
    const json = this.#object.get(field)
    const value = json instanceof JsonNumber && NATURAL.test(json.token) ? BigInt(json.token) : -1n
    if (value >= 0n && value <= most) return value
    return this.#wrong(field, `a whole number from 0 to ${most}`, 0n)
  }

  hash(field: string): BlockHash | undefined {
    const json = this.#object.get(field)
    if (typeof json === 'string' && isBlockHash(json)) return json
    return this.#wrong(field, '64 lowercase hex digits', undefined)
  }

  /** @param least bytes */
  hex(field: string, least: number, most = least): Uint8Array {
    const json = this.#object.get(field)
    const bytes = typeof json === 'string' && json.length <= 2 * most ? bytesOf(json) : undefined
    if (bytes !== undefined && bytes.length >= least) return bytes
    const count = least === most ? `${least}` : `${least} to ${most}`
    return this.#wrong(field, `${count} bytes in lowercase hex`, new Uint8Array(most))
  }

  key(field: string): Uint8Array {
    const json = this.#object.get(field)
    const key = typeof json === 'string' ? keyOf(json) : undefined
    return key ?? this.#wrong(field, 'an address, toy1…', new Uint8Array(32))
  }

  version(): number {
    const json = this.#object.get('version')
    const token = json instanceof JsonNumber && /^-?\d{1,10}$/.test(json.token) ? json.token : ''
    if (token !== '' && String(Number(token) | 0) === token) return Number(token)
    return this.#wrong('version', 'a whole number of 32 bits, signed', 0)
  }

  #wrong<T>(field: string, expected: string, instead: T): T {
    this.fault ??= { field, expected, got: shown(this.#object.get(field)) }
    return instead
  }
}

export class TransactionReading {
  readonly json: Json
  readonly object: JsonObject | undefined
  readonly fault: FieldFault | undefined
  /** Undefined where there is a fault. */
  readonly transaction: SomeTransaction | undefined

  constructor(json: Json) {
    this.json = json
    this.object = json instanceof JsonObject ? json : undefined
    const { bytes, fault } =
      this.object === undefined
        ? { bytes: typeof json === 'string' ? bytesOf(json) : undefined, fault: undefined }
        : transactionFields(this.object)
    this.transaction = bytes === undefined ? undefined : decodeTransaction(bytes)
    const isRead = this.transaction !== undefined
    this.fault = fault ?? (isRead ? undefined : noBytes('transaction', 'one transaction', json))
  }
}

/** Keys of each kind of transaction, in order. */
export function transactionKeys(object: JsonObject): readonly string[] {
  if (object.get('sender') !== COINBASE_SENDER) {
    return ['amount', 'chain', 'fee', 'nonce', 'recipient', 'sender', 'signature']
  }
  return object.get('tag') === undefined
    ? ['amount', 'recipient', 'sender']
    : ['amount', 'extra_nonce', 'index', 'recipient', 'sender', 'tag']
}

function transactionFields(object: JsonObject): {
  bytes: Uint8Array | undefined
  fault: FieldFault | undefined
} {
  const fields = new Fields(object)
  const amount = fields.natural('amount', U64)
  const recipient = fields.key('recipient')
  const keys = transactionKeys(object)
  if (keys.includes('chain')) {
    const chain = fields.hash('chain')
    const [fee, nonce] = [fields.natural('fee', U64), fields.natural('nonce', U64)]
    const [sender, signature] = [fields.key('sender'), fields.hex('signature', SIGNATURE_BYTES)]
    if (fields.fault !== undefined || chain === undefined) return faulty(fields)
    const payment = { chain, sender, recipient, amount, fee, nonce, signature }
    return { bytes: encodePayment(payment), fault: undefined }
  }
  if (!keys.includes('tag')) {
    if (fields.fault !== undefined) return faulty(fields)
    return { bytes: encodeAllocation(recipient, amount), fault: undefined }
  }
  const extraNonce = fields.hex('extra_nonce', 8).reduce((n, byte) => n * 256n + BigInt(byte), 0n)
  const index = Number(fields.natural('index', U32))
  const tag = fields.hex('tag', 0, MAX_TAG_BYTES)
  if (fields.fault !== undefined) return faulty(fields)
  return { bytes: encodeCoinbase({ index, extraNonce, recipient, amount, tag }), fault: undefined }
}

function faulty({ fault }: Fields) {
  return { bytes: undefined, fault }
}

/** A header in hex, or a whole block for people. */
export class BlockReading {
  readonly json: Json
  readonly object: JsonObject | undefined
  readonly headerFault: FieldFault | undefined
  /** The 80 bytes; undefined where there is a fault. */
  readonly header: Uint8Array | undefined
  #fields: HeaderFields | undefined
  #hash: BlockHash | undefined
  #transactions: readonly TransactionReading[] | undefined

  constructor(json: Json) {
    this.json = json
    this.object = json instanceof JsonObject ? json : undefined
    if (this.object === undefined) {
      const bytes = typeof json === 'string' ? bytesOf(json) : undefined
      this.header = bytes?.length === HEADER_BYTES ? bytes : undefined
      if (this.header === undefined) {
        this.headerFault = noBytes('header', `${HEADER_BYTES} bytes`, json)
      }
      return
    }
    const fields = new Fields(this.object)
    this.header = headerBytes(fields)
    this.headerFault = fields.fault
  }

  /** Undefined where there is no header. */
  get hash(): BlockHash | undefined {
    if (this.header !== undefined) this.#hash ??= hashHex(doubleSha256(this.header))
    return this.#hash
  }

  get bits(): number | undefined {
    return this.#header?.bits
  }

  /** Whether it is a first block, as far as its header says. */
  get isGenesis(): boolean {
    return this.#header?.previousHash === NO_HASH
  }

  /** The header, which has passed its checks, in its place. */
  placed(indexAfter: (parent: BlockHash | undefined) => number): Header {
    const { hash } = this
    const header = this.#header
    assert(header !== undefined && hash !== undefined, 'its form has been checked')
    const parent = this.isGenesis ? undefined : header.previousHash
    return {
      hash,
      parent,
      index: indexAfter(parent),
      timestamp: String(header.timeSec),
      proof: header.nonce,
      raw: hexOf(this.header ?? new Uint8Array()),
    }
  }

  get #header(): HeaderFields | undefined {
    if (this.header !== undefined) this.#fields ??= decodeHeader(this.header)
    return this.#fields
  }

  /** Undefined where they are no array. */
  get transactions(): readonly TransactionReading[] | undefined {
    const json = this.object?.get('transactions')
    if (!Array.isArray(json)) return undefined
    this.#transactions ??= json.map((item: Json) => new TransactionReading(item))
    return this.#transactions
  }

  /** The index that is said beside the bytes. */
  get index(): number | undefined {
    const json = this.object?.get('index')
    if (!(json instanceof JsonNumber) || !NATURAL.test(json.token)) return undefined
    const index = Number(json.token)
    return index >= 1 && Number.isSafeInteger(index) ? index : undefined
  }

  /** The index that the block itself carries. */
  get carriedIndex(): number | undefined {
    const first = this.transactions?.[0]?.transaction
    return first?.type === 'coinbase' ? first.index : undefined
  }
}

function headerBytes(fields: Fields): Uint8Array | undefined {
  const version = fields.version()
  const [previousHash, merkleRoot] = [fields.hash('previous_hash'), fields.hash('merkle_root')]
  const timeSec = Number(fields.natural('timestamp', U32))
  const bits = fields.hex('bits', 4).reduce((n, byte) => n * 256 + byte, 0)
  const nonce = Number(fields.natural('proof', U32))
  if (fields.fault !== undefined || previousHash === undefined || merkleRoot === undefined) {
    return undefined
  }
  return encodeHeader({ version, previousHash, merkleRoot, timeSec, bits, nonce })
}

function noBytes(field: string, what: string, json: Json): FieldFault {
  const got = typeof json === 'string' ? `${json.length} characters` : typeName(json)
  return { field, expected: `${what} in lowercase hex`, got }
}

/** Why an object does not have exactly these keys, each once. */
export function otherKeys(object: JsonObject, expected: readonly string[]) {
  const keys = object.entries.map(([key]) => key).sort()
  if (keys.length === expected.length && keys.every((key, i) => key === expected[i]))
    return undefined
  const atFault =
    keys.find((key, i) => !expected.includes(key) || key === keys[i + 1]) ??
    expected.find((key) => !keys.includes(key))
  const got = keys.slice(0, 2 * expected.length).map((key) => key.slice(0, SHOWN_CHARS))
  return { field: String(atFault).slice(0, SHOWN_CHARS), expected, got }
}

export function shown(json: Json | undefined): string {
  if (json instanceof JsonNumber) return json.token.slice(0, SHOWN_CHARS)
  return typeof json === 'string' ? json.slice(0, SHOWN_CHARS) : typeName(json)
}

export function typeName(json: Json | undefined): string {
  if (json === undefined) return 'nothing'
  if (json === null) return 'null'
  if (json instanceof JsonNumber) return 'a number'
  if (json instanceof JsonObject) return 'an object'
  return Array.isArray(json) ? 'an array' : `a ${typeof json}`
}
