/**
 * What the threads of one search share. Proofs are dealt out in slices, in the order of the search, each
 * to whoever asks next; so once a proof is found, only slices below its own can hold a lower one, and all of those
 * have been dealt. A board belongs to one search: nothing of an older one can be written to it.
 *
 *   BigInt64   0     the next slice to deal
 *              1     the lowest slice in which a proof was found, or NONE_FOUND
 *              2+w   where thread w is: a slice, CLAIMING or RESTING
 */

/** Proofs in a slice: 3 ms of a thread, and 7 ms without SIMD, so that it soon stops when it has to. */
export const SLICE_TRIES = 16_384
/** Slices from 0 to 2^53 - 1. */
const SLICES = BigInt((Number.MAX_SAFE_INTEGER + 1) / SLICE_TRIES)

const NEXT = 0
const LOWEST = 1
const PLACES = 2
const RESTING = -1n
/** About to be given a slice: which one is not known yet. */
const CLAIMING = -2n
const NONE_FOUND = SLICES

export class SearchBoard {
  readonly buffer: SharedArrayBuffer
  readonly #cells: BigInt64Array

  private constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer
    this.#cells = new BigInt64Array(buffer)
  }

  static create(threads: number): SearchBoard {
    const size = (PLACES + threads) * BigInt64Array.BYTES_PER_ELEMENT
    const board = new SearchBoard(new SharedArrayBuffer(size))
    board.#cells.fill(RESTING, PLACES)
    board.#cells[LOWEST] = NONE_FOUND
    return board
  }

  static of(buffer: SharedArrayBuffer): SearchBoard {
    return new SearchBoard(buffer)
  }

  /** The slice that a thread searches next; undefined if none is left that could matter. */
  claim(thread: number): number | undefined {
    const unfinished = Atomics.load(this.#cells, PLACES + thread)
    // A thread that died in a slice leaves it to the one that takes its place.
    if (unfinished >= 0n) return Number(unfinished)
    Atomics.store(this.#cells, PLACES + thread, CLAIMING)
    const slice = Atomics.add(this.#cells, NEXT, 1n)
    if (slice >= Atomics.load(this.#cells, LOWEST)) {
      this.rest(thread)
      return undefined
    }
    Atomics.store(this.#cells, PLACES + thread, slice)
    return Number(slice)
  }

  /** A thread has nothing to do with any slice. */
  rest(thread: number): void {
    Atomics.store(this.#cells, PLACES + thread, RESTING)
  }

  /** A proof was found in a slice. */
  announce(slice: number): void {
    const found = BigInt(slice)
    for (let lowest = Atomics.load(this.#cells, LOWEST); found < lowest; ) {
      const seen = Atomics.compareExchange(this.#cells, LOWEST, lowest, found)
      if (seen === lowest) return
      lowest = seen
    }
  }

  /** The lowest slice in which a proof was found. */
  get lowest(): number | undefined {
    const slice = Atomics.load(this.#cells, LOWEST)
    return slice === NONE_FOUND ? undefined : Number(slice)
  }

  /** Whether a thread may still find something below a slice. */
  mayFindBelow(slice: number, thread: number): boolean {
    const place = Atomics.load(this.#cells, PLACES + thread)
    return place === CLAIMING || (place >= 0n && place < BigInt(slice))
  }

  /** Whether it cannot be told which slice a thread that died had. */
  hasLost(thread: number): boolean {
    return Atomics.load(this.#cells, PLACES + thread) === CLAIMING
  }

  /** Whether all proofs have been tried and none solves the puzzle. */
  get isExhausted(): boolean {
    return (
      Atomics.load(this.#cells, NEXT) >= SLICES && Atomics.load(this.#cells, LOWEST) === NONE_FOUND
    )
  }
}
