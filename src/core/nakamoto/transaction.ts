/**
 * Transactions as bytes: three kinds, each of one fixed length, numbers little-endian. A body is transactions
 * one after another and nothing else.
 *
 *     coinbase    0 │ index 4 │ extra nonce 8 │ recipient 32 │ amount 8 │ tag length 1 │ tag 32      86 bytes
 *     payment     1 │ chain 32 │ sender 32 │ recipient 32 │ amount 8 │ fee 8 │ nonce 8 │ signature 64   185
 *     allocation  2 │ recipient 32 │ amount 8                                                        41
 *
 * A payment's signature is over all that stands before it, so it holds on one chain only. An id is the double
 * SHA-256 of all bytes, the signature included, and is the leaf of the merkle tree: no kind has 64 bytes, so
 * that no transaction can be taken for an inner node (CVE-2017-12842).
 */
import type { Transaction } from '../block.ts'
import { assert } from '../errors.ts'
import type { BlockHash } from '../hash.ts'
import { addressOf, KEY_BYTES } from './address.ts'
import { doubleSha256, hashBytes, hashHex, hexOf, viewOf } from './bytes.ts'

/** Who pays what is new: no account of anybody's. */
export const COINBASE_SENDER = '0'

export const SIGNATURE_BYTES = 64
export const MAX_TAG_BYTES = 32

const KIND = { coinbase: 0, payment: 1, allocation: 2 } as const
const LENGTHS = [86, 185, 41] as const
export const COINBASE_BYTES = LENGTHS[KIND.coinbase]
export const PAYMENT_BYTES = LENGTHS[KIND.payment]
export const ALLOCATION_BYTES = LENGTHS[KIND.allocation]
const SIGNED_BYTES = PAYMENT_BYTES - SIGNATURE_BYTES

/** What new money of a block is given with: its first transaction. */
export interface Coinbase extends Transaction {
  readonly type: 'coinbase'
  readonly id: BlockHash
  readonly bytes: Uint8Array
  readonly units: number
  /** Of its block, from 1: no two coinbases are equal (BIP34). */
  readonly index: number
}

/** A transfer that its sender has signed. */
export interface Payment extends Transaction {
  readonly type: 'payment'
  readonly id: BlockHash
  readonly bytes: Uint8Array
  readonly units: number
  readonly feeUnits: number
  /** How many payments of the sender came before. */
  readonly nonce: number
  /** The hash of the genesis of the chain that it is for. */
  readonly chain: BlockHash
}

/** What a genesis gives. */
export interface Allocation extends Transaction {
  readonly type: 'allocation'
  readonly id: BlockHash
  readonly bytes: Uint8Array
  readonly units: number
}

export type SomeTransaction = Coinbase | Payment | Allocation

/** A transaction of these rules as one of its kinds: every one that is decoded here is. */
export function kindOf(transaction: Transaction): SomeTransaction {
  assert(isOfThese(transaction), 'the transaction was decoded by these rules')
  return transaction
}

function isOfThese(transaction: Transaction): transaction is SomeTransaction {
  return 'type' in transaction && 'bytes' in transaction
}

export interface CoinbaseFields {
  readonly index: number
  /** 64 bits, unsigned. */
  readonly extraNonce: bigint
  /** A public key of 32 bytes. */
  readonly recipient: Uint8Array
  readonly amount: bigint
  /** At most MAX_TAG_BYTES. */
  readonly tag: Uint8Array
}

export function encodeCoinbase(fields: CoinbaseFields): Uint8Array {
  const bytes = new Uint8Array(COINBASE_BYTES)
  const view = viewOf(bytes)
  bytes[0] = KIND.coinbase
  view.setUint32(1, fields.index, true)
  view.setBigUint64(5, fields.extraNonce, true)
  bytes.set(fields.recipient, 13)
  view.setBigUint64(45, fields.amount, true)
  bytes[53] = fields.tag.length
  bytes.set(fields.tag, 54)
  return bytes
}

export interface PaymentFields {
  readonly chain: BlockHash
  /** Public keys of 32 bytes. */
  readonly sender: Uint8Array
  readonly recipient: Uint8Array
  readonly amount: bigint
  readonly fee: bigint
  readonly nonce: bigint
  /** 64 bytes; zeros for one that is to be signed. */
  readonly signature: Uint8Array
}

export function encodePayment(fields: PaymentFields): Uint8Array {
  const bytes = new Uint8Array(PAYMENT_BYTES)
  const view = viewOf(bytes)
  bytes[0] = KIND.payment
  bytes.set(hashBytes(fields.chain), 1)
  bytes.set(fields.sender, 33)
  bytes.set(fields.recipient, 65)
  view.setBigUint64(97, fields.amount, true)
  view.setBigUint64(105, fields.fee, true)
  view.setBigUint64(113, fields.nonce, true)
  bytes.set(fields.signature, SIGNED_BYTES)
  return bytes
}

export function encodeAllocation(recipient: Uint8Array, amount: bigint): Uint8Array {
  const bytes = new Uint8Array(ALLOCATION_BYTES)
  bytes[0] = KIND.allocation
  bytes.set(recipient, 1)
  viewOf(bytes).setBigUint64(33, amount, true)
  return bytes
}

/** What a payment's sender signs. @param bytes of the payment */
export function signedBytes(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, SIGNED_BYTES)
}

/** The sender's key and signature. @param bytes of a payment */
export function signatureIn(bytes: Uint8Array): { key: Uint8Array; signature: Uint8Array } {
  return { key: bytes.subarray(33, 33 + KEY_BYTES), signature: bytes.subarray(SIGNED_BYTES) }
}

/** The transactions that a body is; undefined where it is not exactly some, in their one encoding. */
export function decodeBody(body: Uint8Array): readonly SomeTransaction[] | undefined {
  const transactions: SomeTransaction[] = []
  for (let at = 0; at < body.length; ) {
    const length = LENGTHS[body[at] ?? LENGTHS.length] ?? 0
    // A copy: a transaction is kept for longer than its block.
    const transaction = decodeTransaction(body.slice(at, at + length))
    if (transaction === undefined) return undefined
    transactions.push(transaction)
    at += length
  }
  return transactions
}

/** Undefined for bytes that are not exactly one transaction. */
export function decodeTransaction(bytes: Uint8Array): SomeTransaction | undefined {
  const kind = bytes[0] ?? LENGTHS.length
  if (bytes.length !== LENGTHS[kind]) return undefined
  if (kind === KIND.coinbase) return decodeCoinbase(bytes)
  return kind === KIND.payment ? decodePayment(bytes) : decodeAllocation(bytes)
}

function decodeCoinbase(bytes: Uint8Array): Coinbase | undefined {
  const view = viewOf(bytes)
  const tagBytes = bytes[53] ?? 0
  // What stands behind the tag is zero, or one coinbase would have many encodings.
  if (tagBytes > MAX_TAG_BYTES || bytes.subarray(54 + tagBytes).some((byte) => byte !== 0)) {
    return undefined
  }
  const index = view.getUint32(1, true)
  const extraNonce = hexOf(bytes.subarray(5, 13).toReversed())
  const tag = hexOf(bytes.subarray(54, 54 + tagBytes))
  const recipient = addressOf(bytes.subarray(13, 45))
  const amount = view.getBigUint64(45, true)
  const text =
    `{"amount": ${amount}, "extra_nonce": "${extraNonce}", "index": ${index}, ` +
    `"recipient": "${recipient}", "sender": "${COINBASE_SENDER}", "tag": "${tag}"}`
  return {
    type: 'coinbase',
    index,
    ...common({ bytes, sender: COINBASE_SENDER, recipient, amount, text }),
  }
}

function decodePayment(bytes: Uint8Array): Payment {
  const view = viewOf(bytes)
  const chain = hashHex(bytes.subarray(1, 33))
  const sender = addressOf(bytes.subarray(33, 65))
  const recipient = addressOf(bytes.subarray(65, 97))
  const amount = view.getBigUint64(97, true)
  const fee = view.getBigUint64(105, true)
  const nonce = view.getBigUint64(113, true)
  const text =
    `{"amount": ${amount}, "chain": "${chain}", "fee": ${fee}, "nonce": ${nonce}, ` +
    `"recipient": "${recipient}", "sender": "${sender}", "signature": "${hexOf(bytes.subarray(SIGNED_BYTES))}"}`
  return {
    type: 'payment',
    feeUnits: Number(fee),
    nonce: Number(nonce),
    chain,
    ...common({ bytes, sender, recipient, amount, text }),
  }
}

function decodeAllocation(bytes: Uint8Array): Allocation {
  const recipient = addressOf(bytes.subarray(1, 33))
  const amount = viewOf(bytes).getBigUint64(33, true)
  const text = `{"amount": ${amount}, "recipient": "${recipient}", "sender": "${COINBASE_SENDER}"}`
  return {
    type: 'allocation',
    ...common({ bytes, sender: COINBASE_SENDER, recipient, amount, text }),
  }
}

function common(parts: {
  bytes: Uint8Array
  sender: string
  recipient: string
  amount: bigint
  text: string
}) {
  const id = hashHex(doubleSha256(parts.bytes))
  return {
    id,
    bytes: parts.bytes,
    sender: parts.sender,
    recipient: parts.recipient,
    amount: String(parts.amount),
    // Inexact from 2^53 on, which the rules refuse: no supply is as large.
    units: Number(parts.amount),
    text: parts.text,
    key: id,
  }
}
