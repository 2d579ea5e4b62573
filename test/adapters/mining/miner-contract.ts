/** What every miner promises, whatever it searches with: run against each of them. */
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Found, Miner, MinerCallbacks } from '../../../src/adapters/mining/miner.ts'
import { type DecimalPuzzle, MAX_PROOF_START, search, solves } from '../../../src/core/puzzle.ts'

export const EASY: DecimalPuzzle = { type: 'decimal', before: '100', after: '', zeros: 3 }
/** More zeros than anybody will ever find. */
export const ENDLESS: DecimalPuzzle = { ...EASY, zeros: 64 }

export interface Opened {
  readonly miner: Miner
  /** The first proof that is found. */
  readonly found: Promise<Found>
  readonly failed: Promise<{ search: number; message: string }>
  /** Every proof that was found. */
  readonly all: readonly Found[]
}

/** A miner whose results are waited for. */
export function opened(create: (callbacks: MinerCallbacks) => Miner): Opened {
  const found = Promise.withResolvers<Found>()
  const failed = Promise.withResolvers<{ search: number; message: string }>()
  const all: Found[] = []
  const miner = create({
    onFound: (result) => {
      all.push(result)
      found.resolve(result)
    },
    onFailed: (number, cause) => failed.resolve({ search: number, message: cause.message }),
  })
  onTestFinished(() => miner.close())
  return { miner, found: found.promise, failed: failed.promise, all }
}

/** The lowest proof, by the plain search. */
function lowest(puzzle: DecimalPuzzle): number | undefined {
  return search(puzzle, { from: 0, tries: 1_000_000 })
}

export function minerContract(name: string, create: (callbacks: MinerCallbacks) => Miner): void {
  const open = () => opened(create)

  describe(`a miner: ${name}`, () => {
    it('finds the lowest proof, as the plain search does', async () => {
      for (const [i, before] of ['100', '35293', 'Lea', '7'].entries()) {
        const { miner, found } = open()
        const puzzle = { ...EASY, before }
        miner.start(i + 1, puzzle)
        expect(await found).toEqual({ search: i + 1, proof: lowest(puzzle) })
      }
    })

    it('finds the first proof from where it begins, however many slices on', async () => {
      for (const startProof of [1, 999_983, MAX_PROOF_START - 1]) {
        const { miner, found } = open()
        miner.start(1, EASY, startProof)
        const proof = search(EASY, { from: startProof, tries: 1_000_000 })
        expect(await found).toEqual({ search: 1, proof })
      }
    })

    it('goes on at 0 where it has come to 2^31', async () => {
      const { miner, found } = open()
      const startProof = 2 ** 31 - 20
      miner.start(1, EASY, startProof)
      expect(search(EASY, { from: startProof, tries: 20 })).toBe(undefined)
      expect(await found).toEqual({ search: 1, proof: lowest(EASY) })
    })

    it('finds it where each proof is one', async () => {
      const { miner, found } = open()
      miner.start(1, { ...EASY, zeros: 0 })
      expect(await found).toEqual({ search: 1, proof: 0 })
    })

    it('finds one proof for a search, and then another for the next', async () => {
      const { miner, found, all } = open()
      miner.start(1, EASY)
      await found
      const next = { ...EASY, before: '101' }
      const { promise, resolve } = Promise.withResolvers<Found>()
      const second = opened(({ onFailed }) => create({ onFound: resolve, onFailed }))
      second.miner.start(2, next)
      expect((await promise).proof).toBe(lowest(next))
      expect(all).toHaveLength(1)
    })

    it('leaves a search for a newer one', async () => {
      const { miner, found, all } = open()
      miner.start(1, ENDLESS)
      miner.start(2, EASY)
      expect(await found).toEqual({ search: 2, proof: lowest(EASY) })
      expect(all).toHaveLength(1)
    })

    it('ends a search that is cancelled, and is free for the next', async () => {
      const { miner, found } = open()
      miner.start(1, ENDLESS)
      miner.cancel(1)
      expect(miner.progress().rate).toBe(0)
      miner.start(2, EASY)
      const { proof } = await found
      expect(solves(EASY, proof)).toBe(true)
    })

    it('does not end a search for the cancelling of an older one', async () => {
      const { miner, found } = open()
      miner.start(1, ENDLESS)
      miner.start(2, EASY)
      miner.cancel(1)
      expect((await found).search).toBe(2)
    })

    it('counts what it has tried, at least up to the proof', async () => {
      const { miner, found } = open()
      expect(miner.progress()).toMatchObject({ tried: 0, rate: 0 })
      miner.start(1, EASY)
      const { proof } = await found
      expect(miner.progress().tried).toBeGreaterThan(proof)
      expect(miner.progress().rate, 'nothing is searched for').toBe(0)
    })

    it('goes on with its search when it gets other threads', async () => {
      const { miner, found } = open()
      const hard = { ...EASY, zeros: 4 }
      miner.start(1, hard)
      for (const threads of [1, 3, 2]) miner.setThreads(threads)
      expect(await found).toEqual({ search: 1, proof: lowest(hard) })
    })

    it('closes in the middle of a search', async () => {
      const { miner, all } = open()
      miner.start(1, ENDLESS)
      await miner.close()
      await miner.close()
      expect(all).toEqual([])
    })
  })
}
