/**
 * A bounded number of places, shared out fairly: first by whether the holder has shown the node's token,
 * then by address, and within an address by who makes the least use of its place. When every place is
 * taken, the worst-behaved holder gives way, if it behaves worse than the newcomer; else the newcomer is
 * refused. So one address cannot keep all others out, and holders that do nothing keep nobody out.
 */

export interface Holder {
  /** Where it comes from. */
  readonly address: string
  /** Whether it has shown the node's token. */
  readonly isKnown: boolean
  /** For how long it has not used its place, in milliseconds; 0 while it does. */
  readonly idleMs: (nowMs: number) => number
  /** Takes the place away; the holder's `release` follows or is not needed. */
  readonly giveWay: () => void
}

export interface PlaceOptions {
  readonly capacity: number
  /** A holder that has been idle for less does not give way to another of its address. */
  readonly leastIdleMs: number
  readonly nowMs: () => number
}

export class Places {
  readonly #options: PlaceOptions
  readonly #holders = new Set<Holder>()
  readonly #byAddress = new Map<string, number>()

  constructor(options: PlaceOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#holders.size
  }

  /** Takes a place, perhaps from another; undefined where nobody gives way. */
  take(holder: Holder): { readonly release: () => void } | undefined {
    if (this.#holders.size >= this.#options.capacity) {
      const worst = this.#worst(holder)
      if (worst === undefined) return undefined
      this.#release(worst)
      worst.giveWay()
    }
    this.#holders.add(holder)
    this.#byAddress.set(holder.address, this.#countOf(holder.address) + 1)
    return { release: () => this.#release(holder) }
  }

  #countOf(address: string): number {
    return this.#byAddress.get(address) ?? 0
  }

  #release(holder: Holder): void {
    if (!this.#holders.delete(holder)) return
    const left = this.#countOf(holder.address) - 1
    if (left > 0) this.#byAddress.set(holder.address, left)
    else this.#byAddress.delete(holder.address)
  }

  /** Who is to give way to a newcomer, if anybody. */
  #worst(newcomer: Holder): Holder | undefined {
    const nowMs = this.#options.nowMs()
    let worst: Holder | undefined
    for (const holder of this.#holders) {
      if (!this.#givesWay(holder, newcomer, nowMs)) continue
      if (worst === undefined || this.#isWorse(holder, worst, nowMs)) worst = holder
    }
    return worst
  }

  #givesWay(holder: Holder, newcomer: Holder, nowMs: number): boolean {
    if (holder.isKnown && !newcomer.isKnown) return false
    if (newcomer.isKnown && !holder.isKnown) return true
    // One place more or less is no difference: the two would only swap.
    if (this.#countOf(holder.address) > this.#countOf(newcomer.address) + 1) return true
    return holder.idleMs(nowMs) >= this.#options.leastIdleMs
  }

  #isWorse(a: Holder, b: Holder, nowMs: number): boolean {
    if (a.isKnown !== b.isKnown) return !a.isKnown
    const [ofA, ofB] = [this.#countOf(a.address), this.#countOf(b.address)]
    return ofA === ofB ? a.idleMs(nowMs) > b.idleMs(nowMs) : ofA > ofB
  }
}
