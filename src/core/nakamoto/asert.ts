/**
 * aserti3-2d: each block's target follows from one anchor block alone. With T the spacing, it doubles for each
 * half-life that the chain is late, and halves for each that it is early:
 *
 *     target = anchor's target × 2^((time since the anchor's parent − T × (height since the anchor + 1)) ÷ half-life)
 *
 * in fixed point with 16 binary digits, the power of two between 0 and 1 by a cubic polynomial. Two roundings
 * differ and both count: the division truncates toward zero, the shift rounds down.
 * Source: the specification of Bitcoin Cash's upgrade of November 2020 (ASERT).
 * The anchor here is the first mined block, which carries the genesis' bits; a genesis has no honest time, so
 * the anchor's parent is taken to be one spacing before the anchor.
 */
import type { Header } from '../block.ts'
import { NOT_CHECKABLE, type Past } from '../checks.ts'
import { bitsOf, heightOf, timeOf } from './header.ts'
import { decodeCompact, encodeCompact } from './target.ts'

export interface Asert {
  readonly type: 'asert'
  /** Seconds wanted between two blocks. */
  readonly spacingSec: number
  /** Seconds behind or ahead of plan that double or halve the target. */
  readonly halfLifeSec: number
}

const RADIX_BITS = 16n
const RADIX = 1n << RADIX_BITS
const ANCHOR_INDEX = 2

/** The bits that the block after these has to carry. @param limit the easiest target */
export function asertBits(
  past: Past & { readonly parent: Header },
  { spacingSec, halfLifeSec }: Asert,
  limit: bigint,
): number | typeof NOT_CHECKABLE {
  const { parent } = past
  if (heightOf(parent) === 0) return encodeCompact(limit)
  const anchor = past.ancestor(ANCHOR_INDEX)
  if (anchor === undefined) return NOT_CHECKABLE
  return asert({
    anchorBits: bitsOf(anchor),
    passedSec: timeOf(parent) - (timeOf(anchor) - spacingSec),
    blocks: parent.index - anchor.index,
    spacingSec,
    halfLifeSec,
    limit,
  })
}

/** Of an anchor, and the block before the one that is asked for. */
export function asert({
  anchorBits,
  passedSec,
  blocks,
  spacingSec,
  halfLifeSec,
  limit,
}: {
  anchorBits: number
  /** From the anchor's parent to the block before; may be negative. */
  passedSec: number
  /** From the anchor to the block before. */
  blocks: number
  spacingSec: number
  halfLifeSec: number
  limit: bigint
}): number {
  const lateSec = BigInt(passedSec) - BigInt(spacingSec) * BigInt(blocks + 1)
  // Truncates toward zero, as bigint's division does.
  const exponent = (lateSec * RADIX) / BigInt(halfLifeSec)
  // Rounds down, as bigint's shift does.
  const doublings = exponent >> RADIX_BITS
  const scaled = decodeCompact(anchorBits).magnitude * powerOfTwo(exponent - doublings * RADIX)
  const shift = doublings - RADIX_BITS
  const target = shift < 0n ? scaled >> -shift : scaled << shift
  if (target === 0n) return encodeCompact(1n)
  return encodeCompact(target < limit ? target : limit)
}

/** 2^(fraction ÷ 65536) × 65536, for a fraction from 0 to 65535; off by less than 0.013 %. */
function powerOfTwo(fraction: bigint): bigint {
  const polynomial =
    195_766_423_245_049n * fraction + 971_821_376n * fraction ** 2n + 5_127n * fraction ** 3n
  return RADIX + ((polynomial + (1n << 47n)) >> 48n)
}
