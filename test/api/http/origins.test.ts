/** Pages of other origins: none of them, those that may read, and those that may change the node. */
import { describe, expect, it } from 'vitest'
import {
  type Api,
  expectProblem,
  listen,
  mine,
  paymentBody,
  post,
  startApi,
} from '../../helpers/api.ts'

const READER = 'https://class.example'
const WRITER = 'http://localhost:3000'
const CHROMIUM = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36'

const start = (more = {}) =>
  startApi({ allowOrigin: [READER], allowOriginWrite: [WRITER], ...more })

const page = (origin: string, more: Record<string, string> = {}) => ({
  host: '127.0.0.1:5000',
  'user-agent': CHROMIUM,
  'sec-fetch-site': 'cross-site',
  'sec-fetch-mode': 'cors',
  origin,
  ...more,
})

const preflight = (api: Api, url: string, origin: string, more: Record<string, string> = {}) =>
  api.app.inject({
    url,
    method: 'OPTIONS',
    headers: page(origin, { 'access-control-request-method': 'POST', ...more }),
  })

describe('a page of another origin', () => {
  it.each([READER, WRITER])('that may read, reads everything: %s', async (origin) => {
    const api = await start()
    for (const url of ['/', '/chain', '/blocks/1', '/tips', '/transactions', '/metrics', '/none']) {
      const { headers } = await api.app.inject({ url, headers: page(origin) })
      expect(headers['access-control-allow-origin'], url).toBe(origin)
      expect(headers.vary, url).toContain('origin')
      expect(headers['access-control-allow-credentials'], url).toBeUndefined()
    }
  })

  it('that may read, hears the events', async () => {
    const base = await listen(await start())
    const over = new AbortController()
    const init = { headers: { origin: READER }, signal: over.signal }
    const response = await fetch(`${base}/events`, init)
    expect(response.headers.get('access-control-allow-origin')).toBe(READER)
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    over.abort()
  })

  it('that may only read, changes nothing, by no header', async () => {
    const api = await start()
    const headers = page(READER, { 'x-toychain': '1' })
    const refused = await post(api, paymentBody(), headers)
    expectProblem(refused, 403, 'foreign-page')
    // Its program is to see why.
    expect(refused.headers['access-control-allow-origin']).toBe(READER)
    expectProblem(await api.app.inject({ url: '/mine', headers }), 403, 'foreign-page')
    expect(api.miner.started).toEqual([])
  })

  it('that may change, changes', async () => {
    const api = await start()
    expect((await post(api, paymentBody(), page(WRITER))).statusCode).toBe(200)
    expect((await mine(api, page(WRITER))).statusCode).toBe(200)
  })

  it('that may change, needs the token where there is one', async () => {
    const api = await start({ token: 'secret' })
    expectProblem(await post(api, paymentBody(), page(WRITER)), 401, 'token-required')
    const headers = page(WRITER, { authorization: 'Bearer secret' })
    expect((await post(api, paymentBody(), headers)).statusCode).toBe(200)
    const reader = page(READER, { authorization: 'Bearer secret' })
    expectProblem(await post(api, paymentBody(), reader), 403, 'foreign-page')
  })

  it('that may change, changes nothing by a navigation or a form', async () => {
    const api = await start()
    const headers = page(WRITER, { 'sec-fetch-mode': 'navigate', accept: 'text/html' })
    expect((await api.app.inject({ url: '/mine', headers })).statusCode).toBe(403)
    expectProblem(await post(api, paymentBody(), headers), 403, 'foreign-page')
    expect(api.miner.started).toEqual([])
  })

  it.each([
    'null',
    '',
    'https://class.example:443',
    'https://class.example/',
    'https://CLASS.example',
    'http://class.example',
    'https://a.class.example',
    'https://class.example.evil.example',
    'http://localhost:30000',
    'http://localhost',
    '*',
  ])('that is not exactly one of them, is none: %j', async (origin) => {
    const api = await start()
    const { headers } = await api.app.inject({ url: '/chain', headers: page(origin) })
    expect(headers['access-control-allow-origin']).toBeUndefined()
    expect(headers.vary).toContain('origin')
    expectProblem(await post(api, paymentBody(), page(origin)), 403, 'foreign-page')
    const asked = await preflight(api, '/transactions/new', origin)
    expectProblem(asked, 405, 'method-not-allowed')
    expect(asked.headers['access-control-allow-origin']).toBeUndefined()
  })
})

describe('a preflight', () => {
  it('says what an origin may', async () => {
    const api = await start()
    for (const [origin, methods] of [
      [READER, 'GET, HEAD'],
      [WRITER, 'GET, HEAD, POST, DELETE'],
    ] as const) {
      const { statusCode, headers, body } = await preflight(api, '/transactions/new', origin)
      expect([statusCode, body]).toEqual([204, ''])
      expect(headers['access-control-allow-origin']).toBe(origin)
      expect(headers['access-control-allow-methods']).toBe(methods)
      expect(headers['access-control-allow-headers']).toContain('content-type')
      expect(headers['access-control-allow-headers']).toContain('authorization')
      expect(headers['access-control-allow-private-network']).toBeUndefined()
    }
  })

  it('of a public page that asks a private network is answered where it asks for that', async () => {
    const api = await start()
    const more = { 'access-control-request-private-network': 'true' }
    const { headers } = await preflight(api, '/chain', READER, more)
    expect(headers['access-control-allow-private-network']).toBe('true')
  })

  it('is refused under a name that is not allowed', async () => {
    const api = await start()
    const asked = await preflight(api, '/chain', READER, { host: 'evil.example' })
    expectProblem(asked, 403, 'host-not-allowed')
  })

  it('is no way around the rate limit', async () => {
    const api = await start({ requestsPerMinute: 2, limitLoopback: true })
    const statuses: number[] = []
    for (let i = 0; i < 3; i++) statuses.push((await preflight(api, '/chain', READER)).statusCode)
    expect(statuses).toEqual([204, 204, 429])
  })
})

describe('a node that names no origins', () => {
  it('says nothing of them', async () => {
    const api = await startApi()
    const { headers } = await api.app.inject({ url: '/chain', headers: page(READER) })
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    expect(headers.vary).toBeUndefined()
  })
})
