/** The pool of threads: the contract of miners at several sizes, and threads that die. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { MinerPool, type PoolOptions } from '../../../src/adapters/mining/miner-pool.ts'
import { search } from '../../../src/core/puzzle.ts'
import { temporaryFolder } from '../../helpers/folders.ts'
import { isFull } from '../../helpers/volume.ts'
import { EASY, ENDLESS, minerContract, opened } from './miner-contract.ts'

// More threads than cores show no more than two do, but cost more to start.
for (const threads of isFull ? [1, 2, 5] : [1, 2]) {
  minerContract(`${threads} thread(s)`, (callbacks) => new MinerPool(callbacks, { threads }))
}

const REAL = new URL('../../../src/adapters/mining/miner-worker.ts', import.meta.url)

/** A worker made of some code; `goOn()` in it makes it a real one. */
function workerOf(code: string): URL {
  const start = `const goOn = () => import(${JSON.stringify(REAL.href)})`
  return new URL(`data:text/javascript,${encodeURIComponent(`${start}\n${code}`)}`)
}

const openPool = (options: PoolOptions) => opened((callbacks) => new MinerPool(callbacks, options))

describe('a thread that dies', () => {
  it.each([1, 2, 3])(
    'is replaced, and the lowest proof found all the same: %i threads',
    async (threads) => {
      const mark = join(temporaryFolder(), 'died-once')
      const workerFile = workerOf(`
      import { existsSync, writeFileSync } from 'node:fs'
      import { parentPort, workerData } from 'node:worker_threads'
      const mark = ${JSON.stringify(mark)}
      if (workerData.thread === 0 && !existsSync(mark)) {
        // Takes the first slice, the one with the proof, and dies in it.
        parentPort.on('message', ({ board }) => {
          const cells = new BigInt64Array(board)
          Atomics.store(cells, 2, Atomics.add(cells, 0, 1n))
          writeFileSync(mark, '')
          process.exit(1)
        })
      } else await goOn()`)
      const { miner, found } = openPool({ threads, workerFile })
      miner.start(1, EASY)
      const expected = search(EASY, { from: 0, tries: 1_000_000 })
      expect(await found).toEqual({ search: 1, proof: expected })
      expect(existsSync(mark)).toBe(true)
    },
  )

  it('while it takes a slice: the search begins anew', async () => {
    const mark = join(temporaryFolder(), 'died-once')
    const workerFile = workerOf(`
      import { existsSync, writeFileSync } from 'node:fs'
      import { parentPort } from 'node:worker_threads'
      const mark = ${JSON.stringify(mark)}
      if (existsSync(mark)) await goOn()
      else parentPort.on('message', ({ board }) => {
        const cells = new BigInt64Array(board)
        Atomics.store(cells, 2, -2n)
        Atomics.add(cells, 0, 1n)
        writeFileSync(mark, '')
        process.exit(1)
      })`)
    const { miner, found } = openPool({ threads: 1, workerFile })
    miner.start(1, EASY)
    expect((await found).proof).toBe(search(EASY, { from: 0, tries: 1_000_000 }))
  })

  it('again and again ends the search, which says why', async () => {
    const workerFile = workerOf(`
      import { parentPort } from 'node:worker_threads'
      parentPort.on('message', () => { throw new Error('no memory') })`)
    const { miner, failed } = openPool({ threads: 2, workerFile })
    miner.start(5, EASY)
    expect(await failed).toEqual({ search: 5, message: 'no memory' })
  })

  it('as the last one, where the system has refused another, ends the search', async () => {
    const workerFile = workerOf(`
      import { workerData } from 'node:worker_threads'
      const cells = new BigInt64Array(workerData.tried)
      if (workerData.thread === 0) {
        Atomics.wait(cells, 1, 0n)
        throw new Error('no file left')
      }
      Atomics.store(cells, 1, 1n)
      Atomics.notify(cells, 1)
      throw Object.assign(new Error('no thread'), { code: 'ERR_WORKER_INIT_FAILED' })`)
    const { miner, failed } = openPool({ threads: 2, workerFile })
    miner.start(6, EASY)
    expect(await failed).toEqual({ search: 6, message: 'no file left' })
  })
})

describe('the answer', () => {
  it('waits for a slower thread that has a lower slice', async () => {
    // Thread 0 takes the first slice and finds its proof late; thread 1 finds a higher one at once.
    const workerFile = workerOf(`
      import { parentPort, workerData } from 'node:worker_threads'
      const { thread } = workerData
      parentPort.on('message', async ({ run, board }) => {
        const cells = new BigInt64Array(board)
        while (thread === 1 && Atomics.load(cells, 0) === 0n);
        const slice = Number(Atomics.add(cells, 0, 1n))
        Atomics.store(cells, 2 + thread, BigInt(slice))
        while (thread === 0 && Atomics.load(cells, 1) !== 1n);
        Atomics.store(cells, 1, thread === 0 ? 0n : 1n)
        parentPort.postMessage({ run, found: { slice, proof: thread === 0 ? 3 : 20000 } })
        Atomics.store(cells, 2 + thread, -1n)
        parentPort.postMessage({ run })
      })`)
    const { miner, found } = openPool({ threads: 2, workerFile })
    miner.start(1, ENDLESS)
    expect(await found).toEqual({ search: 1, proof: 3 })
  })
})

describe('progress', () => {
  it('tells the rate of the search that runs', async () => {
    let nowMs = 1_000
    const { miner } = openPool({ threads: 1, nowMs: () => nowMs })
    miner.start(1, ENDLESS)
    while (miner.progress().tried === 0) await new Promise(setImmediate)
    nowMs += 1_000
    const { tried, rate, threads } = miner.progress()
    expect(threads).toBe(1)
    expect(rate).toBeGreaterThan(0)
    expect(rate).toBeLessThanOrEqual(tried)
    miner.cancel(1)
    expect(miner.progress().rate).toBe(0)
  })
})
