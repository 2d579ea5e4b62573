import { expect, it } from 'vitest'
import { FailureLog } from '../../../src/api/http/failure-log.ts'

it('tells of each kind once a minute, with how often it was silent since', () => {
  let nowMs = 0
  const log = new FailureLog(() => nowMs)
  const told: string[] = []
  const note = (kind: string) => log.note(kind, (silent) => told.push(`${kind} ${silent}`))
  for (let i = 0; i < 1_000; i++) note('store-failed')
  note('accept')
  nowMs = 59_999
  note('store-failed')
  expect(told).toEqual(['store-failed 0', 'accept 0'])
  nowMs = 60_000
  note('store-failed')
  note('accept')
  expect(told.slice(2)).toEqual(['store-failed 1000', 'accept 0'])
})
