/** When a new connection takes another's place, by a clock of the test's own. */
import { createServer } from 'node:http'
import { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { Connections } from '../../../src/api/http/connections.ts'
import { LEAST_CONNECTION_IDLE_MS } from '../../../src/core/limits.ts'

function oneAfterAnother(laterMs: number): { first: Socket; second: Socket } {
  let nowMs = 1_000
  const server = createServer()
  new Connections({ connections: 1 }, () => nowMs).watch(server)
  const [first, second] = [new Socket(), new Socket()]
  server.emit('connection', first)
  nowMs += laterMs
  server.emit('connection', second)
  return { first, second }
}

describe('a connection that has said nothing', () => {
  it(`gives way to a new one after ${LEAST_CONNECTION_IDLE_MS} ms`, () => {
    const { first, second } = oneAfterAnother(LEAST_CONNECTION_IDLE_MS)
    expect([first.destroyed, second.destroyed]).toEqual([true, false])
  })

  it('keeps its place before, so that its request can be read', () => {
    const { first, second } = oneAfterAnother(LEAST_CONNECTION_IDLE_MS - 1)
    expect([first.destroyed, second.destroyed]).toEqual([false, true])
  })
})
