/**
 * The two primitives that are worth native code, over node:crypto. `#crypto` means this file in
 * Node.js and portable.ts everywhere else; one contract suite (test/crypto) holds both to the same
 * answer on every vector. SHA-256: FIPS 180-4. Ed25519: RFC 8032, strict.
 */
import { createPublicKey, hash, verify } from 'node:crypto'
import { hasStrictEncoding } from './ed25519-strict.ts'

/** SHA-256 of an ASCII text, as 64 lowercase hex digits. */
export function sha256Hex(asciiText: string): string {
  return hash('sha256', asciiText)
}

/** SHA-256 of bytes, as 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  const { buffer, byteOffset, length } = hash('sha256', bytes, 'buffer')
  return new Uint8Array(buffer, byteOffset, length)
}

/** The DER bytes before a raw Ed25519 key in a SubjectPublicKeyInfo (RFC 8410, section 4). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

/** Whether `signature` (R then S, 64 bytes) over `message` is `publicKey`'s (32 bytes). */
export function verifyEd25519(
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
): boolean {
  if (!hasStrictEncoding(signature, publicKey)) return false
  const spki = Buffer.concat([SPKI_PREFIX, publicKey])
  // A key that is not on the curve imports well and makes every verification false.
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' })
  return verify(null, message, key, signature)
}
