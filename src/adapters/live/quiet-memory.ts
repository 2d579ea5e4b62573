/**
 * Gives memory back after a burst. V8 collects garbage when it needs room and keeps emptied pages for
 * the next time, so a node that was flooded would hold hundreds of MiB while it does nothing. Once the
 * event loop is quiet, everything is collected once: 50 ms for a node's usual 50 MiB that live.
 */
import { performance } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** How often one looks, in milliseconds. */
const EVERY_MS = 2_000
/** The share of its time for which the event loop may work and is quiet all the same. */
const QUIET_UTILIZATION = 0.1
/** So much beyond the least that it has had is worth a collection. */
const WORTHWHILE_BYTES = 64 * 1024 * 1024

/** By how much the heap may grow before all of it is collected again; left to itself, V8 lets it double and more. */
const GROWING_PERCENT = 40

export interface MemorySources {
  /** Bytes of the process that are in memory; may throw, where the system has no file to tell it in. */
  readonly residentBytes: () => number
  /** The share of its time for which the event loop has worked since the call before. */
  readonly utilization: () => number
  /** Collects all garbage, and gives every page back that is empty then. */
  readonly collect: () => Promise<void>
}

export class QuietMemory {
  readonly #sources: MemorySources
  #leastBytes = Number.POSITIVE_INFINITY
  #isCollecting = false
  #hasCollected = false

  constructor(sources: MemorySources = ofThisProcess()) {
    this.#sources = sources
  }

  /** Looks from time to time from now on; a process that has nothing else to do ends all the same. */
  start(): void {
    setFlagsFromString(`--heap-growing-percent=${GROWING_PERCENT}`)
    setInterval(() => void this.look(), EVERY_MS).unref()
  }

  /** Collects where that is worthwhile now. */
  async look(): Promise<void> {
    const isQuiet = this.#sources.utilization() < QUIET_UTILIZATION
    const bytes = this.#residentBytes()
    if (bytes === undefined) return
    // What a collection has left is in use: no reason for the next one.
    this.#leastBytes = this.#hasCollected ? bytes : Math.min(this.#leastBytes, bytes)
    this.#hasCollected = false
    if (!isQuiet || this.#isCollecting || bytes < this.#leastBytes + WORTHWHILE_BYTES) return
    this.#isCollecting = true
    await this.#sources.collect()
    this.#isCollecting = false
    this.#hasCollected = true
  }

  /** Linux tells it in a file, and a process may have none left to open: then one looks again later. */
  #residentBytes(): number | undefined {
    try {
      return this.#sources.residentBytes()
    } catch {
      return undefined
    }
  }
}

function ofThisProcess(): MemorySources {
  let before = performance.eventLoopUtilization()
  return {
    residentBytes: () => process.memoryUsage.rss(),
    utilization: () => {
      const now = performance.eventLoopUtilization()
      const { utilization } = performance.eventLoopUtilization(now, before)
      before = now
      return utilization
    },
    collect: collector(),
  }
}

/** V8's own collector, which Node.js shows under a flag: taken out at its first use, and hidden again. */
function collector(): () => Promise<void> {
  let gc: NodeJS.GCFunction | undefined
  return async () => {
    gc ??= exposedCollector()
    await gc({ execution: 'async', type: 'major', flavor: 'last-resort' })
  }
}

function exposedCollector(): NodeJS.GCFunction {
  setFlagsFromString('--expose-gc')
  const gc: NodeJS.GCFunction = runInNewContext('gc')
  setFlagsFromString('--no-expose-gc')
  return gc
}
