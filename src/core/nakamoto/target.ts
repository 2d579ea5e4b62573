/**
 * Targets: a hash, read as a little-endian number, has to be at most its header's target. A header carries the
 * target in 32 compact bits, a floating-point form with a byte of size and a mantissa of 24 bits, whose top bit
 * is a sign:
 *
 *     bits 1d00ffff:  size 1d = 29 bytes, mantissa 00ffff  →  target 00ffff × 256^(29−3)
 *
 * Source: Bitcoin Core, src/arith_uint256.cpp (SetCompact, GetCompact), src/chain.cpp (GetBlockProof).
 */
const MANTISSA_BYTES = 3n
const MANTISSA_MASK = 0x7fffff
const SIGN_BIT = 0x800000
const TWO_256 = 1n << 256n

/** What compact bits say; a target is none of the two flags and not zero. */
export interface Compact {
  /** Below 2^256, whatever overflows it cut off. */
  readonly magnitude: bigint
  readonly isNegative: boolean
  readonly overflows: boolean
}

/** @param bits 32 bits, unsigned */
export function decodeCompact(bits: number): Compact {
  const size = BigInt(bits >>> 24)
  const mantissa = BigInt(bits & MANTISSA_MASK)
  const whole =
    size <= MANTISSA_BYTES
      ? mantissa >> (8n * (MANTISSA_BYTES - size))
      : mantissa << (8n * (size - MANTISSA_BYTES))
  return {
    magnitude: whole % TWO_256,
    // There is no negative zero.
    isNegative: (bits & SIGN_BIT) !== 0 && whole !== 0n,
    overflows: whole >= TWO_256,
  }
}

/**
 * The bits of the largest target that is at most this one: what the mantissa has no room for is cut off.
 * @param target 0 to 2^256-1
 */
export function encodeCompact(target: bigint): number {
  let size = BigInt(byteLength(target))
  let mantissa =
    size <= MANTISSA_BYTES
      ? target << (8n * (MANTISSA_BYTES - size))
      : target >> (8n * (size - MANTISSA_BYTES))
  // The mantissa's top bit would be read as a sign.
  if (mantissa >= BigInt(SIGN_BIT)) {
    mantissa >>= 8n
    size++
  }
  return Number((size << 24n) | mantissa)
}

function byteLength(number: bigint): number {
  return number === 0n ? 0 : Math.ceil(number.toString(16).length / 2)
}

/** The target that bits stand for; undefined where they are negative, zero or beyond 256 bits. */
export function targetOf(bits: number): bigint | undefined {
  const { magnitude, isNegative, overflows } = decodeCompact(bits)
  return isNegative || overflows || magnitude === 0n ? undefined : magnitude
}

/** Bits as they are shown: eight hex digits, the size first. */
export function bitsHex(bits: number): string {
  return bits.toString(16).padStart(8, '0')
}

/** The hashes that a target takes on average, 2^256 ÷ (target + 1), rounded down. */
export function workOf(target: bigint): bigint {
  return TWO_256 / (target + 1n)
}

/** A target as 64 hex digits. */
export function targetHex(target: bigint): string {
  return target.toString(16).padStart(64, '0')
}
