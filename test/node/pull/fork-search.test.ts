import { describe, expect, it } from 'vitest'
import { ForkSearch } from '../../../src/node/pull/fork-search.ts'
import { EASY } from '../../helpers/chains.ts'
import { fc } from '../../helpers/fast-check.ts'

/** A header of ours at an index; only its place matters here. */
function at(index: number) {
  const place = { index, chainwork: BigInt(index), complete: index }
  return { ...EASY.rules.genesis.header, ...place, sizeBytes: 1, condemned: undefined }
}

/** Searches from a block that is not ours, where ours end at `fork` (0: none is shared). */
function looks(unknown: number, fork: number): { places: number[]; found: number | undefined } {
  const search = new ForkSearch(unknown)
  const places: number[] = []
  for (let { next } = search; next !== undefined; { next } = search) {
    places.push(next)
    search.tell(next, next <= fork ? at(next) : undefined)
    if (places.length > 200) throw new Error('it does not end')
  }
  return { places, found: search.fork?.index }
}

describe('the search for the last shared block', () => {
  it('finds it at every depth of every chain', () => {
    for (let unknown = 1; unknown <= 80; unknown++) {
      for (let fork = 0; fork < unknown; fork++) {
        expect(looks(unknown, fork).found, `${fork} of ${unknown}`).toBe(fork || undefined)
      }
    }
  })

  it('looks at no more than 2·log₂(depth)+1 blocks, however long the chain', () => {
    for (let depth = 1; depth <= 2_000; depth++) {
      const bound = Math.floor(2 * Math.log2(depth)) + 1
      expect(looks(1_000_000, 1_000_000 - depth).places.length, `${depth}`).toBeLessThanOrEqual(
        bound,
      )
    }
  })

  it('keeps to that bound for any depth and any length', () => {
    const chain = fc.integer({ min: 1, max: 2 ** 40 })
    fc.assert(
      fc.property(chain, fc.nat(), (unknown, random) => {
        const fork = random % unknown
        const { places, found } = looks(unknown, fork)
        expect(found).toBe(fork || undefined)
        expect(places.length).toBeLessThanOrEqual(2 * Math.log2(unknown - fork) + 1)
      }),
    )
  })

  it('looks at each block once, at none below the first, and at none from the unknown one on', () => {
    for (let unknown = 1; unknown <= 60; unknown++) {
      for (let fork = 0; fork < unknown; fork++) {
        const { places } = looks(unknown, fork)
        expect(new Set(places).size).toBe(places.length)
        expect(places.every((place) => place >= 1 && place < unknown)).toBe(true)
      }
    }
  })

  it('goes back by 1, 2, 4, … and then halves what is left', () => {
    expect(looks(41, 37).places).toEqual([40, 38, 34, 36, 37])
    expect(looks(41, 40).places).toEqual([40])
    expect(looks(9, 0).places).toEqual([8, 6, 2, 1])
  })

  it('has nothing to look at where the first block is not shared', () => {
    expect(looks(1, 0)).toEqual({ places: [], found: undefined })
  })
})
