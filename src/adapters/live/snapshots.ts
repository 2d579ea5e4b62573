/**
 * Views of the store for readers that take their time: each holds memory, and keeps the store from
 * reclaiming space. So they have places (places.ts), a reader waits a moment for one, and where the
 * store's log has grown too large, those who hold it back give way.
 */
import {
  LEAST_IDLE_MS,
  MAX_LOG_BYTES,
  MAX_OPEN_SNAPSHOTS,
  MAX_WAITING_SNAPSHOTS,
} from '../../core/limits.ts'
import type { Store, StoreReader } from '../../node/store/store.ts'
import { type Holder, Places } from './places.ts'
import { UnavailableError } from './waiting-requests.ts'

/** A counted view of the store; closing it twice is closing it once. */
export interface OpenSnapshot {
  readonly reader: StoreReader
  close(): void
}

/** Who reads for the node itself: it never gives way. */
const OURSELVES: Holder = { address: '', isKnown: true, idleMs: () => 0, giveWay: () => {} }

export interface SnapshotOptions {
  readonly store: Pick<Store, 'snapshot'>
  /** Resolves when the store shows what is committed; rejects with UnavailableError. */
  readonly ready: () => Promise<void>
  /** How long a reader waits for a place before it is refused. */
  readonly waitMs: number
  /** Smaller than MAX_LOG_BYTES, for tests. */
  readonly maxLogBytes?: number | undefined
  readonly nowMs?: () => number
}

export class Snapshots {
  readonly #options: SnapshotOptions
  readonly #nowMs: () => number
  readonly #places: Places
  /** Who reads, and since when. */
  readonly #open = new Map<Holder, number>()
  readonly #waiting = new Set<() => void>()

  constructor(options: SnapshotOptions) {
    this.#options = options
    this.#nowMs = options.nowMs ?? (() => performance.now())
    this.#places = new Places({
      capacity: MAX_OPEN_SNAPSHOTS,
      leastIdleMs: LEAST_IDLE_MS,
      nowMs: this.#nowMs,
    })
  }

  /** @throws StoreError, UnavailableError `too-many-streams` */
  async open(holder: Holder = { ...OURSELVES }): Promise<OpenSnapshot> {
    const place = this.#places.take(holder) ?? (await this.#wait(holder))
    let closeStore = () => {}
    let isOpen = true
    this.#open.set(holder, this.#nowMs())
    const close = () => {
      if (!isOpen) return
      isOpen = false
      this.#open.delete(holder)
      place.release()
      closeStore()
      const [first] = this.#waiting
      first?.()
    }
    try {
      await this.#options.ready()
      const reader = this.#options.store.snapshot()
      closeStore = () => reader.close()
      return { reader, close }
    } catch (error) {
      close()
      throw error
    }
  }

  /**
   * Reads at once. Opened, read and closed in one turn, so that such reads never hold more than one
   * snapshot together.
   * @throws StoreError, UnavailableError `shutting-down`
   */
  async read<T>(work: (reader: StoreReader) => T): Promise<T> {
    await this.#options.ready()
    const snapshot = this.#options.store.snapshot()
    try {
      return work(snapshot)
    } finally {
      snapshot.close()
    }
  }

  /**
   * Keeps the store's log from growing: it cannot be begun anew while somebody reads an older view. Past
   * the limit those give way who have read for a while, past twice the limit all but the node itself.
   */
  boundLog(logBytes: number): void {
    const { maxLogBytes = MAX_LOG_BYTES } = this.#options
    if (logBytes <= maxLogBytes) return
    const sinceMs = this.#nowMs() - (logBytes > 2 * maxLogBytes ? 0 : LEAST_IDLE_MS)
    for (const [holder, openedMs] of this.#open) if (openedMs <= sinceMs) holder.giveWay()
  }

  async #wait(holder: Holder): Promise<{ readonly release: () => void }> {
    const until = performance.now() + this.#options.waitMs
    while (this.#waiting.size < MAX_WAITING_SNAPSHOTS) {
      const leftMs = until - performance.now()
      if (leftMs <= 0) break
      await this.#nextClosed(leftMs)
      const place = this.#places.take(holder)
      if (place !== undefined) return place
    }
    const said = `${MAX_OPEN_SNAPSHOTS} answers are being streamed already`
    throw new UnavailableError('too-many-streams', said)
  }

  /** Resolves when a place is free, or the time is over. */
  #nextClosed(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer)
        this.#waiting.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, withinMs)
      this.#waiting.add(wake)
    })
  }
}
