import { setImmediate } from 'node:timers'
import { expect, it } from 'vitest'
import { InlineMiner } from '../../../src/adapters/mining/miner-inline.ts'
import { ENDLESS, minerContract, opened } from './miner-contract.ts'

minerContract('in place', (callbacks) => {
  return new InlineMiner(callbacks, { later: setImmediate, nowMs: () => performance.now() })
})

it('lets everything else run after some milliseconds of its clock, and does nothing before', () => {
  let nowMs = 0
  let slices = 0
  const waiting: (() => void)[] = []
  const { miner } = opened((callbacks) => {
    // Each look at the clock takes a millisecond.
    return new InlineMiner(callbacks, { later: (work) => waiting.push(work), nowMs: () => nowMs++ })
  })
  miner.start(1, ENDLESS)
  expect(miner.progress().tried).toBe(0)
  for (; slices < 3; slices++) waiting.shift()?.()
  expect(waiting).toHaveLength(1)
  expect(miner.progress().tried).toBeGreaterThan(0)
  const { tried } = miner.progress()
  miner.cancel(1)
  waiting.shift()?.()
  expect(waiting).toEqual([])
  expect(miner.progress().tried, 'nothing more').toBe(tried)
})
