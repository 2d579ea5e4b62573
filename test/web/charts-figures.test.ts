/** What the charts tell in numbers, and how they are read: without a browser. */
import { describe, expect, it, vi } from 'vitest'
import { countIn, rangeOf } from '../../web/src/views/charts/ranges.ts'
import { SeriesFeed, type SeriesSource } from '../../web/src/views/charts/series-feed.ts'
import { lostOf, SHOWN_MINERS, sharesOf } from '../../web/src/views/charts/shares.ts'
import {
  boundsOf,
  clippedIn,
  figuresOf,
  summaryOf,
  trendOf,
  within,
} from '../../web/src/views/charts/statistics.ts'

describe('the figures', () => {
  it('leave out the first block, and take its timestamp for the interval after it', () => {
    const series = {
      indexes: [4, 5, 6],
      timestamps: [100, 97.5, 110],
      counts: [1, 2, 3],
      miners: ['', 'a', 'b'],
    }
    expect(figuresOf(series)).toEqual({
      indexes: [5, 6],
      intervals: [-2.5, 12.5],
      counts: [2, 3],
    })
  })

  it.each([
    [[3], { count: 1, median: 3, smallest: 3, largest: 3 }],
    [[10, 2, 9], { count: 3, median: 9, smallest: 2, largest: 10 }],
    [[-1, 4, 2, 100], { count: 4, median: 3, smallest: -1, largest: 100 }],
    [
      [1e308, -1e308, Number.POSITIVE_INFINITY],
      { count: 3, median: 1e308, smallest: -1e308, largest: Number.POSITIVE_INFINITY },
    ],
    [[1.7e308, 1.7e308], { count: 2, median: 1.7e308, smallest: 1.7e308, largest: 1.7e308 }],
  ])('of %j are summed up', (values, summary) => {
    expect(summaryOf(values)).toEqual(summary)
  })

  it('of nothing are none', () => {
    expect(summaryOf([])).toBe(undefined)
  })
})

describe('the bounds of a chart', () => {
  it('hold zero and every value that is of a usual size', () => {
    expect(boundsOf([1, 2, 3, 4])).toEqual({ from: 0, to: 4, beyond: 0 })
    expect(boundsOf([-2, 2, 3])).toEqual({ from: -2, to: 3, beyond: 0 })
  })

  it('leave out what lies so far away that it would flatten the rest', () => {
    const values = [...Array.from({ length: 50 }, () => 10), 28_000_000, -1e300]
    const bounds = boundsOf(values)
    expect(bounds).toEqual({ from: -60, to: 60, beyond: 2 })
    expect(within(values, bounds).slice(-2)).toEqual([60, -60])
  })

  it.each([
    [[1e308, -1e308]],
    [[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
    [[0, 0, 0]],
    [[5e-324]],
    [[]],
  ])('are finite and apart for %j', (values) => {
    const { from, to } = boundsOf(values)
    expect(Math.max(Math.abs(from), to)).toBeLessThanOrEqual(1e12)
    expect(to).toBeGreaterThan(from)
  })
})

describe('the trend', () => {
  it('is the median of each group, as often as the group has values', () => {
    expect(trendOf([1, 9, 2, 5, 7], 3)).toEqual([2, 2, 2, 6, 6])
  })
})

describe('the range', () => {
  it('is what the address says, and the last hundred for what it cannot say', () => {
    expect(['100', '1000', '10000', 'all', '7', '', undefined].map(rangeOf)).toEqual([
      '100',
      '1000',
      '10000',
      'all',
      '100',
      '100',
      '100',
    ])
    expect(countIn('all')).toBe(100_000)
  })
})

/** A chain that the test makes longer, and other. */
class Chain implements SeriesSource {
  readonly asked: string[] = []
  blocks: string[] = []
  failure: Error | undefined

  constructor(blocks: number) {
    this.grow(blocks)
  }

  grow(count: number, branch = 'a'): void {
    const from = this.blocks.length
    this.blocks.push(...Array.from({ length: count }, (_, i) => `${branch}${from + i + 1}`))
  }

  series = async ({ from, to }: { from: number; to: number }) => {
    if (this.failure !== undefined) throw this.failure
    this.asked.push(`${from}-${to}`)
    const indexes = this.blocks.slice(from - 1, to).map((_, i) => from + i)
    const timestamps = indexes.map((index) => this.timestampAt(index))
    return { indexes, timestamps, counts: indexes.map(() => 1), miners: indexes.map(() => 'm') }
  }

  /** Tells the branches apart. */
  timestampAt(index: number): number {
    return index + (this.blocks[index - 1] ?? '').charCodeAt(0)
  }

  hashAt = async (index: number) => this.blocks[index - 1]
  pause = async () => {}
}

describe('the feed of a series', () => {
  /** Follows the chain and waits until its end has been read. */
  async function follow(feed: SeriesFeed, chain: Chain, rewrites = 0): Promise<void> {
    feed.follow({ height: chain.blocks.length, rewrites })
    const end = chain.timestampAt(chain.blocks.length)
    await vi.waitFor(() => expect(feed.current().series.timestamps.at(-1)).toBe(end))
  }

  it('reads the last blocks and the one before them, and then only what is new', async () => {
    const chain = new Chain(50)
    const feed = new SeriesFeed(chain, 10)
    await follow(feed, chain)
    expect(chain.asked).toEqual(['40-50'])
    expect(feed.current()).toMatchObject({ wanted: 10, isComplete: true })
    chain.grow(3)
    await follow(feed, chain)
    expect(chain.asked).toEqual(['40-50', '51-53'])
    expect(feed.current().series.indexes).toEqual([43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53])
  })

  it('reads a long range in parts, and shows each', async () => {
    const chain = new Chain(4_500)
    const feed = new SeriesFeed(chain, 100_000)
    const shown: number[] = []
    feed.listen(() => shown.push(feed.current().series.indexes.length))
    await follow(feed, chain)
    expect(chain.asked).toEqual(['1-2000', '2001-4000', '4001-4500'])
    expect(shown).toEqual([2_000, 4_000, 4_500])
  })

  it('begins anew after a reorganisation of what it has read', async () => {
    const chain = new Chain(20)
    const feed = new SeriesFeed(chain, 10)
    await follow(feed, chain)
    chain.blocks.length = 18
    chain.grow(4, 'b')
    await follow(feed, chain, 1)
    expect(chain.asked).toEqual(['10-20', '12-22'])
    expect(feed.current().series.timestamps.map((at, i) => at - 12 - i)).toEqual([
      ...Array.from({ length: 7 }, () => 97),
      ...Array.from({ length: 4 }, () => 98),
    ])
  })

  it('goes on where it was when a reorganisation has not touched what it has read', async () => {
    const chain = new Chain(20)
    const feed = new SeriesFeed(chain, 10)
    await follow(feed, chain)
    chain.grow(1)
    await follow(feed, chain, 1)
    expect(chain.asked).toEqual(['10-20', '21-21'])
  })

  it('says what failed, keeps what it has read, and tries again when told to', async () => {
    const chain = new Chain(20)
    const feed = new SeriesFeed(chain, 10)
    await follow(feed, chain)
    chain.failure = new Error('gone')
    chain.grow(1)
    feed.follow({ height: 21, rewrites: 0 })
    await vi.waitFor(() => expect(feed.current().error).toEqual(new Error('gone')))
    expect(feed.current().series.indexes.at(-1)).toBe(20)
    chain.failure = undefined
    feed.retry()
    await vi.waitFor(() => expect(feed.current().series.indexes.at(-1)).toBe(21))
    expect(feed.current().error).toBe(undefined)
  })
})

describe('shares', () => {
  it('are of all blocks, the largest first, with the rest in one', () => {
    expect(sharesOf(['a', 'b', 'a', 'c'])).toEqual({
      shown: [
        { miner: 'a', blocks: 2, share: 0.5 },
        { miner: 'b', blocks: 1, share: 0.25 },
        { miner: 'c', blocks: 1, share: 0.25 },
      ],
      rest: { miners: 0, blocks: 0, share: 0 },
    })
    const many = Array.from({ length: SHOWN_MINERS + 2 }, (_, i) => `miner-${i}`)
    expect(sharesOf(many).rest).toEqual({ miners: 2, blocks: 2, share: 2 / many.length })
    expect(sharesOf([])).toEqual({ shown: [], rest: { miners: 0, blocks: 0, share: 0 } })
  })

  it('of lost blocks are those among all that were mined', () => {
    const tip = { index: 5, hash: 'h', fork: undefined }
    const tips = [
      { ...tip, isActive: true, branchLength: 0 },
      { ...tip, isActive: false, branchLength: 2 },
      { ...tip, isActive: false, branchLength: 1 },
    ]
    expect(lostOf(tips, 10)).toEqual({ branches: 2, blocks: 3, rate: 3 / 12 })
    expect(lostOf(tips.slice(0, 1), 1)).toEqual({ branches: 0, blocks: 0, rate: 0 })
  })
})

describe('values beyond a chart', () => {
  it('are told with their positions, and none at the edge', () => {
    const bounds = { from: -1, to: 5, beyond: 2 }
    expect(clippedIn([5, 6, -1, -2], bounds)).toEqual([
      { at: 1, value: 6 },
      { at: 3, value: -2 },
    ])
  })
})
