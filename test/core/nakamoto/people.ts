/** People who sign: their keys are made of their names. RFC 8032, by another library than the rules use. */
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import type { BlockHash } from '../../../src/core/hash.ts'
import { addressOf } from '../../../src/core/nakamoto/address.ts'
import {
  encodePayment,
  type PaymentFields,
  signedBytes,
} from '../../../src/core/nakamoto/transaction.ts'

export interface Person {
  readonly key: Uint8Array
  readonly address: string
  sign(message: Uint8Array): Uint8Array
}

export function person(name: string): Person {
  const secret = sha256(new TextEncoder().encode(name))
  const key = ed25519.getPublicKey(secret)
  return { key, address: addressOf(key), sign: (message) => ed25519.sign(message, secret) }
}

/** Somebody whose key is known and whose secret is not: "signs" with a signature that was made up. */
export function impostor(key: Uint8Array, signature: Uint8Array): Person {
  return { key, address: addressOf(key), sign: () => signature }
}

export const ALICE = person('Alice')
export const BOB = person('Bob')
export const CAROL = person('Carol')
export const MINER = person('Miner')
export const NOBODY = person('Nobody')

const NO_SIGNATURE = new Uint8Array(64)

export interface PaymentDraft {
  chain: BlockHash
  from: Person
  to: Uint8Array
  amount: bigint
  fee: bigint
  nonce: bigint
  /** Who really signs, if not the sender. */
  signer?: Person
  /** What is signed instead of these fields. */
  signedAs?: Partial<PaymentFields>
  /** What becomes of the signature. */
  forge?: (signature: Uint8Array) => Uint8Array
}

/** A payment as bytes, signed. */
export function signed(draft: PaymentDraft): Uint8Array {
  const { chain, from, to: recipient, amount, fee, nonce } = draft
  const fields = {
    chain,
    sender: from.key,
    recipient,
    amount,
    fee,
    nonce,
    signature: NO_SIGNATURE,
  }
  const message = signedBytes(encodePayment({ ...fields, ...draft.signedAs }))
  const signature = (draft.signer ?? from).sign(message)
  return encodePayment({ ...fields, signature: draft.forge?.(signature) ?? signature })
}
