/**
 * A linearly weighted moving average over the last blocks: the newest solve time counts most, so the target
 * follows quickly when miners come or go. For networks that stop for a weekend. With n blocks and spacing T:
 *
 *     next target = ⌊ Σ target_i × Σ i·s_i ÷ (n × T × n(n+1)/2) ⌋        i = 1 (oldest) … n (newest)
 *
 * A solve time s_i is taken between running maxima of the times and is at most 6 T. With the times as they are,
 * a miner with a tenth of the power could bring blocks of 15 s down to 10.
 * Source: Zawy's LWMA-1 (github.com/zawy12/difficulty-algorithms, issue 3), with the running maximum.
 */
import type { Header } from '../block.ts'
import { NOT_CHECKABLE, type Past } from '../checks.ts'
import { bitsOf, heightOf, timeOf } from './header.ts'
import { decodeCompact, encodeCompact } from './target.ts'

export interface Lwma {
  readonly type: 'lwma'
  /** Seconds wanted between two blocks. */
  readonly spacingSec: number
  /** How many blocks are looked at. */
  readonly window: number
}

/** A solve time counts no more than so many spacings. */
const MAX_SPACINGS = 6

/** The bits that the block after these has to carry. @param limit the easiest target */
export function lwmaBits(
  past: Past & { readonly parent: Header },
  { spacingSec, window }: Lwma,
  limit: bigint,
): number | typeof NOT_CHECKABLE {
  const { parent } = past
  const count = Math.min(window, heightOf(parent))
  const headers = [parent]
  for (let index = parent.index - 1; headers.length <= count; index--) {
    const header = past.ancestor(index)
    if (header === undefined) return NOT_CHECKABLE
    headers.push(header)
  }
  headers.reverse()
  return lwma({ timesSec: headers.map(timeOf), bits: headers.map(bitsOf), spacingSec, limit })
}

/** Times and bits of consecutive blocks, oldest first; the first one is only where the first solve time begins. */
export function lwma({
  timesSec,
  bits,
  spacingSec,
  limit,
}: {
  timesSec: readonly number[]
  bits: readonly number[]
  spacingSec: number
  limit: bigint
}): number {
  const count = timesSec.length - 1
  if (count === 0) return encodeCompact(limit)
  const targets = bits.slice(1).reduce((sum, b) => sum + decodeCompact(b).magnitude, 0n)
  const times = BigInt(weightedSolveTimes(timesSec, MAX_SPACINGS * spacingSec))
  const wanted = BigInt(count) * BigInt(spacingSec) * BigInt((count * (count + 1)) / 2)
  const target = (targets * times) / wanted
  if (target === 0n) return encodeCompact(1n)
  return encodeCompact(target < limit ? target : limit)
}

function weightedSolveTimes([first = 0, ...rest]: readonly number[], mostSec: number): number {
  let sum = 0
  let highest = first
  for (const [i, time] of rest.entries()) {
    const next = Math.max(time, highest + 1)
    sum += (i + 1) * Math.min(mostSec, next - highest)
    highest = next
  }
  return sum
}
