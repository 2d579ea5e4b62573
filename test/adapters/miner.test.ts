import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WorkerMiner } from '../../src/adapters/miner.ts'
import type { Found } from '../../src/adapters/miner-worker.ts'
import { type DecimalPuzzle, search, solves } from '../../src/core/puzzle.ts'
import { temporaryFolder } from '../helpers/folders.ts'

const EASY: DecimalPuzzle = { type: 'decimal', before: '100', after: '', zeros: 3 }
/** More zeros than anybody will ever find. */
const ENDLESS: DecimalPuzzle = { ...EASY, zeros: 64 }

/** A miner whose results are waited for. */
function openMiner(options?: { workerFile: URL }) {
  const found = Promise.withResolvers<Found>()
  const failed = Promise.withResolvers<{ search: number; message: string }>()
  const all: Found[] = []
  const miner = new WorkerMiner(
    {
      onFound: (result) => {
        all.push(result)
        found.resolve(result)
      },
      onFailed: (number, cause) => failed.resolve({ search: number, message: cause.message }),
    },
    options,
  )
  onTestFinished(() => miner.close())
  return { miner, found: found.promise, failed: failed.promise, all }
}

/** A worker made of a line of code. */
function workerOf(code: string): { workerFile: URL } {
  return { workerFile: new URL(`data:text/javascript,${encodeURIComponent(code)}`) }
}

describe('the mining thread', () => {
  it('finds the lowest proof, as the plain search does', async () => {
    const { miner, found } = openMiner()
    miner.start(1, EASY)
    const expected = search(EASY, { from: 0, tries: 1_000_000 })
    expect(await found).toEqual({ search: 1, proof: expected })
  })

  it('leaves a search for a newer one', async () => {
    const { miner, found, all } = openMiner()
    miner.start(1, ENDLESS)
    miner.start(2, EASY)
    expect((await found).search).toBe(2)
    expect(all).toHaveLength(1)
  })

  it('ends a search that is cancelled, and is free for the next', async () => {
    const { miner, found } = openMiner()
    miner.start(1, ENDLESS)
    miner.cancel(1)
    miner.start(2, EASY)
    const { proof } = await found
    expect(solves(EASY, proof)).toBe(true)
  })

  it('does not end a search for the cancelling of an older one', async () => {
    const { miner, found } = openMiner()
    miner.start(1, ENDLESS)
    miner.start(2, EASY)
    miner.cancel(1)
    expect((await found).search).toBe(2)
  })

  it('replaces a worker that dies and searches again', async () => {
    const mark = join(temporaryFolder(), 'died-once')
    const { miner, found } = openMiner(
      workerOf(`
        import { existsSync, writeFileSync } from 'node:fs'
        import { parentPort } from 'node:worker_threads'
        const mark = ${JSON.stringify(mark)}
        parentPort.on('message', ({ search }) => {
          if (existsSync(mark)) return parentPort.postMessage({ search, proof: 7 })
          writeFileSync(mark, '')
          process.exit(1)
        })`),
    )
    miner.start(1, EASY)
    expect(await found).toEqual({ search: 1, proof: 7 })
    expect(existsSync(mark)).toBe(true)
  })

  it('gives a search up when its worker dies again and again, and says why', async () => {
    const { miner, failed } = openMiner(
      workerOf(`
        import { parentPort } from 'node:worker_threads'
        parentPort.on('message', () => { throw new Error('no memory') })`),
    )
    miner.start(5, EASY)
    expect(await failed).toEqual({ search: 5, message: 'no memory' })
  })

  it('closes in the middle of a search', async () => {
    const { miner } = openMiner()
    miner.start(1, ENDLESS)
    await miner.close()
    await miner.close()
  })
})
