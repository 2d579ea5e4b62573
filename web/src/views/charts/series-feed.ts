/**
 * Reads the last blocks of the chain in parts, and then follows it as it grows. After a
 * reorganisation it begins anew, but only if that has touched what was read: the hash of the last
 * block that it read tells.
 */
import type { Series } from '../../chain/reading.ts'
import { Listeners } from '../../parts/listeners.ts'

export interface SeriesSource {
  series(part: { from: number; to: number }, signal: AbortSignal): Promise<Series>
  /** The hash of a block of the active chain; undefined past its end. */
  hashAt(index: number, signal: AbortSignal): Promise<string | undefined>
  /** Waits before it looks for more, so that a fast chain is not drawn block by block. */
  pause(): Promise<void>
}

export interface FeedState {
  /** The blocks read so far, after the one before them. */
  readonly series: Series
  /** Blocks that there are to read. */
  readonly wanted: number
  /** Whether all of them have been read, at least once. */
  readonly isComplete: boolean
  readonly error: unknown
}

/** Blocks read at once: then they are drawn. */
const PART = 2_000
const NOTHING: Series = { indexes: [], timestamps: [], counts: [], miners: [] }
const BEGINNING: FeedState = { series: NOTHING, wanted: 0, isComplete: false, error: undefined }

export class SeriesFeed {
  readonly #source: SeriesSource
  readonly #count: number
  readonly #listeners = new Listeners()
  #state = BEGINNING
  #height = 0
  #rewrites = 0
  #controller = new AbortController()
  #isRunning = false
  /** The last block that was read, once its hash is known. */
  #anchor: { index: number; hash: string | undefined } | undefined
  #isSuspect = false

  /** @param count blocks to keep */
  constructor(source: SeriesSource, count: number) {
    this.#source = source
    this.#count = count
  }

  readonly current = (): FeedState => this.#state

  readonly listen = this.#listeners.listen

  /** The chain is so long now, and has changed before its end so many times. */
  follow({ height, rewrites }: { height: number; rewrites: number }): void {
    this.#isSuspect ||= rewrites !== this.#rewrites
    this.#rewrites = rewrites
    this.#height = height
    this.#run()
  }

  readonly retry = (): void => {
    this.#update({ error: undefined })
    this.#run()
  }

  /** Gives up what is under way. */
  readonly stop = (): void => {
    this.#controller.abort()
    this.#controller = new AbortController()
    this.#isRunning = false
  }

  async #run(): Promise<void> {
    if (this.#isRunning || this.#height === 0) return
    this.#isRunning = true
    const { signal } = this.#controller
    try {
      while (await this.#readOn(signal)) {
        if (this.#state.isComplete) await this.#source.pause()
        if (signal.aborted) return
      }
    } catch (error) {
      if (!signal.aborted) this.#update({ error })
    }
    if (!signal.aborted) this.#isRunning = false
  }

  /** Reads one part; false if there was none. */
  async #readOn(signal: AbortSignal): Promise<boolean> {
    await this.#checkAnchor(signal)
    const height = this.#height
    const { series } = this.#state
    const last = series.indexes.at(-1)
    // The block before the first is read as well: an interval has two ends.
    const from = last === undefined ? Math.max(1, height - this.#count) : last + 1
    const to = Math.min(from + PART - 1, height)
    if (from > height) return false
    // Asked for first: what happens to the chain in between is found at the next check.
    const hash = await this.#source.hashAt(to, signal)
    const part = await this.#source.series({ from, to }, signal)
    if (signal.aborted || part.indexes[0] !== from) return false
    const end = part.indexes.at(-1)
    this.#anchor = { index: to, hash: end === to ? hash : undefined }
    const joined = join(series, part, this.#count + 1)
    const begun = joined.indexes[0] ?? from
    this.#update({
      series: joined,
      wanted: height - begun,
      isComplete: this.#state.isComplete || to === height,
      error: undefined,
    })
    return true
  }

  async #checkAnchor(signal: AbortSignal): Promise<void> {
    if (!this.#isSuspect) return
    this.#isSuspect = false
    const anchor = this.#anchor
    if (anchor === undefined) return
    const hash = await this.#source.hashAt(anchor.index, signal)
    if (hash !== undefined && hash === anchor.hash) return
    this.#anchor = undefined
    // What was read is shown until its successor is there.
    this.#state = { ...this.#state, series: NOTHING }
  }

  #update(change: Partial<FeedState>): void {
    this.#state = { ...this.#state, ...change }
    this.#listeners.tell()
  }
}

/** The second after the first, and of both the last ones. */
function join(a: Series, b: Series, count: number): Series {
  const drop = Math.max(0, a.indexes.length + b.indexes.length - count)
  return {
    indexes: [...a.indexes, ...b.indexes].slice(drop),
    timestamps: [...a.timestamps, ...b.timestamps].slice(drop),
    counts: [...a.counts, ...b.counts].slice(drop),
    miners: [...a.miners, ...b.miners].slice(drop),
  }
}
