import { expect, it } from 'vitest'
import { Lane } from '../../../src/adapters/live/lane.ts'

it('lets so many work at once, in order, and goes on after one that fails', async () => {
  const lane = new Lane(2)
  const begun: number[] = []
  const ends: (() => void)[] = []
  const work = (number: number) =>
    lane.run(async () => {
      begun.push(number)
      await new Promise<void>((resolve) => ends.push(resolve))
      if (number === 1) throw new Error('one')
      return number
    })
  const all = [work(0), work(1), work(2), work(3)]
  const settled = Promise.allSettled(all)
  expect(begun).toEqual([0, 1])
  ends[1]?.()
  await expect(all[1]).rejects.toThrow('one')
  expect(begun).toEqual([0, 1, 2])
  ends[0]?.()
  await all[0]
  expect(begun).toEqual([0, 1, 2, 3])
  for (const end of ends) end()
  expect((await settled).map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
  ])
  expect(await lane.run(async () => 'free')).toBe('free')
})
