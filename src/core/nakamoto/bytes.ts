/**
 * Bytes and their hex, without the globals of any runtime. Hashes are shown byte-reversed, as Bitcoin shows
 * them: `hashHex` and `hashBytes` are the only two functions that turn them around.
 */
import { sha256 } from '#crypto'
import { assert } from '../errors.ts'
import { type BlockHash, isBlockHash } from '../hash.ts'

const HEX_OF_BYTE: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
)

export function hexOf(bytes: Uint8Array): string {
  let hex = ''
  for (const byte of bytes) hex += HEX_OF_BYTE[byte]
  return hex
}

/** Undefined for a text that is not pairs of lowercase hex digits: each byte string has one text. */
export function bytesOf(hex: string): Uint8Array | undefined {
  if (hex.length % 2 !== 0) return undefined
  const bytes = new Uint8Array(hex.length / 2)
  for (let i = 0; i < bytes.length; i++) {
    const high = digit(hex.charCodeAt(2 * i))
    const low = digit(hex.charCodeAt(2 * i + 1))
    if (high < 0 || low < 0) return undefined
    bytes[i] = 16 * high + low
  }
  return bytes
}

function digit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  if (code >= 0x61 && code <= 0x66) return code - 0x61 + 10
  return -1
}

/** The bytes of hex that was made or checked here. */
export function knownBytes(hex: string): Uint8Array {
  const bytes = bytesOf(hex)
  assert(bytes !== undefined, 'the text is lowercase hex')
  return bytes
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

export function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** SHA-256 of the SHA-256: what Bitcoin hashes headers, transactions and the nodes of its trees with. */
export function doubleSha256(bytes: Uint8Array): Uint8Array {
  return sha256(sha256(bytes))
}

/** 32 bytes as Bitcoin shows a hash: the last byte first. */
export function hashHex(bytes: Uint8Array): BlockHash {
  const hex = hexOf(bytes.toReversed())
  assert(isBlockHash(hex), 'a hash has 32 bytes')
  return hex
}

/** The 32 bytes of a hash as it is shown. */
export function hashBytes(hash: BlockHash): Uint8Array {
  return knownBytes(hash).reverse()
}
