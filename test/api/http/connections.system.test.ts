/** What one connection may cost, and all of them together; the limits are made small here. */
import { once } from 'node:events'
import { createServer, IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { App } from '../../../src/api/http/app-type.ts'
import { type ConnectionLimits, Connections } from '../../../src/api/http/connections.ts'
import {
  LEAST_CONNECTION_IDLE_MS,
  MAX_CONNECTIONS,
  MAX_PIPELINED_REQUESTS,
  MAX_TURN_WORK_MS,
} from '../../../src/core/limits.ts'
import { listen, startApi } from '../../helpers/api.ts'
import { Counter } from '../counter.ts'
import { exchange, openSocket, request } from '../raw-http.ts'

const BIG_BYTES = 4 * 1024 * 1024

/** A node with two calls more: one that answers when it is told to, and one with a large response. */
async function start(connectionLimits: Partial<ConnectionLimits> = {}) {
  const begun = new Counter()
  const held: (() => void)[] = []
  const big = Buffer.alloc(BIG_BYTES, 'x')
  const prepare = (app: App) => {
    app.get('/held', async () => {
      begun.add()
      await new Promise<void>((resolve) => held.push(resolve))
      return '{}'
    })
    app.get('/big', async () => {
      begun.add()
      return big
    })
  }
  const api = await startApi({ connectionLimits, prepare })
  const base = await listen(api)
  return { api, base, begun, release: () => held.shift()?.() }
}

const get = (path: string, ...headers: string[]) =>
  request(`GET ${path} HTTP/1.1`, 'Host: localhost', ...headers)
const statusesIn = (text: string) =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status))

/** Everything that comes until the connection is closed. */
async function rest(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk
  })
  await once(socket, 'close')
  return text
}

describe('requests on one connection', () => {
  it('begin when the response before them has gone out', async () => {
    const { base, begun, release } = await start()
    const socket = await openSocket(base)
    socket.write(get('/held').repeat(3))
    for (let i = 1; i <= 3; i++) {
      await begun.until(i)
      expect(begun.count).toBe(i)
      release()
    }
  })

  it('are counted and refused whatever they expect', async () => {
    const { base } = await start({ requests: 2 })
    const bytes = get('/health', 'Expect: nonsense').repeat(5)
    expect(statusesIn(await exchange(base, bytes))).toEqual([200, 200, 200, 429])
  })

  it('do not begin while the response before them is not read', async () => {
    const { base, begun } = await start()
    const socket = await openSocket(base)
    socket.pause()
    socket.write(get('/big').repeat(50))
    await begun.until(1)
    // Others are answered meanwhile.
    for (let i = 0; i < 20; i++) {
      expect(statusesIn(await exchange(base, get('/health', 'Connection: close')))).toEqual([200])
    }
    // The system's own buffers may hold one of them, where it has made them large.
    expect(begun.count).toBeLessThanOrEqual(2)
  })

  it('may wait in so many; one more is refused, and nothing after it is answered', async () => {
    const { base, begun, release } = await start({ requests: 3 })
    const socket = await openSocket(base)
    const heard = rest(socket)
    socket.write(get('/held') + get('/health').repeat(2 * 3))
    await begun.until(1)
    release()
    const text = await heard
    expect(statusesIn(text)).toEqual([200, 200, 200, 200, 429])
    expect(text).toContain('at most 3 requests may wait on a connection')
  })

  it('may come in twice as many; one more closes the connection, whatever is being answered', async () => {
    const { base, begun } = await start({ requests: 3 })
    const socket = await openSocket(base)
    const heard = rest(socket)
    socket.write(get('/held') + get('/health').repeat(2 * 3 + 1))
    await begun.until(1)
    expect(await heard).toBe('')
  })

  it('weigh as much as their bodies: a KiB is as a request', async () => {
    const { api, base, release } = await start({ requests: 4 })
    const arrived = new Counter()
    api.app.server.on('request', () => arrived.add())
    const post = (bytes: number) =>
      `${request('POST /transactions/new HTTP/1.1', 'Host: localhost', 'Content-Type: application/json', `Content-Length: ${bytes}`)}${'{"sender": "a", "recipient": "b", "amount": 1}'.padEnd(bytes)}`
    const statuses = async (...bodies: number[]) => {
      const socket = await openSocket(base)
      const heard = rest(socket)
      const last = get('/health', 'Connection: close')
      const all = arrived.count + bodies.length + 2
      socket.write(get('/held') + bodies.map(post).join('') + last)
      await arrived.until(all)
      release()
      return statusesIn(await heard)
    }
    expect(await statuses(1_023, 1_024)).toEqual([200, 200, 200, 200])
    expect(await statuses(1_024, 1_024)).toEqual([200, 200, 200, 429])
    expect(await statuses(4_095)).toEqual([200, 200, 429])
    expect(await statuses(4_096)).toEqual([200, 429])
  })

  it('are read no more once there are too many', async () => {
    const { api, base, begun } = await start({ requests: 3 })
    let arrived = 0
    api.app.server.on('request', () => arrived++)
    const socket = await openSocket(base)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    // A reset: much of what was sent is never read.
    socket.on('error', () => {})
    // Far more than the system keeps for a connection that is not read.
    const sent = 400_000
    socket.write(get('/held') + get('/health').repeat(sent))
    await begun.until(1)
    await closed
    expect(arrived).toBeGreaterThan(6)
    expect(arrived).toBeLessThan(sent / 10)
  })

  it(`may wait in ${MAX_PIPELINED_REQUESTS} in the program`, async () => {
    const { base } = await start()
    const bytes =
      get('/health').repeat(MAX_PIPELINED_REQUESTS) + get('/health', 'Connection: close')
    const statuses = statusesIn(await exchange(base, bytes))
    expect(statuses).toEqual(Array(MAX_PIPELINED_REQUESTS + 1).fill(200))
  })
})

describe('all connections together', () => {
  it('may have so many requests waiting; past it the connection with most is cut', async () => {
    const { base, begun } = await start({ allRequests: 5 })
    const greedy = await openSocket(base)
    greedy.write(get('/held').repeat(5))
    await begun.until(1)
    const polite = await openSocket(base)
    polite.write(get('/held').repeat(2))
    await begun.until(2)
    expect(greedy.destroyed).toBe(false)
    polite.write(get('/held'))
    await rest(greedy)
    expect(polite.destroyed).toBe(false)
  })

  it('may leave so many bytes unread; past it whoever has left some the longest is cut', async () => {
    const { base, begun } = await start({ unreadBytes: 2.5 * BIG_BYTES })
    const sockets: Socket[] = []
    for (let i = 0; i < 4; i++) {
      const socket = await openSocket(base)
      socket.pause()
      socket.write(get('/big'))
      await begun.until(i + 1)
      sockets.push(socket)
    }
    // What of it has gone into the system's buffers is not counted; two or three stay.
    const cut = await Promise.all(
      sockets.map(async (socket) => {
        socket.resume()
        let bytes = 0
        socket.on('data', (chunk) => {
          bytes += chunk.length
          if (bytes > BIG_BYTES) socket.destroy()
        })
        await once(socket, 'close')
        return bytes <= BIG_BYTES
      }),
    )
    expect(cut[0]).toBe(true)
    expect(cut.slice(2)).toEqual([false, false])
  })

  it('are so many; one more is refused while none has been idle for long', async () => {
    const { base } = await start({ connections: 3, leastIdleMs: 60_000 })
    expect(MAX_CONNECTIONS).toBe(2_048)
    const sockets: Socket[] = []
    for (let i = 0; i < 3; i++) sockets.push(await openSocket(base))
    await rest(await openSocket(base))
    for (const socket of sockets) expect(socket.destroyed).toBe(false)
  })

  it('are so many; the one that has been idle the longest gives way, one in use does not', async () => {
    const { base, begun } = await start({ connections: 2, leastIdleMs: 0 })
    const idle = await openSocket(base)
    const busy = await openSocket(base)
    const gone = rest(idle)
    busy.write(get('/held'))
    await begun.until(1)
    for (let i = 0; i < 3; i++) {
      expect(statusesIn(await exchange(base, get('/health', 'Connection: close')))).toEqual([200])
    }
    await gone
    expect(busy.destroyed).toBe(false)
  })
})

/** Two connections where there is room for one, some turns apart, by a clock of the test's own. */
async function oneAfterAnother({ turns, laterMs }: { turns: number; laterMs: number }) {
  let nowMs = 1_000
  const server = createServer()
  const connections = new Connections({ connections: 1 }, () => nowMs)
  connections.watch(server)
  const [first, second] = [new Socket(), new Socket()]
  server.emit('connection', first)
  for (let turn = 0; turn < turns; turn++) {
    await nextTurn()
    // One that has left at once: turns are counted by connections that begin.
    const other = new Socket()
    server.emit('connection', other)
    other.destroy()
  }
  await nextTurn()
  nowMs += laterMs
  server.emit('connection', second)
  return { first, second }
}

describe('a connection that has said nothing', () => {
  it(`gives way to a new one after ${LEAST_CONNECTION_IDLE_MS} ms`, async () => {
    const apart = { turns: 1, laterMs: LEAST_CONNECTION_IDLE_MS }
    const { first, second } = await oneAfterAnother(apart)
    expect([first.destroyed, second.destroyed]).toEqual([true, false])
  })

  it('keeps its place before, so that its request can be read', async () => {
    const apart = { turns: 1, laterMs: LEAST_CONNECTION_IDLE_MS - 1 }
    const { first, second } = await oneAfterAnother(apart)
    expect([first.destroyed, second.destroyed]).toEqual([false, true])
  })

  it('keeps its place until a turn has come in which its request could be read', async () => {
    const { first, second } = await oneAfterAnother({ turns: 0, laterMs: 60_000 })
    expect([first.destroyed, second.destroyed]).toEqual([false, true])
  })
})

/** Requests on connections of their own, all in one turn; each takes so long. */
function allAtOnce({ requests, costMs }: { requests: number; costMs: number }) {
  let nowMs = 0
  let begun = 0
  const connections = new Connections({}, () => nowMs)
  const listener = connections.oneAtATime(() => {
    begun++
    nowMs += costMs
  })
  const sockets = Array.from({ length: requests }, () => new Socket())
  for (const socket of sockets) {
    const request = new IncomingMessage(socket)
    listener(request, new ServerResponse(request))
  }
  return { sockets, begun: () => begun }
}

describe('requests that come in one turn of the event loop', () => {
  it(`begin in it for ${MAX_TURN_WORK_MS} ms, the others in the next turns`, async () => {
    const { begun } = allAtOnce({ requests: 5, costMs: MAX_TURN_WORK_MS / 2 })
    expect(begun()).toBe(2)
    await nextTurn()
    expect(begun()).toBe(4)
    await nextTurn()
    expect(begun()).toBe(5)
  })

  it('never begin where the connection has been closed meanwhile', async () => {
    const { sockets, begun } = allAtOnce({ requests: 4, costMs: MAX_TURN_WORK_MS })
    sockets[1]?.destroy()
    sockets[2]?.destroy()
    for (let turn = 0; turn < 5; turn++) await nextTurn()
    expect(begun()).toBe(2)
  })
})
