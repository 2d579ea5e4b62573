/**
 * The median of the times of a block and the ten before it. A block has to be later, so nobody turns the chain's
 * clock back alone. Source: Bitcoin Core, src/chain.h, GetMedianTimePast; BIP113.
 */
import type { Header } from '../block.ts'
import { NOT_CHECKABLE, type Past } from '../checks.ts'
import { timeOf } from './header.ts'

export const MEDIAN_BLOCKS = 11

/** Seconds since 1970; of as many blocks as there are, where the chain is shorter. */
export function medianTimeSec(
  past: Past & { readonly parent: Header },
): number | typeof NOT_CHECKABLE {
  const timesSec = [timeOf(past.parent)]
  for (let index = past.parent.index - 1; index > 0 && timesSec.length < MEDIAN_BLOCKS; index--) {
    const header = past.ancestor(index)
    if (header === undefined) return NOT_CHECKABLE
    timesSec.push(timeOf(header))
  }
  timesSec.sort((a, b) => a - b)
  // Of an even number, the later one of the two in the middle.
  return timesSec[Math.floor(timesSec.length / 2)] ?? NOT_CHECKABLE
}
