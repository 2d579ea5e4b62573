import { describe, expect, it } from 'vitest'
import {
  besideBlock,
  branchesNear,
  lanesIn,
  NOTHING_BESIDE,
  placeBranches,
} from '../../web/src/views/chain/lanes.ts'
import {
  placeOfRow,
  rangeIn,
  rowsOf,
  segmentAround,
  segmentFrom,
  spotAt,
} from '../../web/src/views/chain/rows.ts'
import { heightIn, soughtIn } from '../../web/src/views/chain/search.ts'

const ROW = 160
const WINDOW = 800

describe('the rows of the list', () => {
  it('hold a whole chain if they fit into the highest element, and the newest part if not', () => {
    expect(segmentFrom(100, 100)).toEqual({ newest: 100, oldest: 1 })
    expect(segmentFrom(101, 100)).toEqual({ newest: 101, oldest: 2 })
    expect(segmentFrom(1, 100)).toEqual({ newest: 1, oldest: 1 })
  })

  it('hold the part around a block, as far as the chain goes', () => {
    expect(segmentAround(500, 1_000, 100)).toEqual({ newest: 550, oldest: 451 })
    expect(segmentAround(1, 1_000, 100)).toEqual({ newest: 100, oldest: 1 })
    expect(segmentAround(1_000, 1_000, 100)).toEqual({ newest: 1_000, oldest: 901 })
    expect(segmentAround(3, 10, 100)).toEqual({ newest: 10, oldest: 1 })
  })

  it('lie from the newest at the top to the oldest, and are found again by their place', () => {
    const segment = segmentAround(50_000, 100_000, 60_000)
    expect(placeOfRow(segment, segment.newest, ROW)).toBe(0)
    expect(placeOfRow(segment, segment.oldest, ROW)).toBe((rowsOf(segment) - 1) * ROW)
    for (const index of [segment.newest, 50_000, segment.oldest]) {
      const px = placeOfRow(segment, index, ROW)
      expect(spotAt(segment, px, ROW)).toEqual({ index, part: 0 })
      expect(spotAt(segment, px + ROW / 4, ROW)).toEqual({ index, part: 0.25 })
    }
  })

  it('are drawn where one looks, a few beyond each edge, and as many in the longest chain', () => {
    for (const length of [1, 7, 1_000, 100_000]) {
      const segment = segmentFrom(length, length)
      for (const fromPx of [-500, 0, 77, (length * ROW) / 2, length * ROW]) {
        const range = rangeIn(segment, { fromPx, toPx: fromPx + WINDOW, rowPx: ROW })
        const { newest, oldest } = range
        expect(newest).toBeLessThanOrEqual(length)
        expect(oldest).toBeGreaterThanOrEqual(1)
        expect(newest - oldest).toBeLessThan(20)
        const seen = spotAt(segment, Math.max(0, fromPx), ROW).index
        expect(newest).toBeGreaterThanOrEqual(seen)
        expect(oldest).toBeLessThanOrEqual(seen)
      }
    }
  })
})

describe('branches that lost, beside the chain', () => {
  const branch = (tip: string, fork: number, length: number) => ({ tip, fork, length })
  const lanesOf = (...branches: ReturnType<typeof branch>[]) =>
    Object.fromEntries(placeBranches(branches).map(({ tip, lane }) => [tip, lane]))

  it('share a lane if one ends below where the other forks, and have two if they meet', () => {
    expect(lanesOf(branch('a', 10, 3), branch('b', 14, 2))).toEqual({ a: 0, b: 0 })
    expect(lanesOf(branch('a', 10, 3), branch('b', 13, 2))).toEqual({ a: 0, b: 1 })
    expect(lanesOf(branch('a', 10, 2), branch('b', 10, 3))).toEqual({ a: 1, b: 0 })
  })

  it('have the same lanes in whichever order they are told of', () => {
    const branches = [branch('a', 5, 9), branch('b', 7, 1), branch('c', 7, 1), branch('d', 20, 1)]
    expect(lanesOf(...branches.toReversed())).toEqual(lanesOf(...branches))
  })

  it('are counted where there are more than three at a height', () => {
    const placed = placeBranches(['a', 'b', 'c', 'd', 'e'].map((tip) => branch(tip, 10, 2)))
    expect(lanesIn(placed)).toBe(3)
    const { cells, branches } = besideBlock(placed, 11)
    expect(cells).toHaveLength(3)
    expect(branches.map(({ lane }) => lane)).toEqual([0, 1, 2, undefined, undefined])
  })

  it('are at the heights of their blocks, with their fork below and nothing elsewhere', () => {
    const placed = placeBranches([branch('a', 10, 2)])
    const kinds = [9, 10, 11, 12, 13].map((index) => besideBlock(placed, index).cells[0]?.kind)
    expect(kinds).toEqual([undefined, 'fork', 'block', 'block', undefined])
    expect(besideBlock(placed, 13)).toBe(NOTHING_BESIDE)
  })

  it('say where they have more blocks than are drawn', () => {
    const placed = placeBranches([branch('a', 0, 250)])
    const kindAt = (index: number) => besideBlock(placed, index).cells[0]?.kind
    expect([kindAt(100), kindAt(101), kindAt(102)]).toEqual(['block', 'more', undefined])
    expect(besideBlock(placed, 250).branches).toHaveLength(1)
    expect(besideBlock(placed, 251).branches).toHaveLength(0)
  })

  it('are looked up only near the rows that are drawn', () => {
    const placed = placeBranches([branch('a', 10, 2), branch('b', 50, 2)])
    const near = (newest: number, oldest: number) =>
      branchesNear(placed, { newest, oldest }).map(({ tip }) => tip)
    expect(near(60, 52)).toEqual(['b'])
    expect(near(50, 13)).toEqual(['b'])
    expect(near(12, 1)).toEqual(['a'])
    expect(near(49, 13)).toEqual([])
  })
})

describe('what is looked for', () => {
  it('is a height, a hash or a party', () => {
    const hash = 'ab'.repeat(32)
    expect(soughtIn(' 12 ')).toEqual({ type: 'height', index: 12 })
    expect(soughtIn(hash)).toEqual({ type: 'hash', hash })
    expect(soughtIn(` ${hash.toUpperCase()}\n`)).toEqual({ type: 'hash', hash })
    expect(soughtIn(`${hash}0`)).toEqual({ type: 'party', party: `${hash}0` })
    expect(soughtIn('  ')).toEqual({ type: 'nothing' })
    for (const party of ['Lea', ' Lea', '-1', '1.5', '１２', '0x10', '1e3']) {
      expect(soughtIn(party)).toEqual({ type: 'party', party })
    }
  })

  it('is a height only within the chain', () => {
    expect(heightIn('1', 5)).toBe(1)
    expect(heightIn('5', 5)).toBe(5)
    for (const what of ['', '0', '6', '-1', '1.5', 'x', '9'.repeat(30)]) {
      expect(heightIn(what, 5)).toBeUndefined()
    }
  })
})
