/** What a reorganisation gives back when there is much of it: in slices, in order, and not without end. */
import { describe, expect, it } from 'vitest'
import type { Transaction } from '../../../src/core/block.ts'
import { MAX_SLICE_TRANSACTIONS } from '../../../src/core/limits.ts'
import { BlockChain } from '../../../src/node/chain/blockchain.ts'
import { blockAfter, branch, EASY, payment } from '../../helpers/chains.ts'

const { genesis } = EASY.rules

/** A chain of a block for each list of payments; and what comes of losing it to a longer one. */
function lose(lists: readonly (readonly Transaction[])[], maxBytes = 10_000_000) {
  const limits = { maxTransactions: 1_000_000, maxBytes }
  const chain = new BlockChain({ spec: EASY, poolLimits: limits })
  let last = genesis
  for (const transactions of lists) {
    last = blockAfter(last, { transactions, rewardTo: 'us' })
    chain.addBlock(last)
  }
  const theirs = branch(genesis, lists.length + 1, 7)
  let lost = 0
  for (const block of theirs) lost += chain.addBlock(block).lost
  return { chain, lost, senders: chain.currentTransactions.map(({ sender }) => sender) }
}

describe('what a reorganisation returns', () => {
  it('is in its order, however many slices it takes', () => {
    const each = payment('s', 'x')
    const half = MAX_SLICE_TRANSACTIONS / 2
    const blocks = ['a', 'b', 'c'].map((sender) => {
      return [payment(sender, 'x'), ...new Array<Transaction>(half - 1).fill(each)]
    })
    const { chain, lost, senders } = lose(blocks)
    expect(lost).toBe(0)
    expect(chain.currentTransactionCount).toBe(3 * half)
    expect(['a', 'b', 'c'].map((sender) => senders.indexOf(sender))).toEqual([0, half, 2 * half])
  })

  it('is the oldest, where there is no room for all, and says how many are lost', () => {
    const bytes = payment('1', 'x').text.length
    const blocks = ['1', '2', '3', '4', '5'].map((sender) => [payment(sender, 'x')])
    // Twice the limit of what is sent: four of them.
    expect(lose(blocks, 2 * bytes)).toMatchObject({ lost: 1, senders: ['1', '2', '3', '4'] })
    expect(lose(blocks, 2.5 * bytes)).toMatchObject({ lost: 0 })
  })

  it('keeps the count of equal ones when some are too many to keep', () => {
    const bytes = payment('1', 'x').text.length
    const blocks = [['1', '1'], ['1', '1'], ['1']].map((senders) => {
      return senders.map((sender) => payment(sender, 'x'))
    })
    expect(lose(blocks, 2 * bytes)).toMatchObject({ lost: 1, senders: ['1', '1', '1', '1'] })
  })
})
