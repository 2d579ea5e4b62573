/** Views of the store for readers that take their time, counted: each holds memory and disk space. */
import { MAX_OPEN_SNAPSHOTS } from '../../core/limits.ts'
import type { Snapshot, StoreReader } from '../../node/store/store.ts'
import { UnavailableError } from './waiting-requests.ts'

/** A counted view of the store; closing it twice is closing it once. */
export interface OpenSnapshot {
  readonly reader: StoreReader
  close(): void
}

export class Snapshots {
  readonly #openStore: () => Promise<Snapshot>
  #count = 0

  constructor(openStore: () => Promise<Snapshot>) {
    this.#openStore = openStore
  }

  /** @throws StoreError, UnavailableError `too-many-streams` */
  async open(): Promise<OpenSnapshot> {
    if (this.#count >= MAX_OPEN_SNAPSHOTS) {
      const said = `${MAX_OPEN_SNAPSHOTS} answers are being streamed already`
      throw new UnavailableError('too-many-streams', said)
    }
    this.#count++
    let closeStore = () => {}
    let isOpen = true
    const close = () => {
      if (!isOpen) return
      isOpen = false
      this.#count--
      closeStore()
    }
    try {
      const reader = await this.#openStore()
      closeStore = () => reader.close()
      return { reader, close }
    } catch (error) {
      close()
      throw error
    }
  }
}
