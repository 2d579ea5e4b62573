import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { FairReading } from '../../../src/adapters/net/fair-reading.ts'
import { MAX_READ_CONNECTIONS_A_TURN, MAX_TURN_WORK_MS } from '../../../src/core/limits.ts'

const A_TURN = MAX_READ_CONNECTIONS_A_TURN

/** Connections that are being read, the oldest first, and a clock. */
function started(count: number) {
  const sockets = Array.from({ length: count }, readSocket)
  const clock = { ms: 0 }
  const standings = new Map<Socket, number>()
  const state = { isClearing: false }
  const reading = new FairReading({
    sockets: () => sockets,
    standing: (socket) => standings.get(socket) ?? 0,
    isClearing: () => state.isClearing,
    nowMs: () => clock.ms,
  })
  const resting = () => sockets.filter((socket) => socket.isPaused()).length
  const areRead = () => sockets.flatMap((socket, i) => (socket.isPaused() ? [] : [i]))
  /** Two things are parsed, a turn's time apart. */
  const parseForATurn = (socket: Socket) => {
    reading.note(socket)
    clock.ms += MAX_TURN_WORK_MS
    reading.note(socket)
  }
  const [first, second] = sockets
  if (first === undefined || second === undefined) throw new Error('two at least')
  return {
    ...{ sockets, clock, standings, state, reading, resting, areRead, parseForATurn },
    ...{ first, second },
  }
}

/** Of a socket only whether it is read matters here. */
function readSocket(): Socket {
  const socket = new Duplex({ read() {}, write() {} }) as Socket
  socket.resume()
  return socket
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

  it(`goes on with ${A_TURN} connections a turn: the newest, the best, those that rest the longest`, async () => {
    const { sockets, areRead, parseForATurn, standings } = started(5 * A_TURN)
    const last = sockets.length - 1
    const middle = 2 * A_TURN
    // The newest has been read before; the one in the middle has behaved best.
    for (const socket of sockets.slice(middle)) standings.set(socket, 1)
    for (const socket of sockets.slice(middle, middle + 1)) standings.set(socket, 2)
    for (const socket of sockets.slice(last)) parseForATurn(socket)
    expect(areRead()).toEqual([last])
    await nextTurn()
    const newest = from(middle - A_TURN, A_TURN)
    expect(areRead()).toEqual([...newest, last])
    await nextTurn()
    const best = from(middle, A_TURN)
    expect(areRead()).toEqual([...newest, ...best, last])
    await nextTurn()
    expect(areRead()).toEqual([...from(0, A_TURN), ...newest, ...best, last])

    function from(begin: number, count: number): number[] {
      return Array.from({ length: count }, (_, i) => begin + i)
    }
  })

  it('stops again where one that goes on brings a turn of work; the others keep their places', async () => {
    const { sockets, areRead, parseForATurn, first } = started(A_TURN + 9)
    const last = sockets.length - 1
    parseForATurn(first)
    await nextTurn()
    expect(areRead()).toHaveLength(1 + A_TURN)
    for (const socket of sockets.slice(last)) parseForATurn(socket)
    expect(areRead()).toEqual([last])
    await nextTurn()
    // Of equal standing, those that have rested the longest; the first rests only now.
    expect(areRead()).toEqual([...Array.from({ length: A_TURN }, (_, i) => 1 + i), last])
  })

  it('lets a connection rest that begins while others do, until the turn of the newest', async () => {
    const { sockets, parseForATurn, first } = started(5 * A_TURN)
    parseForATurn(first)
    await nextTurn()
    const late = readSocket()
    sockets.push(late)
    parseForATurn(first)
    const isRead: boolean[] = []
    for (let turn = 0; turn < 3; turn++) {
      await nextTurn()
      isRead.push(!late.isPaused())
    }
    expect(isRead).toEqual([false, false, true])
  })

  it('waits until what was read before is cleared away', async () => {
    const { areRead, parseForATurn, state, first } = started(10)
    parseForATurn(first)
    state.isClearing = true
    for (let turn = 0; turn < 5; turn++) await nextTurn()
    expect(areRead()).toEqual([0])
    state.isClearing = false
    await nextTurn()
    expect(areRead()).toHaveLength(10)
  })

  it('leaves those alone that rest for another reason', async () => {
    const { parseForATurn, resting, first, second } = started(3)
    second.pause()
    parseForATurn(first)
    expect(resting()).toBe(2)
    for (let turn = 0; turn < 3; turn++) await nextTurn()
    expect([resting(), second.isPaused()]).toEqual([1, true])
  })

  it('does not mind one that is closed meanwhile', async () => {
    const { sockets, parseForATurn, resting, first, second } = started(3)
    parseForATurn(first)
    second.destroy()
    sockets.splice(1, 1)
    for (let turn = 0; turn < 3; turn++) await nextTurn()
    expect(resting()).toBe(0)
  })
})
