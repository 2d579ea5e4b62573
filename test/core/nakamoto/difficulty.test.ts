import { describe, expect, it } from 'vitest'
import { NOT_CHECKABLE } from '../../../src/core/checks.ts'
import { asert } from '../../../src/core/nakamoto/asert.ts'
import { RETARGET_BLOCKS, retargeted } from '../../../src/core/nakamoto/bitcoin.ts'
import { type Difficulty, nextBits } from '../../../src/core/nakamoto/difficulty.ts'
import { bitsOf, timeOf } from '../../../src/core/nakamoto/header.ts'
import { lwma } from '../../../src/core/nakamoto/lwma.ts'
import { MEDIAN_BLOCKS, medianTimeSec } from '../../../src/core/nakamoto/median-time.ts'
import { bitsHex, decodeCompact, encodeCompact } from '../../../src/core/nakamoto/target.ts'
import { describeShared, sharedVector } from '../../helpers/vectors.ts'
import { chainOf, csvRows, pastOfAll, realHeaders } from './headers.ts'

const EASIEST_BITS = 0x1d00ffff
const LIMIT = decodeCompact(EASIEST_BITS).magnitude
const SPACING = 600
const TWO_WEEKS = 14 * 24 * 60 * 60
const BITCOIN: Difficulty = { type: 'bitcoin', spacingSec: SPACING }

/** Headers at a steady pace, all of the same bits. */
function steady(count: number, { spacing = SPACING, bits = EASIEST_BITS } = {}) {
  return chainOf(Array.from({ length: count }, (_, i) => ({ timeSec: 1_000 + i * spacing, bits })))
}

describe('fixed', () => {
  it('never changes, however quick the blocks are', () => {
    const past = pastOfAll(steady(30, { spacing: 1 }))
    expect(nextBits(past, { type: 'fixed' }, decodeCompact(0x207fffff).magnitude)).toBe(0x207fffff)
  })
})

describeShared("bitcoin: Bitcoin's own headers", () => {
  interface Retarget {
    readonly name: string
    readonly first_time: number
    readonly last_time: number
    readonly last_bits: string
    readonly expected_bits: string
  }
  const { retarget }: { retarget: Retarget[] } = JSON.parse(
    sharedVector('headers/nbits_compact_vectors.json'),
  )

  it.each(retarget)('$name', ({ first_time, last_time, last_bits, expected_bits }) => {
    const tookSec = last_time - first_time
    const bits = retargeted({ bits: Number(last_bits), tookSec, spacingSec: SPACING, limit: LIMIT })
    expect(bitsHex(bits)).toBe(bitsHex(Number(expected_bits)))
  })

  it('have the bits of every period, from the first on', () => {
    const headers = realHeaders('bitcoin_retarget_headers.csv').map(({ header }) => header)
    const byIndex = new Map(headers.map((header) => [header.index, header]))
    const ancestor = (index: number) => byIndex.get(index)
    let retargets = 0
    for (const header of headers) {
      const parent = ancestor(header.index - 1)
      if (parent === undefined) continue
      expect(nextBits({ parent, ancestor }, BITCOIN, LIMIT)).toBe(bitsOf(header))
      retargets++
    }
    expect(retargets).toBeGreaterThan(200)
  })

  it.each(['bitcoin_headers_0_2016.csv', 'bitcoin_headers_822528_826560.csv'])(
    'of %s follow on each other, and are later than the median',
    (name) => {
      const headers = realHeaders(name).map(({ header }) => header)
      const byIndex = new Map(headers.map((header) => [header.index, header]))
      const ancestor = (index: number) => byIndex.get(index)
      for (const header of headers.slice(1)) {
        const parent = ancestor(header.index - 1)
        if (parent === undefined) throw new Error('a gap')
        const past = { parent, ancestor }
        expect(nextBits(past, BITCOIN, LIMIT)).toBe(bitsOf(header))
        const median = medianTimeSec(past)
        if (median !== NOT_CHECKABLE) expect(timeOf(header)).toBeGreaterThan(median)
      }
    },
  )
})

describe('bitcoin', () => {
  const bits = 0x1c0fffff
  const next = (tookSec: number) =>
    decodeCompact(retargeted({ bits, tookSec, spacingSec: SPACING, limit: LIMIT })).magnitude
  const before = decodeCompact(bits).magnitude

  it('keeps the bits between two periods', () => {
    const headers = steady(RETARGET_BLOCKS - 1, { spacing: 1, bits })
    expect(nextBits(pastOfAll(headers), BITCOIN, LIMIT)).toBe(bits)
    const one = chainOf([
      ...headers.map((h) => ({ timeSec: timeOf(h), bits })),
      { timeSec: 1, bits },
    ])
    expect(nextBits(pastOfAll(one), BITCOIN, LIMIT)).not.toBe(bits)
  })

  it('takes 2,015 spacings for 2,016: so a steady chain gets a little harder', () => {
    const past = pastOfAll(steady(RETARGET_BLOCKS, { bits }))
    expect(nextBits(past, BITCOIN, LIMIT)).toBe(
      encodeCompact((before * 2_015n) / BigInt(RETARGET_BLOCKS)),
    )
  })

  it.each([
    ['a quarter', TWO_WEEKS / 4],
    ['less than a quarter', TWO_WEEKS / 4 - 1],
    ['no time', 0],
    ['a negative time', -1_000_000],
  ])('counts %s as a quarter', (_, tookSec) => {
    expect(encodeCompact(next(tookSec))).toBe(encodeCompact(before / 4n))
  })

  it('counts one second more than a quarter', () => {
    expect(next(TWO_WEEKS / 4 + 1)).toBeGreaterThan(before / 4n)
  })

  it('counts four times the time, and no more', () => {
    const quadruple = encodeCompact(before * 4n)
    expect(encodeCompact(next(4 * TWO_WEEKS))).toBe(quadruple)
    expect(encodeCompact(next(4 * TWO_WEEKS + 1))).toBe(quadruple)
    expect(next(4 * TWO_WEEKS - 1)).toBeLessThan(next(4 * TWO_WEEKS))
  })

  it('is never easier than the limit', () => {
    const easiest = { bits: EASIEST_BITS, spacingSec: SPACING, limit: LIMIT }
    expect(retargeted({ ...easiest, tookSec: TWO_WEEKS + 1 })).toBe(EASIEST_BITS)
    expect(retargeted({ ...easiest, tookSec: TWO_WEEKS - 1 })).toBeLessThan(EASIEST_BITS)
  })

  it('cannot be told where the first block of the period is not known', () => {
    const headers = steady(RETARGET_BLOCKS)
    expect(nextBits(pastOfAll(headers, RETARGET_BLOCKS - 1), BITCOIN, LIMIT)).toBe(NOT_CHECKABLE)
    expect(nextBits(pastOfAll(headers, RETARGET_BLOCKS), BITCOIN, LIMIT)).not.toBe(NOT_CHECKABLE)
  })

  it('can be warped by times: the hours between two periods are never counted', () => {
    // Every last block of a period far ahead, every first one at its honest time.
    const times = Array.from({ length: 2 * RETARGET_BLOCKS }, (_, i) => {
      return i % RETARGET_BLOCKS === RETARGET_BLOCKS - 1 ? 10 * TWO_WEEKS : 1_000 + i
    })
    const headers = chainOf(times.map((timeSec) => ({ timeSec, bits })))
    // Quicker than wanted by far, and yet easier by the factor 4.
    expect(nextBits(pastOfAll(headers), BITCOIN, LIMIT)).toBe(encodeCompact(before * 4n))
  })
})

describeShared('asert: the published runs', () => {
  it.each(['01', '02', '03', '05', '07', '09', '11'])('run %s', (number) => {
    const text = sharedVector(`asert/run${number}.txt`)
    const said = (name: string) => new RegExp(`${name}: (\\S+)`).exec(text)?.[1]
    const anchorHeight = Number(said('anchor height'))
    const parentTime = Number(said('anchor ancestor time') ?? said('anchor parent time'))
    const rows = text.split('\n').filter((line) => /^\d/.test(line))
    expect(rows).toHaveLength(Number(said('iterations')))
    for (const row of rows) {
      const [, height, time, bits] = row.split(' ').map(Number)
      const got = asert({
        anchorBits: Number(said('anchor nBits')),
        passedSec: Number(time) - parentTime,
        blocks: Number(height) - anchorHeight,
        spacingSec: SPACING,
        halfLifeSec: 2 * 24 * 60 * 60,
        limit: LIMIT,
      })
      expect(bitsHex(got), row).toBe(bitsHex(Number(bits)))
    }
  })

  it('gives the bits of the first blocks that Bitcoin Cash mined under it', () => {
    const rows = csvRows(sharedVector('asert/bch_mainnet_asert_activation_headers.csv'))
    const anchor = rows.find(({ height }) => height === '661647')
    const parent = rows.find(({ height }) => height === '661646')
    const after = rows.filter(({ height }) => Number(height) > 661_647)
    expect(after.length).toBeGreaterThan(20)
    for (const [i, row] of after.entries()) {
      const before = rows[rows.indexOf(row) - 1]
      const got = asert({
        anchorBits: Number(anchor?.nBits),
        passedSec: Number(before?.time) - Number(parent?.time),
        blocks: i,
        spacingSec: SPACING,
        halfLifeSec: 2 * 24 * 60 * 60,
        limit: LIMIT,
      })
      expect(bitsHex(got)).toBe(bitsHex(Number(row.nBits)))
    }
  })
})

describe('asert', () => {
  const ASERT: Difficulty = { type: 'asert', spacingSec: SPACING, halfLifeSec: 3_600 }
  const bits = 0x1c0fffff
  const target = decodeCompact(bits).magnitude
  const of = (passedSec: number, blocks = 0) =>
    asert({
      anchorBits: bits,
      passedSec,
      blocks,
      spacingSec: SPACING,
      halfLifeSec: 3_600,
      limit: LIMIT,
    })

  it('demands the easiest bits of the first mined block, which is the anchor', () => {
    expect(nextBits(pastOfAll(steady(1)), ASERT, LIMIT)).toBe(EASIEST_BITS)
  })

  it('takes the time of the block before the anchor to be one spacing earlier', () => {
    const times = [0, 5_000_000, 5_000_600, 5_001_200]
    const headers = chainOf(times.map((timeSec) => ({ timeSec, bits })))
    expect(nextBits(pastOfAll(headers.slice(0, 2)), ASERT, LIMIT)).toBe(bits)
    expect(nextBits(pastOfAll(headers), ASERT, LIMIT)).toBe(bits)
  })

  it('doubles for a half-life behind plan, and halves for one ahead', () => {
    expect(of(SPACING)).toBe(bits)
    expect(of(SPACING + 3_600)).toBe(encodeCompact(target * 2n))
    expect(of(SPACING - 3_600)).toBe(encodeCompact(target / 2n))
    expect(of(0, 5)).toBe(encodeCompact(target / 2n))
  })

  it('truncates the exponent toward zero and shifts down', () => {
    // One second early: 65536/3600 = 18.2, so -18 and not -19.
    const fraction = 65_536n - 18n
    const factor =
      65_536n +
      ((195_766_423_245_049n * fraction +
        971_821_376n * fraction ** 2n +
        5_127n * fraction ** 3n +
        2n ** 47n) >>
        48n)
    expect(of(SPACING - 1)).toBe(encodeCompact((target * factor) >> 17n))
  })

  it('is never easier than the limit nor harder than a target of one', () => {
    expect(of(10_000_000)).toBe(EASIEST_BITS)
    expect(of(-10_000_000)).toBe(encodeCompact(1n))
  })

  it('cannot be told where the anchor is not known', () => {
    expect(nextBits(pastOfAll(steady(5), 3), ASERT, LIMIT)).toBe(NOT_CHECKABLE)
    expect(nextBits(pastOfAll(steady(5), 4), ASERT, LIMIT)).not.toBe(NOT_CHECKABLE)
  })
})

describe('lwma', () => {
  const LWMA: Difficulty = { type: 'lwma', spacingSec: 15, window: 60 }
  const bits = 0x1c0fffff
  const target = decodeCompact(bits).magnitude
  const of = (timesSec: readonly number[]) =>
    lwma({ timesSec, bits: timesSec.map(() => bits), spacingSec: 15, limit: LIMIT })

  it('demands the easiest bits of the first mined block', () => {
    expect(nextBits(pastOfAll(steady(1)), LWMA, LIMIT)).toBe(EASIEST_BITS)
  })

  it('keeps the target of a steady chain', () => {
    for (const count of [2, 3, 60, 61, 62, 100]) {
      const headers = steady(count, { spacing: 15, bits })
      expect(nextBits(pastOfAll(headers), LWMA, LIMIT)).toBe(bits)
    }
  })

  it('weighs the newest solve time most', () => {
    // Σ i·s_i = 1·15 + 2·30 = 75 of 2·15·3 = 90 for two targets.
    expect(of([0, 15, 45])).toBe(encodeCompact((2n * target * 75n) / 90n))
    expect(of([0, 30, 45])).toBe(encodeCompact((2n * target * 60n) / 90n))
  })

  it('counts a solve time up to six spacings', () => {
    expect(of([0, 90])).toBe(encodeCompact(target * 6n))
    expect(of([0, 91])).toBe(encodeCompact(target * 6n))
    expect(decodeCompact(of([0, 89])).magnitude).toBeLessThan(target * 6n)
  })

  it('counts a time that goes back as one second, and the next from the highest so far', () => {
    expect(of([100, 50, 60])).toBe(encodeCompact((2n * target * 3n) / 90n))
    // 1 s, then from 101 to 130.
    expect(of([100, 50, 130])).toBe(encodeCompact((2n * target * (1n + 2n * 29n)) / 90n))
  })

  it('averages the targets, that of the block before the window left out', () => {
    const got = lwma({
      timesSec: [0, 15, 30],
      bits: [0x1d00ffff, bits, 0x1b0fffff],
      spacingSec: 15,
      limit: LIMIT,
    })
    const sum = target + decodeCompact(0x1b0fffff).magnitude
    expect(got).toBe(encodeCompact((sum * 45n) / 90n))
  })

  it('looks at the window and the block before it, and no further', () => {
    const headers = steady(100, { spacing: 15, bits })
    expect(nextBits(pastOfAll(headers, 61), LWMA, LIMIT)).toBe(bits)
    expect(nextBits(pastOfAll(headers, 60), LWMA, LIMIT)).toBe(NOT_CHECKABLE)
  })

  it('is never easier than the limit nor harder than a target of one', () => {
    expect(lwma({ timesSec: [0, 90], bits: [0, EASIEST_BITS], spacingSec: 15, limit: LIMIT })).toBe(
      EASIEST_BITS,
    )
    expect(lwma({ timesSec: [0, 0], bits: [0, 0x01010000], spacingSec: 15, limit: LIMIT })).toBe(
      encodeCompact(1n),
    )
  })
})

describe('the median of the last eleven times', () => {
  const of = (times: readonly number[], known?: number) =>
    medianTimeSec(pastOfAll(chainOf(times.map((timeSec) => ({ timeSec }))), known))

  it('is the middle one, of as many as there are', () => {
    expect(of([7])).toBe(7)
    expect(of([1, 9])).toBe(9)
    expect(of([1, 9, 5])).toBe(5)
    expect(of([4, 1, 3, 2])).toBe(3)
  })

  it('looks at eleven blocks and no further', () => {
    const eleven = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    expect(of(eleven)).toBe(6)
    expect(of([1_000, ...eleven])).toBe(6)
    expect(of([1_000, ...eleven], MEDIAN_BLOCKS)).toBe(6)
  })

  it('orders numbers, not texts', () => expect(of([9, 10, 100])).toBe(10))

  it('cannot be told where one of them is not known', () => {
    const twelve = Array.from({ length: 12 }, (_, i) => i)
    expect(of(twelve, MEDIAN_BLOCKS - 1)).toBe(NOT_CHECKABLE)
  })
})
