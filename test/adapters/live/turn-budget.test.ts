import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { TurnBudget } from '../../../src/adapters/live/turn-budget.ts'
import { MAX_TURN_WORK_MS } from '../../../src/core/limits.ts'

/** A budget by a clock of the test's own, which work moves. */
function budgeted(budgetMs?: number) {
  const clock = { nowMs: 0 }
  const budget = new TurnBudget(budgetMs, () => clock.nowMs)
  const done: string[] = []
  const run = (name: string, costMs: number) =>
    budget.run(() => {
      clock.nowMs += costMs
      done.push(name)
    })
  return { budget, done, run }
}

it('begins work at once while the turn has time, and the rest in the next turns, in order', async () => {
  const { done, run } = budgeted(10)
  for (const name of ['a', 'b', 'c', 'd', 'e']) run(name, 5)
  expect(done).toEqual(['a', 'b'])
  await nextTurn()
  expect(done).toEqual(['a', 'b', 'c', 'd'])
  // Who comes now is behind who waits, and in the turn's time.
  run('f', 5)
  expect(done).toEqual(['a', 'b', 'c', 'd'])
  await nextTurn()
  expect(done).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
})

it(`does what is begun within ${MAX_TURN_WORK_MS} ms of the first work of a turn, and no more`, async () => {
  const { done, run } = budgeted()
  run('first', MAX_TURN_WORK_MS - 1)
  run('in time', 1)
  run('late', 0)
  expect(done).toEqual(['first', 'in time'])
  await nextTurn()
  expect(done).toEqual(['first', 'in time', 'late'])
})

it('has one piece of work a turn, however long each takes', async () => {
  const { budget, done, run } = budgeted(10)
  for (let i = 0; i < 100; i++) run(`${i}`, 1_000)
  for (let turn = 1; turn <= 99; turn++) {
    expect([done.length, budget.waiting]).toEqual([turn, 100 - turn])
    await nextTurn()
  }
  expect([done.length, budget.waiting]).toEqual([100, 0])
})

it('has a whole turn again once nothing waits', async () => {
  const { done, run } = budgeted(10)
  run('a', 10)
  await nextTurn()
  run('b', 9)
  run('c', 1)
  expect(done).toEqual(['a', 'b', 'c'])
})
