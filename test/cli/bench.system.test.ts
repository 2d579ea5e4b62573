import { availableParallelism } from 'node:os'
import { expect, it } from 'vitest'
import { timeText } from '../../src/cli/bench.ts'
import { run } from '../helpers/toychain.ts'

it.each([
  [0.0061, '6.10 ms'],
  [1, '1.00 s'],
  [59.94, '59.9 s'],
  [90, '1.50 min'],
  [7_200, '2.00 h'],
  [259_200, '3.00 days'],
])('a time of %d seconds reads %s', (seconds, text) => {
  expect(timeText(seconds)).toBe(text)
})

it('measures each kernel, and as many threads as there are cores', async () => {
  const { status, out, err } = await run(['bench', '--json', '--seconds', '0.1'])
  expect(err).toBe('')
  expect(status).toBe(0)
  const rates: { search: string; threads: number; rate: number }[] = JSON.parse(out)
  for (const { rate } of rates) expect(rate).toBeGreaterThan(1_000)
  expect(Math.max(...rates.map(({ threads }) => threads))).toBe(availableParallelism())
  expect(rates.filter(({ search }) => search === 'header').length).toBeGreaterThan(0)
})
