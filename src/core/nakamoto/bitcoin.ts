/**
 * Bitcoin's difficulty: every 2,016 blocks the target is multiplied by the time that they took over the time
 * that they should have, by no more than 4 and no less than a quarter. Between these blocks it stays.
 * Kept as it is, its known fault included: the time is taken from the first of these blocks to the last, so it
 * spans 2,015 spacings and not 2,016, and what stands between two periods is never counted (the "time warp").
 * Source: Bitcoin Core, src/pow.cpp, CalculateNextWorkRequired.
 */
import type { Header } from '../block.ts'
import { NOT_CHECKABLE, type Past } from '../checks.ts'
import { bitsOf, heightOf, timeOf } from './header.ts'
import { decodeCompact, encodeCompact } from './target.ts'

export const RETARGET_BLOCKS = 2_016

const MAX_FACTOR = 4n

export interface BitcoinRetarget {
  readonly type: 'bitcoin'
  /** Seconds wanted between two blocks. */
  readonly spacingSec: number
}

/** The bits that the block after these has to carry. @param limit the easiest target */
export function bitcoinBits(
  past: Past & { readonly parent: Header },
  { spacingSec }: BitcoinRetarget,
  limit: bigint,
): number | typeof NOT_CHECKABLE {
  const { parent } = past
  if ((heightOf(parent) + 1) % RETARGET_BLOCKS !== 0) return bitsOf(parent)
  const first = past.ancestor(parent.index - (RETARGET_BLOCKS - 1))
  if (first === undefined) return NOT_CHECKABLE
  const tookSec = timeOf(parent) - timeOf(first)
  return retargeted({ bits: bitsOf(parent), tookSec, spacingSec, limit })
}

/** @param tookSec from the first block of the period to its last; may be negative */
export function retargeted({
  bits,
  tookSec,
  spacingSec,
  limit,
}: {
  bits: number
  tookSec: number
  spacingSec: number
  limit: bigint
}): number {
  const wanted = BigInt(spacingSec * RETARGET_BLOCKS)
  const took = clamped(BigInt(tookSec), wanted / MAX_FACTOR, wanted * MAX_FACTOR)
  const target = (decodeCompact(bits).magnitude * took) / wanted
  return encodeCompact(target < limit ? target : limit)
}

function clamped(value: bigint, least: bigint, most: bigint): bigint {
  if (value < least) return least
  return value > most ? most : value
}
