/**
 * The same two primitives in plain JavaScript, over @noble/hashes and @noble/curves, for the
 * browser and the simulator. The contract is node.ts's, and the same suite tests it.
 * SHA-256: FIPS 180-4. Ed25519: RFC 8032, strict.
 */
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 as nobleSha256, sha512 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { hasStrictEncoding } from './ed25519-strict.ts'

/** SHA-256 of an ASCII text, as 64 lowercase hex digits. */
export function sha256Hex(asciiText: string): string {
  const bytes = new Uint8Array(asciiText.length)
  for (let i = 0; i < bytes.length; i++) bytes[i] = asciiText.charCodeAt(i)
  return bytesToHex(nobleSha256(bytes))
}

/** SHA-256 of bytes, as 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return nobleSha256(bytes)
}

/**
 * Whether `signature` (R then S, 64 bytes) over `message` is `publicKey`'s (32 bytes).
 * Not @noble's own `verify`: that multiplies by the cofactor and so accepts signatures
 * that node:crypto refuses.
 */
export function verifyEd25519(
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
): boolean {
  if (!hasStrictEncoding(signature, publicKey)) return false
  const r = signature.subarray(0, 32)
  const s = littleEndian(signature.subarray(32))
  if (s >= ed25519.Point.Fn.ORDER) return false
  const a = pointOrUndefined(publicKey)
  if (a === undefined) return false
  const digest = sha512.create().update(r).update(publicKey).update(message).digest()
  const k = littleEndian(digest) % ed25519.Point.Fn.ORDER
  const expected = ed25519.Point.BASE.multiplyUnsafe(s).subtract(a.multiplyUnsafe(k)).toBytes()
  return expected.every((byte, i) => byte === r[i])
}

function pointOrUndefined(bytes: Uint8Array) {
  try {
    return ed25519.Point.fromBytes(bytes)
  } catch {
    // @noble throws for bytes that are no point of the curve; to a verifier that is a plain "no".
    return undefined
  }
}

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] ?? 0)
  return value
}
