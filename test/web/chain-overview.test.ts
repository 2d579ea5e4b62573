/** The overview of a chain: every block in a column, and branches where they left it. */
import { describe, expect, it } from 'vitest'
import { placeBranches } from '../../web/src/views/chain/lanes.ts'
import { overviewOf } from '../../web/src/views/chain/overview.ts'

const branch = (tip: string, fork: number, length: number) => ({ tip, fork, length })

describe('the overview', () => {
  it('has a column for each block where there is room', () => {
    const { columns } = overviewOf(3, [], 3)
    expect(columns).toEqual([
      { from: 1, to: 1 },
      { from: 2, to: 2 },
      { from: 3, to: 3 },
    ])
  })

  it('puts blocks together where there is not, and leaves none out', () => {
    const { columns } = overviewOf(10, [], 4)
    expect(columns).toEqual([
      { from: 1, to: 3 },
      { from: 4, to: 6 },
      { from: 7, to: 9 },
      { from: 10, to: 10 },
    ])
    expect(overviewOf(1_000_000, [], 90).columns.length).toBeLessThanOrEqual(90)
    expect(overviewOf(5, [], 0).columns).toEqual([{ from: 1, to: 5 }])
  })

  it('draws a branch from the column of its first block to that of its last', () => {
    const { lost } = overviewOf(6, placeBranches([branch('a', 2, 2), branch('b', 3, 1)]), 6)
    expect(lost).toEqual([
      { column: 2, lane: 0, tip: 'a', isFork: true },
      { column: 3, lane: 0, tip: 'a', isFork: false },
      { column: 3, lane: 1, tip: 'b', isFork: true },
    ])
  })

  it('keeps a branch that is longer than the chain inside of the picture', () => {
    const { lost } = overviewOf(4, placeBranches([branch('a', 3, 5)]), 4)
    expect(lost.map(({ column }) => column)).toEqual([3])
  })
})
