import { describe, expect, it } from 'vitest'
import { type Answer, type Api, expectProblem, sharedApi, startApi } from '../../helpers/api.ts'
import { chainText, EASY } from '../../helpers/chains.ts'
import { known, registered, remove, resolve, sendNodes } from './nodes-api.ts'
import { startTutorialServer } from './tutorial-server.ts'

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36'
const HOST = '127.0.0.1:5000'
const TOKEN = 'correct-horse-battery-staple'
const BODY = '{"nodes": ["new:1"]}'

type Headers = Record<string, string>

/** The calls that change the node, and those that only read it. */
const CHANGING: [name: string, call: (api: Api, headers: Headers) => Promise<Answer>][] = [
  ['POST /nodes/register', (api, headers) => sendNodes(api, BODY, headers)],
  ['DELETE /nodes/{address}', (api, headers) => remove(api, 'a:1', headers)],
  ['GET /nodes/resolve', ({ app }, headers) => app.inject({ url: '/nodes/resolve', headers })],
]
const READING = ['/nodes', '/network']

describe.each(CHANGING)('%s', (name, call) => {
  /** For calls that are refused: it stays as it is. */
  const shared = sharedApi({}, async (api) => void (await registered(api, ['a:1'])))

  it('needs the token', async () => {
    const api = await startApi({ token: TOKEN })
    for (const authorization of ['', 'Bearer', `Bearer ${TOKEN}x`, `Basic ${TOKEN}`, TOKEN]) {
      const answer = await call(api, { authorization })
      expectProblem(answer, 401, 'token-required')
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/)
    }
    const answer = await call(api, { authorization: `Bearer ${TOKEN}` })
    expect(answer.statusCode, 'nothing is registered yet').toBe(name.startsWith('DEL') ? 404 : 200)
  })

  it.each<Headers>([
    {},
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: `http://${HOST}.evil.example` },
    { referer: `http://${HOST}/docs` },
  ])('is not for a foreign page with %j', async (headers) => {
    const api = shared()
    const answer = await call(api, { host: HOST, 'user-agent': BROWSER, ...headers })
    expectProblem(answer, 403, 'foreign-page')
    expect(await known(api)).toEqual(['a:1'])
  })

  it.each<Headers>([
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'none' },
    { origin: `http://${HOST}` },
    { 'x-toychain': '1' },
  ])('is for our own page with %j', async (headers) => {
    const api = await startApi()
    if (name.startsWith('DEL')) await registered(api, ['a:1'])
    const answer = await call(api, { host: HOST, 'user-agent': BROWSER, ...headers })
    expect(answer.statusCode, answer.body).toBe(200)
  })

  it.each<Headers>([
    { 'sec-purpose': 'prefetch' },
    { 'sec-purpose': 'prefetch;prerender' },
    { purpose: 'prefetch' },
  ])('is not prefetched with %j', async (headers) => {
    const api = shared()
    for (const agent of [BROWSER, 'curl/8.5.0']) {
      const all = { ...headers, 'user-agent': agent, 'sec-fetch-site': 'same-origin' }
      expectProblem(await call(api, all), 403, 'prefetch-refused')
    }
    expect(await known(api)).toEqual(['a:1'])
  })

  it.each(['evil.example', '127.0.0.1.nip.io:5000', 'localhost.evil.example'])(
    'is refused under the name %s',
    async (host) => {
      const api = shared()
      expectProblem(await call(api, { host, 'x-toychain': '1' }), 403, 'host-not-allowed')
      expect(await known(api)).toEqual(['a:1'])
    },
  )
})

describe('a refused call to resolve', () => {
  it('asks nobody', async () => {
    const other = await startTutorialServer(chainText([EASY.rules.genesis]))
    const api = await startApi()
    await registered(api, [other.address])
    const url = '/nodes/resolve'
    for (const headers of [
      { 'user-agent': BROWSER, 'sec-fetch-site': 'cross-site' },
      { 'sec-purpose': 'prefetch' },
      { host: 'evil.example' },
    ]) {
      expect((await api.app.inject({ url, headers })).statusCode).toBe(403)
    }
    for (const method of ['HEAD', 'OPTIONS', 'POST', 'PUT'] as const) {
      const answer = await api.app.inject({ method, url })
      expect([answer.statusCode, answer.headers.allow]).toEqual([
        405,
        expect.stringContaining('GET'),
      ])
    }
    expect(other.asked).toEqual([])
    await resolve(api)
    expect(other.asked).toHaveLength(1)
  })
})

describe.each(READING)('GET %s', (url) => {
  const api = sharedApi({ token: TOKEN })

  it('is for everybody who may read, without the token', async () => {
    const foreign = { 'user-agent': BROWSER, 'sec-fetch-site': 'cross-site' }
    for (const headers of [{}, foreign, { 'sec-purpose': 'prefetch' }]) {
      expect((await api().app.inject({ url, headers })).statusCode).toBe(200)
    }
  })

  it('is refused under a foreign name, and gives no page of another origin leave', async () => {
    const answer = await api().app.inject({ url, headers: { host: 'evil.example' } })
    expectProblem(answer, 403, 'host-not-allowed')
    const origin = 'https://evil.example'
    const { headers } = await api().app.inject({ url, headers: { origin } })
    expect(Object.keys(headers).filter((key) => key.startsWith('access-control-'))).toEqual([])
  })
})
