import { expect, it } from 'vitest'
import { miningText, rateText } from '../../src/cli/mining-line.ts'

it.each([
  [0, '0 H/s'],
  [999, '999 H/s'],
  [1_000, '1.00 kH/s'],
  [2_400_000, '2.40 MH/s'],
  [14_312_000, '14.3 MH/s'],
  [3.2e9, '3.20 GH/s'],
])('a rate of %d reads %s', (rate, text) => {
  expect(rateText(rate)).toBe(text)
})

it('says how mining goes in one line', () => {
  expect(miningText({ rate: 2.5e6, threads: 1, blocks: 1 })).toBe(
    'Mining: 2.50 MH/s, 1 thread, 1 new block',
  )
  expect(miningText({ rate: 5e6, threads: 2, blocks: 0 })).toBe(
    'Mining: 5.00 MH/s, 2 threads, 0 new blocks',
  )
})
