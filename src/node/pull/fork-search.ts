/**
 * Finds the last block that another chain shares with ours by looking at single blocks of it: gallops
 * back from a block that we do not have (1, 2, 4, … further each time) to one that we have, then
 * bisects between the two. At most 2·log₂(depth)+1 looks, whatever the chain's length; Bitcoin's block
 * locator (net_processing's getheaders) has the same steps, in one message.
 */
import type { TreeHeader } from '../store/store.ts'

export class ForkSearch {
  /** Its lowest block that is known to be none of ours. */
  #unknown: number
  #known: TreeHeader | undefined
  #stride = 1

  /** @param unknown index of a block of the other chain that we do not have */
  constructor(unknown: number) {
    this.#unknown = unknown
  }

  /** The index to look at next; undefined once the fork is known. */
  get next(): number | undefined {
    const floor = this.#known?.index ?? 0
    if (this.#unknown - floor === 1) return undefined
    return this.#known === undefined
      ? Math.max(1, this.#unknown - this.#stride)
      : floor + Math.floor((this.#unknown - floor) / 2)
  }

  /** The last shared block; undefined where not even the genesis is. */
  get fork(): TreeHeader | undefined {
    return this.#known
  }

  /** What is at `next`: a block that we have, or undefined. */
  tell(index: number, header: TreeHeader | undefined): void {
    if (header !== undefined) this.#known = header
    else {
      this.#unknown = index
      this.#stride *= 2
    }
  }
}
