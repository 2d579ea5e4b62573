import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { CONNECTIONS_A_TURN, FairReading } from '../../../src/api/http/fair-reading.ts'
import { MAX_TURN_WORK_MS } from '../../../src/core/limits.ts'

/** Connections that are being read, and a clock. */
function started(count: number) {
  const sockets = Array.from({ length: count }, () => {
    // Of a socket only whether it is read matters here.
    const socket = new Duplex({ read() {}, write() {} }) as Socket
    socket.resume()
    return socket
  })
  const clock = { ms: 0 }
  const reading = new FairReading(
    () => sockets,
    () => clock.ms,
  )
  const resting = () => sockets.filter((socket) => socket.isPaused()).length
  const [first, second] = sockets
  if (first === undefined || second === undefined) throw new Error('two at least')
  return { sockets, clock, reading, resting, first, second }
}

describe('reading of many connections', () => {
  it('goes on for the time of a turn, and then rests but for the one that is read', () => {
    const { clock, reading, resting, first, second } = started(10)
    reading.note(first)
    clock.ms = MAX_TURN_WORK_MS - 0.1
    reading.note(second)
    expect(resting()).toBe(0)
    clock.ms = MAX_TURN_WORK_MS
    reading.note(second)
    expect([resting(), second.isPaused()]).toEqual([9, false])
  })

  it('begins again with each turn', async () => {
    const { clock, reading, resting, first } = started(10)
    reading.note(first)
    await nextTurn()
    clock.ms = MAX_TURN_WORK_MS
    reading.note(first)
    expect(resting()).toBe(0)
  })

  it(`goes on with ${CONNECTIONS_A_TURN} connections a turn, in order`, async () => {
    const { sockets, clock, reading, resting, first } = started(2 * CONNECTIONS_A_TURN + 2)
    reading.note(first)
    clock.ms = MAX_TURN_WORK_MS
    reading.note(first)
    expect(resting()).toBe(2 * CONNECTIONS_A_TURN + 1)
    await nextTurn()
    expect(resting()).toBe(CONNECTIONS_A_TURN + 1)
    expect(sockets.slice(0, CONNECTIONS_A_TURN + 1).some((socket) => socket.isPaused())).toBe(false)
    await nextTurn()
    expect(resting()).toBe(1)
    await nextTurn()
    expect(resting()).toBe(0)
  })

  it('leaves those alone that rest for another reason', async () => {
    const { clock, reading, resting, first, second } = started(3)
    second.pause()
    reading.note(first)
    clock.ms = MAX_TURN_WORK_MS
    reading.note(first)
    expect(resting()).toBe(2)
    for (let turn = 0; turn < 3; turn++) await nextTurn()
    expect([resting(), second.isPaused()]).toEqual([1, true])
  })

  it('does not mind one that is closed meanwhile', async () => {
    const { sockets, clock, reading, resting, first, second } = started(3)
    reading.note(first)
    clock.ms = MAX_TURN_WORK_MS
    reading.note(first)
    second.destroy()
    sockets.splice(1, 1)
    for (let turn = 0; turn < 3; turn++) await nextTurn()
    expect(resting()).toBe(0)
  })
})
