import { describe, expect, it } from 'vitest'
import type { ServedTransaction } from '../../src/api/client/responses.ts'
import { foundAmong, splitPayments, withKeys } from '../../web/src/chain/difference.ts'
import type { Card, ForkBlock } from '../../web/src/chain/reading.ts'
import { indexesOnOther, listedOf } from '../../web/src/views/branch/listed.ts'

const pay = (sender: string, amount = '1'): ServedTransaction => ({
  sender,
  recipient: 'Mark',
  amount,
})
const [lea, ada, zoe] = [pay('Lea'), pay('Ada'), pay('Zoe')]

describe('the payments of two sides of a fork', () => {
  it('are only on one side or on both', () => {
    expect(splitPayments([[lea, ada]], [[zoe], [lea]])).toEqual([{ only: [ada], both: [lea] }])
    expect(splitPayments([[zoe], [lea]], [[lea, ada]])).toEqual([
      { only: [zoe], both: [] },
      { only: [], both: [lea] },
    ])
    expect(splitPayments([], [[lea]])).toEqual([])
  })

  it('count as often as they are there: of two equal ones, one may be on one side only', () => {
    expect(splitPayments([[lea], [lea]], [[lea]])).toEqual([
      { only: [], both: [lea] },
      { only: [lea], both: [] },
    ])
    expect(splitPayments([[lea]], [[lea, lea]])).toEqual([{ only: [], both: [lea] }])
  })

  it('are the same only with the same sender, recipient and text of the amount', () => {
    const others = [pay('Lea', '1.0'), { ...lea, recipient: 'Ada' }, pay('lea')]
    expect(splitPayments([[lea]], [others])).toEqual([{ only: [lea], both: [] }])
    const [ab, ba] = [
      { sender: 'a', recipient: 'b,c', amount: '1' },
      { sender: 'a,b', recipient: 'c', amount: '1' },
    ]
    expect(splitPayments([[ab]], [[ba]])).toEqual([{ only: [ab], both: [] }])
  })

  it('wait again as often as they are among what waits', () => {
    expect(foundAmong([lea, lea, ada], [ada, lea])).toEqual([true, false, true])
  })

  it('have keys of their own in a list, equal ones too', () => {
    const keys = withKeys([lea, ada, lea, lea]).map(({ key }) => key)
    expect(new Set(keys).size).toBe(4)
  })

  it('are listed with the heights of their blocks on each side', () => {
    const block = (
      index: number,
      only: readonly ServedTransaction[],
      both: readonly ServedTransaction[],
    ): ForkBlock => ({
      card: card(index),
      only,
      onlyCount: only.length + 1,
      both,
      bothCount: both.length,
    })
    const lost = [block(7, [ada], [lea]), block(8, [zoe], [lea])]
    const won = [block(7, [], [lea]), block(9, [], [lea])]
    expect(listedOf(lost, 'only')).toEqual({ payments: [ada, zoe], indexes: [7, 8], count: 4 })
    const both = listedOf(lost, 'both')
    expect(both).toEqual({ payments: [lea, lea], indexes: [7, 8], count: 2 })
    expect(indexesOnOther(both.payments, won)).toEqual([7, 9])
    expect(indexesOnOther([lea, lea, lea], won)).toEqual([7, 9, undefined])
  })
})

function card(index: number): Card {
  return {
    index,
    hash: String(index),
    previousHash: String(index - 1),
    timestamp: '0.0',
    proof: 0,
    payments: [],
    count: 0,
    sizeBytes: 0,
  }
}
