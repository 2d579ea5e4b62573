/** The compiled kernel, as the benchmark drives it: here, or in threads. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { openKernel } from '../src/kernels/kernel.ts'
import { CLASSIC, HEADER, type MiningRate, rateOf, type Work } from './mining-work.ts'

/** The kernel is asked for slices, as miners ask for them. */
const SLICE_TRIES = 100_000

export function kernelRate(work: Work): MiningRate {
  const kernel = openKernel()
  const search = (from: number, tries: number) => {
    return work === 'header'
      ? kernel.searchHeader(HEADER, { from, tries })
      : kernel.searchDecimal(CLASSIC, { from, tries })
  }
  return rateOf(SLICE_TRIES, search)
}

/** So many threads at once: what they try a second together. */
export function threadsRate(work: Work, count: number): { rate: MiningRate; end(): Promise<void> } {
  const file = new URL('mining-thread.ts', import.meta.url)
  const threads = Array.from({ length: count }, () => new Worker(file, { workerData: work }))
  const rate = async (ms: number) => {
    const rates = threads.map(async (thread): Promise<number> => {
      thread.postMessage(ms)
      const [perSecond] = await once(thread, 'message')
      return perSecond
    })
    return (await Promise.all(rates)).reduce((sum, perSecond) => sum + perSecond, 0)
  }
  const end = async () => {
    await Promise.all(threads.map((thread) => thread.terminate()))
  }
  return { rate, end }
}
