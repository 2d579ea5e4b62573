/** What is hardly HTTP: each gets an answer or a closed connection, and the node goes on. */
import type { Socket } from 'node:net'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Api, listen, paymentBody, sharedApi, startApi } from '../helpers/api.ts'
import { exchange, openSocket, request, statusOf } from './raw-http.ts'

const shared = sharedApi()
let base: string
beforeAll(async () => {
  base = await listen(shared())
})

/** A node of the test's own, where it matters what others have sent. */
async function startListening(): Promise<{ api: Api; base: string }> {
  const api = await startApi()
  return { api, base: await listen(api) }
}

const HOST = 'Host: localhost'
const POST = 'POST /transactions/new HTTP/1.1'
const JSON_TYPE = 'Content-Type: application/json'

/** The problem document in a raw answer. */
function problemIn(answer: string): { code?: string; status?: number } {
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  expect(head.toLowerCase()).toContain('content-type: application/problem+json')
  return JSON.parse(body)
}

describe('what is not well-formed HTTP', () => {
  it.each([
    ['garbage', '\x00\x01\x02\x03\xff\xfe\r\n\r\n'],
    ['a TLS greeting', Buffer.from('16030100c8010000c40303', 'hex')],
    ['an unknown method', request('FLY /chain HTTP/1.1', HOST)],
    ['an unknown version', request('GET /chain HTTP/9.9', HOST)],
    ['a space before the colon', request('GET /chain HTTP/1.1', 'Host : localhost')],
    ['a header without a colon', request('GET /chain HTTP/1.1', HOST, 'nonsense')],
    ['a folded header', request('GET /chain HTTP/1.1', HOST, 'X-A: b', ' c')],
    ['a control character in a header', request('GET /chain HTTP/1.1', HOST, 'X-A: b\x01c')],
    ['bare line feeds', `GET /chain HTTP/1.1\n${HOST}\n\n`],
    [
      'two lengths that differ',
      request(POST, HOST, JSON_TYPE, 'Content-Length: 3', 'Content-Length: 4'),
    ],
    [
      'a length and chunks',
      request(POST, HOST, JSON_TYPE, 'Content-Length: 3', 'Transfer-Encoding: chunked'),
    ],
    ['a negative length', request(POST, HOST, JSON_TYPE, 'Content-Length: -1')],
    ['a length that is no number', request(POST, HOST, JSON_TYPE, 'Content-Length: 1x')],
    ['a bad chunk size', `${request(POST, HOST, JSON_TYPE, 'Transfer-Encoding: chunked')}zz\r\n`],
    ['an unknown coding', request(POST, HOST, JSON_TYPE, 'Transfer-Encoding: gzip')],
  ])('%s: 400 as a problem, and a closed connection', async (_what, bytes) => {
    const answer = await exchange(base, bytes)
    expect(statusOf(answer), answer.slice(0, 200)).toBe(400)
    expect(problemIn(answer)).toMatchObject({ code: 'bad-request', status: 400 })
    expect(answer.toLowerCase()).toContain('connection: close')
    expect((await shared().app.inject('/health')).statusCode).toBe(200)
  })

  it('headers beyond the limit: 431', async () => {
    const answer = await exchange(
      base,
      request('GET / HTTP/1.1', HOST, `X-A: ${'a'.repeat(70_000)}`),
    )
    expect(statusOf(answer)).toBe(431)
    expect(problemIn(answer)).toMatchObject({ code: 'headers-too-large', status: 431 })
  })

  it('an address beyond the limit of headers: 431', async () => {
    const answer = await exchange(base, request(`GET /${'a'.repeat(70_000)} HTTP/1.1`, HOST))
    expect(statusOf(answer)).toBe(431)
  })

  it('a request that comes too slowly: 408', async () => {
    const { api, base: own } = await startListening()
    const taken = new Promise<Socket>((resolve) => api.app.server.once('connection', resolve))
    const socket = await openSocket(own)
    const said = new Promise<Buffer>((resolve) => socket.once('data', resolve))
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.write('POST /transactions/new HTTP/1.1\r\n')
    // What Node.js says when its own clock, which no test waits for, has run out.
    const late = Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })
    api.app.server.emit('clientError', late, await taken)
    const answer = String(await said)
    await closed
    expect(statusOf(answer)).toBe(408)
    expect(problemIn(answer)).toMatchObject({ code: 'request-timeout', status: 408 })
  })

  it('thousands of headers are read up to a bound, never a fault', async () => {
    const many = Array.from({ length: 2_500 }, (_, i) => `a${i}:`)
    const bytes = request('GET /info HTTP/1.1', HOST, 'Connection: close', ...many)
    expect([200, 431]).toContain(statusOf(await exchange(base, bytes)))
  })
})

describe('the Host header', () => {
  it.each([
    'GET /chain HTTP/1.1',
    'GET /mine HTTP/1.1',
    'GET /docs HTTP/1.1',
    'GET /none HTTP/1.1',
  ])('%s without one is refused as a problem', async (line) => {
    const { api, base } = await startListening()
    const answer = await exchange(base, request(line, 'Connection: close'))
    expect(statusOf(answer)).toBe(403)
    expect(problemIn(answer).code).toBe('host-not-allowed')
    expect(api.miner.started).toEqual([])
  })

  it('HTTP/1.0 without one is refused', async () => {
    const answer = await exchange(base, request('GET /chain HTTP/1.0'))
    expect(statusOf(answer)).toBe(403)
    expect(problemIn(answer).code).toBe('host-not-allowed')
  })

  it('HTTP/1.0 with one is served', async () => {
    expect(statusOf(await exchange(base, request('GET /chain HTTP/1.0', HOST)))).toBe(200)
  })

  it.each([
    ['ours first', [HOST, 'Host: evil.example']],
    ['ours last', ['Host: evil.example', HOST]],
    ['in one line', ['Host: localhost, evil.example']],
  ])('two of them are refused (%s)', async (_order, hosts) => {
    const { api, base } = await startListening()
    const bytes = request('GET /mine HTTP/1.1', ...hosts, 'Connection: close')
    const answer = await exchange(base, bytes)
    expect([400, 403]).toContain(statusOf(answer))
    expect(api.miner.started).toEqual([])
  })

  it('counts where the address is a whole URL: a foreign one never reaches a route', async () => {
    const { api, base } = await startListening()
    for (const host of [HOST, 'Host: evil.example']) {
      const bytes = request('GET http://evil.example/mine HTTP/1.1', host, 'Connection: close')
      expect([403, 404]).toContain(statusOf(await exchange(base, bytes)))
    }
    expect(api.miner.started).toEqual([])
  })
})

describe('connections', () => {
  it('carry one request after another, sent together', async () => {
    const bytes =
      request('GET /info HTTP/1.1', HOST).repeat(3) +
      request('GET /chain HTTP/1.1', HOST, 'Connection: close')
    const answer = await exchange(base, bytes)
    expect(answer.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(4)
  })

  it('serve a body that comes byte by byte', async () => {
    const { api, base } = await startListening()
    const socket = await openSocket(base)
    const body = paymentBody()
    const head = request(
      POST,
      HOST,
      JSON_TYPE,
      'Connection: close',
      `Content-Length: ${body.length}`,
    )
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.setNoDelay(true)
    for (const byte of head + body) {
      await new Promise<void>((resolve) => socket.write(byte, () => resolve()))
    }
    socket.resume()
    await closed
    expect((await api.app.inject('/transactions')).json().length).toBe(1)
  })

  it('that break off in the middle of a body keep nothing', async () => {
    const { api, base } = await startListening()
    const socket = await openSocket(base)
    socket.write(request(POST, HOST, JSON_TYPE, 'Content-Length: 100') + paymentBody())
    // The second connection is answered after what the first has sent.
    await exchange(base, request('GET /info HTTP/1.1', HOST, 'Connection: close'))
    socket.destroy()
    expect((await api.app.inject('/transactions')).json().length).toBe(0)
  })

  it.each([
    ['CONNECT', request('CONNECT localhost:80 HTTP/1.1', HOST)],
    [
      'an upgrade',
      request('GET /chain HTTP/1.1', HOST, 'Connection: Upgrade, close', 'Upgrade: websocket'),
    ],
    ['an upgrade to HTTP/2', request('PRI * HTTP/2.0', '', 'SM', '')],
    [
      'an expectation nobody knows',
      request('GET /chain HTTP/1.1', HOST, 'Connection: close', 'Expect: x'),
    ],
    ['the address *', request('OPTIONS * HTTP/1.1', HOST, 'Connection: close')],
    ['an address without a slash', request('GET chain HTTP/1.1', HOST, 'Connection: close')],
    ['an address of two slashes', request('GET // HTTP/1.1', HOST, 'Connection: close')],
    ['HTTP/0.9', 'GET /chain\r\n\r\n'],
    ['a null byte', request('GET /blocks/\x00 HTTP/1.1', HOST, 'Connection: close')],
  ])('%s gets an answer or a close, and the node goes on', async (_what, bytes) => {
    expect(statusOf(await exchange(base, bytes)) ?? 400).toBeLessThan(500)
    expect((await shared().app.inject('/health')).statusCode).toBe(200)
  })

  it('Expect: 100-continue is honoured', async () => {
    const socket = await openSocket(base)
    const body = paymentBody()
    const first = new Promise<Buffer>((resolve) => socket.once('data', resolve))
    socket.write(
      request(POST, HOST, JSON_TYPE, 'Expect: 100-continue', `Content-Length: ${body.length}`),
    )
    expect(String(await first)).toMatch(/^HTTP\/1\.1 100 /)
    const second = new Promise<Buffer>((resolve) => socket.once('data', resolve))
    socket.write(body)
    expect(statusOf(String(await second))).toBe(200)
  })
})
