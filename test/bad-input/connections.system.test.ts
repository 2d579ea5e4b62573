/**
 * Connections that misbehave in time: requests sent together, bodies that break off, senders that
 * are slow or silent, floods. The node's own time limits are shortened here, never waited for.
 */
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { exchange, openSocket, request, statusOf } from '../api/raw-http.ts'
import { type Api, listen, paymentBody, startApi } from '../helpers/api.ts'
import { inTime } from './asking.ts'
import { answersIn, requestBytes } from './wire.ts'

const HOST = 'Host: localhost'
const GET = 'GET /info HTTP/1.1'
const POST = 'POST /transactions/new HTTP/1.1'
const JSON_TYPE = 'Content-Type: application/json'
const CLOSE = 'Connection: close'
const PAYMENT = requestBytes([POST, HOST, JSON_TYPE], Buffer.from(paymentBody())).toString()
const GARBAGE = '\x00\x01garbage\r\n\r\n'

async function startListening(
  limits: Partial<Api['app']['server']> = {},
): Promise<{ api: Api; base: string }> {
  const api = await startApi()
  Object.assign(api.app.server, limits)
  return { api, base: await listen(api) }
}

/** Each answer's status, in order. */
function statusesIn(text: string): number[] {
  return answersIn(text).map(({ status }) => status)
}

/** Everything that comes on a connection until it is closed. */
async function heard(socket: Socket): Promise<string> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  await inTime(once(socket, 'close'), 'the connection stays open')
  return Buffer.concat(chunks).toString()
}

async function expectWell({ api, base }: { api: Api; base: string }, pooled = 0): Promise<void> {
  expect(statusesIn(await exchange(base, request(GET, HOST, CLOSE)))).toEqual([200])
  expect((await api.app.inject('/transactions')).json().length).toBe(pooled)
}

describe('requests sent together', () => {
  it('are answered one after another', async () => {
    const { base } = await startListening()
    const bytes = request(GET, HOST).repeat(500) + request('GET /chain HTTP/1.1', HOST, CLOSE)
    expect(statusesIn(await exchange(base, bytes))).toEqual(Array(501).fill(200))
  })

  it('with garbage behind an answered one: it gets 400 and the connection ends', async () => {
    const node = await startListening()
    const socket = await openSocket(node.base)
    socket.write(PAYMENT)
    const [first] = await once(socket, 'data')
    const rest = heard(socket)
    socket.write(GARBAGE)
    expect(statusesIn(String(first) + (await rest))).toEqual([200, 400])
    await expectWell(node, 1)
  })

  it.each([
    ['garbage', GARBAGE],
    ['a bad chunk', `${request(POST, HOST, JSON_TYPE, 'Transfer-Encoding: chunked')}zz\r\n`],
  ])('with %s right behind a payment: the payment is not answered as that', async (_what, bad) => {
    const node = await startListening()
    const statuses = statusesIn(await exchange(node.base, PAYMENT + bad))
    const isKept = node.api.live.currentTransactionCount === 1
    // A bare close says nothing either way; an error says that nothing was done.
    if (statuses.length > 0) expect(statuses[0]).toBe(isKept ? 200 : 400)
    await expectWell(node, isKept ? 1 : 0)
  })

  it('with a body longer than its length: the rest is no request', async () => {
    const node = await startListening()
    const answer = await exchange(node.base, `${request(GET, HOST, 'Content-Length: 2')}12345`)
    expect(statusesIn(answer).at(-1)).toBe(400)
    await expectWell(node)
  })
})

describe('a connection that breaks off', () => {
  it('in the middle of a body keeps nothing', async () => {
    const node = await startListening()
    const socket = await openSocket(node.base)
    socket.write(request(POST, HOST, JSON_TYPE, 'Content-Length: 100') + paymentBody())
    // The second connection is answered after what the first has sent.
    await expectWell(node)
    socket.destroy()
    await expectWell(node)
  })

  it.each([
    ['with nothing said', ''],
    ['in the request line', 'POST /transac'],
    ['in the headers', `${POST}\r\n${HOST}\r\nContent-Le`],
    ['in a body', request(POST, HOST, JSON_TYPE, 'Content-Length: 100') + paymentBody()],
    ['in a chunk', `${request(POST, HOST, JSON_TYPE, 'Transfer-Encoding: chunked')}40\r\n{`],
  ])('by its half, %s, is closed and keeps nothing', async (_where, bytes) => {
    const node = await startListening()
    const socket = await openSocket(node.base)
    const all = heard(socket)
    socket.end(bytes)
    expect(statusOf(await all) ?? 400).toBe(400)
    await expectWell(node)
  })

  it('by its half behind a whole request still gets its answer', async () => {
    const node = await startListening()
    const socket = await openSocket(node.base)
    const all = heard(socket)
    socket.end(PAYMENT)
    expect(statusesIn(await all)).toEqual([200])
    await expectWell(node, 1)
  })
})

describe('a slow sender', () => {
  it('is served as long as it is in time, byte by byte', async () => {
    const node = await startListening()
    const socket = await openSocket(node.base)
    socket.setNoDelay(true)
    const all = heard(socket)
    const bytes = requestBytes([POST, HOST, JSON_TYPE, CLOSE], Buffer.from(paymentBody()))
    for (const byte of bytes) {
      await new Promise<void>((resolve) => socket.write(Buffer.from([byte]), () => resolve()))
    }
    expect(statusesIn(await all)).toEqual([200])
    await expectWell(node, 1)
  })

  it.each([
    ['says nothing', ''],
    ['stops in the request line', 'POST /transac'],
    ['stops in the headers', `${POST}\r\n${HOST}\r\n`],
    ['stops in a body', request(POST, HOST, JSON_TYPE, 'Content-Length: 100') + paymentBody()],
    [
      'stops in a chunk',
      `${request(POST, HOST, JSON_TYPE, 'Transfer-Encoding: chunked')}fffffffffffffff\r\n{`,
    ],
  ])('that %s is cut off: 408', async (_where, bytes) => {
    const limits = { requestTimeout: 100, headersTimeout: 100, connectionsCheckingInterval: 20 }
    const node = await startListening(limits)
    const socket = await openSocket(node.base)
    const all = heard(socket)
    socket.write(bytes)
    const answers = answersIn(await all)
    expect(answers.map(({ status }) => status)).toEqual([408])
    expect(JSON.parse(answers[0]?.body ?? '')).toMatchObject({
      code: 'request-timeout',
      status: 408,
    })
    await expectWell(node)
  })

  it('has half a minute, and a connection that waits a little more than a minute', async () => {
    const { server } = (await startApi()).app
    expect(server.requestTimeout).toBe(30_000)
    expect(server.keepAliveTimeout).toBe(72_000)
  })

  it('that is silent between two requests is cut off', async () => {
    const node = await startListening({ keepAliveTimeout: 50, keepAliveTimeoutBuffer: 0 })
    const socket = await openSocket(node.base)
    const all = heard(socket)
    socket.write(request(GET, HOST))
    expect(statusesIn(await all)).toEqual([200])
    await expectWell(node)
  })
})

describe('a flood of connections', () => {
  it('is turned away beyond the limit, and served again when others go', async () => {
    const node = await startListening({ maxConnections: 4 })
    const kept = await Promise.all(Array.from({ length: 4 }, () => openSocket(node.base)))
    const turnedAway = await Promise.all(
      Array.from({ length: 40 }, () => exchange(node.base, request(GET, HOST, CLOSE))),
    )
    expect(turnedAway).toEqual(Array(40).fill(''))
    for (const socket of kept) {
      const all = heard(socket)
      socket.write(request(GET, HOST, CLOSE))
      expect(statusesIn(await all)).toEqual([200])
    }
    await expectWell(node)
  })

  it('of hundreds that say nothing and go leaves nothing behind', async () => {
    const node = await startListening()
    const sockets = await Promise.all(Array.from({ length: 300 }, () => openSocket(node.base)))
    await expectWell(node)
    for (const socket of sockets) socket.destroy()
    const count = () =>
      new Promise<number>((resolve) => node.api.app.server.getConnections((_, n) => resolve(n)))
    while ((await count()) > 0) await expectWell(node)
  })
})

describe('Expect: 100-continue', () => {
  it('is honoured', async () => {
    const { base } = await startListening()
    const socket = await openSocket(base)
    const body = paymentBody()
    const first = once(socket, 'data')
    const expecting = ['Expect: 100-continue', `Content-Length: ${body.length}`]
    socket.write(request(POST, HOST, JSON_TYPE, ...expecting))
    expect(String(await first)).toMatch(/^HTTP\/1\.1 100 /)
    const second = once(socket, 'data')
    socket.write(body)
    expect(statusOf(String(await second))).toBe(200)
  })
})
