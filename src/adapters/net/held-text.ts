/** Text of answers that is held because the block that it belongs to has not ended: bounded in sum. */
import { type PeerFault, peerFault } from '../../node/pull/peer-faults.ts'

/**
 * Who is to give way, if anybody: where all together hold more than `limit`, the one that holds the most.
 * @param held UTF-16 code units
 */
export function longestHolder<T>(
  holders: Iterable<T>,
  held: (holder: T) => number,
  limit: number,
): { readonly holder: T; readonly fault: PeerFault } | undefined {
  let longest: { holder: T; chars: number } | undefined
  let total = 0
  for (const holder of holders) {
    const chars = held(holder)
    total += chars
    if (chars > (longest?.chars ?? 0)) longest = { holder, chars }
  }
  if (longest === undefined || total <= limit) return undefined
  const { holder, chars } = longest
  const detail = `a block of it had not ended after ${chars} characters, and others needed the room`
  return { holder, fault: peerFault('out-of-time', detail) }
}
