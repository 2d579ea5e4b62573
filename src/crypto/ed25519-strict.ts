/**
 * The part of our Ed25519 rule that libraries leave open, so that every node gives the same verdict:
 * A in canonical form, A and R not of small order. The rest (S < L, and the encoding of [S]B - [k]A
 * equal to R's bytes) is each implementation's own. RFC 8032 section 5.1.7; Chalkias, Garillot and
 * Nikolaenko, "Taming the many EdDSAs", SSR 2020: this is the strict column of their table 5.
 */

/** The five y coordinates of the eight points of small order, little-endian, in canonical form. */
const SMALL_ORDER_Y: readonly string[] = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]

/**
 * Whether a signature over `publicKey` may be handed to the library at all.
 * `publicKey` is A, 32 bytes; `signature` is R then S, 64 bytes. Other lengths are refused.
 */
export function hasStrictEncoding(signature: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== 64 || publicKey.length !== 32) return false
  const r = signature.subarray(0, 32)
  return isCanonicalY(publicKey) && !isSmallOrder(publicKey) && isCanonicalY(r) && !isSmallOrder(r)
}

/** y < p = 2^255 - 19; the top bit is x's sign and does not count. */
function isCanonicalY(point: Uint8Array): boolean {
  if (((point[31] ?? 0) & 0x7f) !== 0x7f) return true
  for (let i = 30; i > 0; i--) if (point[i] !== 0xff) return true
  return (point[0] ?? 0) < 0xed
}

function isSmallOrder(point: Uint8Array): boolean {
  let hex = ''
  for (let i = 0; i < 32; i++) {
    const byte = i === 31 ? (point[i] ?? 0) & 0x7f : (point[i] ?? 0)
    hex += byte.toString(16).padStart(2, '0')
  }
  return SMALL_ORDER_Y.includes(hex)
}
