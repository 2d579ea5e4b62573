import { expect, it } from 'vitest'
import { WaitingInputs } from '../../src/node/waiting-inputs.ts'

const request = (id: number) => ({ type: 'request', id, request: { type: 'mine' } }) as const

it('gives inputs in their order', () => {
  const waiting = new WaitingInputs()
  waiting.add(request(1))
  waiting.add({ type: 'tick' })
  waiting.add(request(2))
  expect([waiting.next(), waiting.next(), waiting.next(), waiting.next()]).toEqual([
    request(1),
    { type: 'tick' },
    request(2),
    undefined,
  ])
})

it('drops a request that is given up, so that callers who come and go leave nothing', () => {
  const waiting = new WaitingInputs()
  waiting.add(request(0))
  for (let id = 1; id <= 100_000; id++) {
    waiting.add(request(id))
    waiting.add({ type: 'abandoned', id })
  }
  expect(waiting.size).toBe(1)
  expect(waiting.next()).toEqual(request(0))
})

it('keeps word of a request that was taken already: it is to be given up in the node', () => {
  const waiting = new WaitingInputs()
  waiting.add(request(1))
  waiting.next()
  waiting.add({ type: 'abandoned', id: 1 })
  expect(waiting.next()).toEqual({ type: 'abandoned', id: 1 })
})
