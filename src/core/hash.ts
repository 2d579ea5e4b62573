/**
 * The hash of a block: 64 lowercase hex digits, branded so that no other text is taken for one.
 * In classic the digits are the digest's bytes in order (Bitcoin shows its own reversed).
 */
import { sha256Hex } from '#crypto'

declare const brand: unique symbol

/** 64 lowercase hex digits. Usable as a Map key and compared with ===. */
export type BlockHash = string & { readonly [brand]: 'BlockHash' }

const HASH = /^[0-9a-f]{64}$/

/** Whether a text has the form of a block's hash. */
export function isBlockHash(text: string): text is BlockHash {
  return HASH.test(text)
}

/** SHA-256 of an ASCII text, as a block's hash. */
export function hashOfText(asciiText: string): BlockHash {
  // The one place that brands: the primitive returns 64 lowercase hex digits by contract.
  return sha256Hex(asciiText) as BlockHash
}
