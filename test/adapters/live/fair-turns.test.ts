import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { FairTurns } from '../../../src/adapters/live/fair-turns.ts'

it('does one slice a turn of the event loop, of each caller in order', async () => {
  const turns = new FairTurns()
  const done: string[] = []
  const work = async (name: string) => {
    for (let slice = 1; slice <= 3; slice++) {
      await turns.next()
      done.push(`${name}${slice}`)
    }
  }
  const all = Promise.all(['a', 'b', 'c'].map(work))
  const counts: number[] = []
  while (done.length < 9) {
    const before = done.length
    await nextTurn()
    counts.push(done.length - before)
  }
  await all
  expect(Math.max(...counts)).toBe(1)
  expect(done).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'c2', 'a3', 'b3', 'c3'])
})
