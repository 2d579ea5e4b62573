import { expect, it } from 'vitest'
import type { Transaction } from '../../../src/core/block.ts'
import { MAX_SLICE_TRANSACTIONS } from '../../../src/core/limits.ts'
import { Abandoned } from '../../../src/node/chain/abandoned.ts'
import { payment } from '../../helpers/chains.ts'

/** What is left of blocks, the last block first, and how often others have a turn meanwhile. */
function left(blocks: readonly (readonly Transaction[])[], limits = {}) {
  const abandoned = new Abandoned({ maxTransactions: 1e6, maxBytes: 1e9, ...limits })
  for (const block of blocks) abandoned.add(block)
  const work = abandoned.left()
  let rests = 0
  for (;;) {
    const { done, value } = work.next()
    if (done) return { senders: value.map(({ sender }) => sender), rests }
    rests++
  }
}

const paid = (...senders: string[]) => senders.map((sender) => payment(sender, 'x'))

it('keeps as many transactions as may be given back, of the oldest blocks', () => {
  const blocks = [paid('5', '6'), paid('3', '4'), paid('1', '2')]
  expect(left(blocks, { maxTransactions: 6 }).senders).toEqual(['1', '2', '3', '4', '5', '6'])
  expect(left(blocks, { maxTransactions: 5 }).senders).toEqual(['1', '2', '3', '4'])
  expect(left(blocks, { maxTransactions: 4 }).senders).toEqual(['1', '2', '3', '4'])
  // One block is kept whole: how much of it comes back is decided when it does.
  expect(left(blocks, { maxTransactions: 1 }).senders).toEqual(['1', '2'])
})

it('keeps as many bytes', () => {
  const blocks = [paid('2'), paid('1')]
  const maxBytes = payment('1', 'x').text.length + payment('2', 'x').text.length
  expect(left(blocks, { maxBytes }).senders).toEqual(['1', '2'])
  expect(left(blocks, { maxBytes: maxBytes - 1 }).senders).toEqual(['1'])
})

it('counts what it could not keep, and has nothing of it', () => {
  const abandoned = new Abandoned({ maxTransactions: 2, maxBytes: 1e9 })
  for (const block of [paid('9', '9', '8'), [], paid('2'), paid('1')]) abandoned.add(block)
  expect(abandoned.overflow).toBe(3)
  const [nine, two] = paid('9', '2')
  expect(nine && abandoned.take(nine)).toBe(false)
  expect(two && abandoned.take(two)).toBe(true)
  expect(two && abandoned.take(two)).toBe(false)
  expect([...abandoned.left()]).toEqual([])
})

it(`looks at ${MAX_SLICE_TRANSACTIONS} transactions a turn`, () => {
  const half = new Array<Transaction>(MAX_SLICE_TRANSACTIONS / 2).fill(payment('s', 'x'))
  expect(left([half, half]).rests).toBe(0)
  expect(left([half, half, paid('1')]).rests).toBe(1)
  expect(left([half, half, half, half, half]).rests).toBe(2)
})
