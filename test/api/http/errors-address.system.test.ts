import { describe, expect, it } from 'vitest'
import { expectProblem, listen, paymentBody, sharedApi, startApi } from '../../helpers/api.ts'
import { exchange, request, statusOf } from '../raw-http.ts'

const READING = [
  '/',
  '/chain',
  '/transactions',
  '/blocks/1',
  '/tips',
  '/info',
  '/health',
  '/metrics',
  '/docs',
  '/redoc',
  '/openapi.json',
]
const WITHOUT_HEAD = ['/mine', '/events']

describe('404: nothing at the address', () => {
  const api = sharedApi()

  it.each([
    '/nothing',
    '/Chain',
    '/chain.json',
    '/blocks',
    '/blocks/',
    '/nodes/list',
    '/nodes/node1',
    '/nodes//list/',
    '/blocks/1/2',
    '/transactions/old',
    '/docs/static/none.js',
    '/redoc/none.js',
    '/%2e%2e/etc/passwd',
    '/docs/static/..%2f..%2fpackage.json',
    '/docs/static/%2e%2e/%2e%2e/package.json',
    '/__proto__',
    '/*',
  ])('%s', async (url) => {
    expectProblem(await api().app.inject({ url: `http://localhost${url}` }), 404, 'not-found')
  })

  it('whatever the method and the body', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const) {
      expectProblem(await api().app.inject({ method, url: '/nothing' }), 404, 'not-found')
    }
    for (const [type, payload] of [
      ['application/json', '{'],
      ['text/plain', 'x'],
      ['application/x-www-form-urlencoded', 'a=b'],
    ] as const) {
      const headers = { 'content-type': type }
      const answer = await api().app.inject({ method: 'POST', url: '/nothing', headers, payload })
      expectProblem(answer, 404, 'not-found')
    }
  })

  it.each([
    '/chain/',
    '//chain',
    '//chain//',
    '/blocks//1/',
    '/chain/?from=1',
    '/nodes/',
    '/openapi.json/',
    '/docs//',
    '/redoc/',
  ])('is not what slashes too many make: %s', async (url) => {
    // By itself: a URL that begins with two slashes would be another host.
    const base = await listen(await startApi())
    const answer = await exchange(
      base,
      request(`GET ${url} HTTP/1.1`, 'Host: localhost', 'Connection: close'),
    )
    expect(statusOf(answer)).toBe(200)
  })

  it.each(['/transactions/new/', '//transactions//new', '/nodes/register/'])(
    'is not what slashes too many make of a call that changes: %s',
    async (url) => {
      const base = await listen(await startApi())
      const body = url.includes('nodes') ? '{"nodes": ["a:1"]}' : paymentBody()
      const head = request(
        `POST ${url} HTTP/1.1`,
        'Host: localhost',
        'Content-Type: application/json',
        `Content-Length: ${body.length}`,
        'Connection: close',
      )
      expect(statusOf(await exchange(base, head + body))).toBe(200)
    },
  )

  it('is not what a whole URL means', async () => {
    const base = await listen(await startApi())
    const ask = async (target: string) =>
      statusOf(
        await exchange(
          base,
          request(`GET ${target} HTTP/1.1`, 'Host: localhost', 'Connection: close'),
        ),
      )
    expect(await ask('http://localhost/info')).toBe(200)
    expect(await ask('http://127.0.0.1:5000/chain?limit=1')).toBe(200)
    expect(await ask('http://localhost')).toBe(404)
    expect(await ask('http://localhost/nothing')).toBe(404)
    expect(await ask('http://evil.example/info')).toBe(403)
  })

  it('does not repeat a long address in full', async () => {
    const answer = await api().app.inject(`/${'x'.repeat(5_000)}`)
    expectProblem(answer, 404, 'not-found')
    expect(answer.body.length).toBeLessThan(1_000)
  })

  it.each(['/%', '/%zz', '/blocks/%', '/blocks/%c0%af', '/blocks/%80'])(
    '%s is malformed: 400',
    async (url) => {
      expectProblem(await api().app.inject({ url }), 400, 'bad-request')
    },
  )
})

describe('405: the method is not one of the address', () => {
  const api = sharedApi()

  it.each([
    ['POST', '/nodes/resolve', 'GET'],
    ['DELETE', '/nodes/resolve', 'GET'],
    ['DELETE', '/nodes/register', 'POST'],
    ['GET', '/nodes/register/', 'POST'],
    ['GET', '/nodes/127.0.0.1:5001', 'DELETE'],
    ['GET', '/nodes/node.example', 'DELETE'],
    ['GET', '/nodes/%5B::1%5D', 'DELETE'],
    ['POST', '/blocks/1', 'GET, HEAD'],
    ['DELETE', '/nodes', 'GET, HEAD'],
    ['POST', '//chain/', 'GET, HEAD'],
    ['DELETE', '/mining', 'GET, HEAD, POST'],
  ] as const)('%s %s takes %s', async (method, url, allow) => {
    const answer = await api().app.inject({ method, url: `http://localhost${url}` })
    expectProblem(answer, 405, 'method-not-allowed')
    expect(String(answer.headers.allow).split(', ').toSorted().join(', ')).toBe(allow)
  })

  it.each(READING)('%s takes GET and HEAD', async (url) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const) {
      const answer = await api().app.inject({ method, url })
      expectProblem(answer, 405, 'method-not-allowed')
      expect(answer.headers.allow, method).toBe('GET, HEAD')
    }
  })

  it.each(WITHOUT_HEAD)('%s takes only GET', async (url) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const) {
      const answer = await api().app.inject({ method, url })
      expectProblem(answer, 405, 'method-not-allowed')
      expect(answer.headers.allow, method).toBe('GET')
    }
    const head = await api().app.inject({ method: 'HEAD', url })
    expect([head.statusCode, head.headers.allow, head.body]).toEqual([405, 'GET', ''])
  })

  it('/transactions/new takes only POST', async () => {
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const) {
      const answer = await api().app.inject({ method, url: '/transactions/new' })
      expectProblem(answer, 405, 'method-not-allowed')
      expect(answer.headers.allow, method).toBe('POST')
    }
    const head = await api().app.inject({ method: 'HEAD', url: '/transactions/new' })
    expect([head.statusCode, head.headers.allow, head.body]).toEqual([405, 'POST', ''])
  })

  it.each([
    ['application/json', '{'],
    ['application/json', paymentBody()],
    ['text/plain', 'x'],
    ['application/x-www-form-urlencoded', 'a=b'],
  ])('whatever the body (%s %s)', async (type, payload) => {
    const headers = { 'content-type': type }
    const answer = await api().app.inject({ method: 'PUT', url: '/mine', headers, payload })
    expectProblem(answer, 405, 'method-not-allowed')
  })

  it.each(['PROPFIND', 'TRACE', 'QUERY', 'SEARCH', 'LOCK', 'PURGE'])(
    '%s, which few servers know, is no fault either',
    async (method) => {
      const bytes = request(`${method} /chain HTTP/1.1`, 'Host: localhost', 'Connection: close')
      const answer = await exchange(await listenOnce(), bytes)
      expect(statusOf(answer)).toBe(405)
      expect(answer.toLowerCase()).toContain('allow: get, head\r\n')
    },
  )

  let base: Promise<string> | undefined
  function listenOnce(): Promise<string> {
    base ??= listen(api())
    return base
  }
})

describe('429: asking too often', () => {
  const remoteAddress = '203.0.113.7'

  it('refuses one request past the limit with Retry-After, whatever the address asked for', async () => {
    const api = await startApi({ requestsPerMinute: 3 })
    const urls = ['/info', '/nothing', '/chain?from=x']
    for (const url of urls) {
      const answer = await api.app.inject({ url, remoteAddress })
      expect(answer.statusCode).not.toBe(429)
    }
    for (const url of [...urls, '/docs', '/mine']) {
      const answer = await api.app.inject({ url, remoteAddress })
      expectProblem(answer, 429, 'too-many-requests')
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    }
    const other = await api.app.inject({ url: '/info', remoteAddress: '203.0.113.8' })
    expect(other.statusCode, 'each address has its own').toBe(200)
  })

  it('counts a forwarded address as nothing', async () => {
    const api = await startApi({ requestsPerMinute: 1 })
    const ask = (forwarded: string) =>
      api.app.inject({ url: '/info', remoteAddress, headers: { 'x-forwarded-for': forwarded } })
    expect((await ask('198.51.100.1')).statusCode).toBe(200)
    expectProblem(await ask('127.0.0.1'), 429, 'too-many-requests')
  })

  it.each(['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])(
    'spares loopback (%s) unless asked',
    async (loopback) => {
      const spared = await startApi({ requestsPerMinute: 1 })
      for (let i = 0; i < 3; i++) {
        const answer = await spared.app.inject({ url: '/info', remoteAddress: loopback })
        expect(answer.statusCode).toBe(200)
      }
      const limited = await startApi({ requestsPerMinute: 1, limitLoopback: true })
      const ask = () => limited.app.inject({ url: '/info', remoteAddress: loopback })
      expect((await ask()).statusCode).toBe(200)
      expectProblem(await ask(), 429, 'too-many-requests')
    },
  )
})
