import { expect, it } from 'vitest'
import { OncePerList } from '../../../src/api/http/once-per-list.ts'

it('makes what is sent of a list once, and of an equal list anew', () => {
  let made = 0
  const texts = new OncePerList<string>()
  const textOf = (list: readonly string[]) => texts.of(list, () => `${++made}: ${list.join()}`)
  const [one, other] = [['a'], ['a']]
  expect([textOf(one), textOf(one), textOf(other), textOf(one)]).toEqual([
    '1: a',
    '1: a',
    '2: a',
    '1: a',
  ])
})
