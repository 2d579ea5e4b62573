/** A thread of its own that searches for as long as it is told, and says how many it tried a second. */
import { parentPort, workerData } from 'node:worker_threads'
import { kernelRate } from './mining-kernel.ts'
import type { Work } from './mining-work.ts'

const work: Work = workerData
const rate = kernelRate(work)
parentPort?.on('message', async (ms: number) => {
  parentPort?.postMessage(await rate(ms))
})
