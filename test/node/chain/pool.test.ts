import { describe, expect, it } from 'vitest'
import type { Transaction } from '../../../src/core/block.ts'
import { parseJson } from '../../../src/core/json/json.ts'
import { Pool, type PoolLimits } from '../../../src/node/chain/pool.ts'
import { PoolMove } from '../../../src/node/chain/pool-move.ts'
import { MemoryStore } from '../../../src/node/store/memory-store.ts'
import { EASY, payment } from '../../helpers/chains.ts'
import { codeOf } from '../../helpers/errors.ts'

const each = payment('a', 'b')
/** A transaction and what separates it from the next. */
const BYTES = each.text.length + 2

function poolOf(options: { blockBytes?: number; limits?: PoolLimits; store?: MemoryStore } = {}) {
  return new Pool(options.store ?? new MemoryStore(), {
    blockBytes: options.blockBytes ?? 1_000,
    decode: (text) => EASY.rules.decodeTransaction(parseJson(text)),
    limits: options.limits,
  })
}

/** Takes out what a block holds that joins the chain. */
function remove(pool: Pool, transactions: readonly Transaction[]): void {
  const move = new PoolMove(pool)
  move.joined(transactions)
  expect(move.finish().next()).toEqual({ done: true, value: 0 })
}

describe('the current transactions', () => {
  it('are as many as the limit and not one more', () => {
    const pool = poolOf({ limits: { maxTransactions: 3, maxBytes: 10_000 } })
    for (let i = 0; i < 3; i++) pool.append(each)
    expect(codeOf(() => pool.append(each))).toBe('mempool-full')
    expect(pool.size).toBe(3)
  })

  it('take as many bytes as the limit and not one more', () => {
    const pool = poolOf({ limits: { maxTransactions: 10, maxBytes: 2 * each.text.length } })
    pool.append(each)
    pool.append(each)
    expect(pool.bytes).toBe(2 * each.text.length)
    expect(codeOf(() => pool.append(each))).toBe('mempool-full')
    remove(pool, [each])
    pool.append(each)
  })

  it('return over the limit after a reorganisation: nothing is lost', () => {
    const pool = poolOf({ limits: { maxTransactions: 2, maxBytes: 10_000 } })
    for (const sender of ['waiting', 'too']) pool.append(payment(sender, 'x'))
    const returning = [payment('1', 'x'), payment('2', 'x')]
    expect(pool.withRoom(returning)).toEqual(returning)
    pool.giveBack(returning)
    expect(pool.transactions().map(({ sender }) => sender)).toEqual(['1', '2', 'waiting', 'too'])
    expect(codeOf(() => pool.append(each))).toBe('mempool-full')
  })

  it('return up to twice the limit, counted and in bytes, and not one more', () => {
    const three = ['1', '2', '3'].map((sender) => payment(sender, 'x'))
    const byCount = poolOf({ limits: { maxTransactions: 1, maxBytes: 10_000 } })
    expect(byCount.withRoom(three)).toEqual(three.slice(0, 2))
    byCount.giveBack(three.slice(0, 1))
    expect(byCount.withRoom(three)).toEqual(three.slice(0, 1))
    const byBytes = poolOf({ limits: { maxTransactions: 10, maxBytes: each.text.length } })
    expect(byBytes.returnLimits).toEqual({ maxTransactions: 20, maxBytes: 2 * each.text.length })
    expect(byBytes.withRoom(three)).toEqual(three.slice(0, 2))
    byBytes.giveBack(three.slice(0, 2))
    expect(byBytes.withRoom(three)).toEqual([])
  })

  it('fill one block to the last byte before the next', () => {
    const pool = poolOf({ blockBytes: 3 * BYTES })
    const blocksBefore = Array.from({ length: 7 }, () => pool.append(each))
    expect(blocksBefore).toEqual([0, 0, 0, 1, 1, 1, 2])
    expect(pool.forNextBlock()).toHaveLength(3)
  })

  it('leave room where one more byte would be too much', () => {
    const pool = poolOf({ blockBytes: 3 * BYTES - 1 })
    expect(Array.from({ length: 3 }, () => pool.append(each))).toEqual([0, 0, 1])
    expect(pool.forNextBlock()).toHaveLength(2)
  })

  it('are in the block that was foretold, whatever their sizes', () => {
    const pool = poolOf({ blockBytes: 400 })
    const sent = Array.from({ length: 40 }, (_, i) =>
      payment('s'.repeat((i * 37) % 150), 'x', `${i}`),
    )
    const foretold = new Map(sent.map((t) => [t.amount, pool.append(t)]))
    for (let block = 0; pool.size > 0; block++) {
      const taken = pool.forNextBlock()
      for (const { amount } of taken) expect(foretold.get(amount)).toBe(block)
      remove(pool, taken)
    }
  })

  it('are read back in their order, those that returned first', () => {
    const store = new MemoryStore()
    const pool = poolOf({ store })
    for (const sender of ['a', 'b', 'c']) pool.append(payment(sender, 'x'))
    remove(pool, [payment('b', 'x')])
    pool.giveBack([payment('z', 'x')])
    pool.append(payment('d', 'x'))
    const again = poolOf({ store })
    expect(again.transactions()).toEqual(pool.transactions())
    expect(again.transactions().map(({ sender }) => sender)).toEqual(['z', 'a', 'c', 'd'])
    expect(again.bytes).toBe(pool.bytes)
    expect(again.append(each)).toBe(0)
  })

  it('return to an empty queue as well', () => {
    const store = new MemoryStore()
    const pool = poolOf({ store })
    pool.giveBack([payment('1', 'x'), payment('2', 'x')])
    pool.append(payment('3', 'x'))
    expect(
      poolOf({ store })
        .transactions()
        .map(({ sender }) => sender),
    ).toEqual(['1', '2', '3'])
  })

  it('are read in pages at start, however many there are', () => {
    const store = new MemoryStore()
    const pool = poolOf({ store })
    for (let i = 0; i < 2_001; i++) pool.append(payment('a', 'b', `${i}`))
    expect(poolOf({ store }).size).toBe(2_001)
  })
})
