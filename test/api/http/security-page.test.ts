import { describe, expect, it } from 'vitest'
import {
  type Answer,
  expectProblem,
  mine,
  paymentBody,
  post,
  sharedApi,
} from '../../helpers/api.ts'

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36'
const HOST = '127.0.0.1:5000'

describe('a page that wants to change something', () => {
  const api = sharedApi({ allowedHosts: ['node.example'] })

  /** Posts as a browser would, with these headers besides. */
  function browse(headers: Record<string, string> = {}): Promise<Answer> {
    return post(api(), paymentBody(), { host: HOST, 'user-agent': BROWSER, ...headers })
  }

  it.each([
    [{ 'sec-fetch-site': 'same-origin' }],
    [{ 'sec-fetch-site': 'none' }],
    [{ origin: `http://${HOST}` }],
    [{ origin: `https://${HOST}` }],
    [{ host: 'localhost', origin: 'http://localhost' }],
    [{ host: '[::1]:5000', origin: 'http://[::1]:5000' }],
    [{ host: 'node.example', origin: 'http://node.example' }],
    [{ 'x-toychain': '1' }],
  ] as Record<string, string>[][])('is served with %j', async (headers) => {
    expect((await browse(headers)).statusCode).toBe(200)
  })

  it.each([
    [{}],
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
    [{ 'sec-fetch-site': '' }],
    [{ 'sec-fetch-site': 'Same-Origin, none' }],
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
    [{ origin: '' }],
    [{ origin: HOST.replace('5000', '5001') }],
    [{ origin: 'http://127.0.0.1:5001' }],
    [{ origin: 'http://127.0.0.1' }],
    [{ origin: 'http://localhost:5000' }],
    [{ origin: `http://${HOST}.evil.example` }],
    [{ origin: `http://evil.example/http://${HOST}` }],
    [{ origin: `http://evil@${HOST}` }],
    [{ origin: `chrome-extension://${HOST}` }],
    [{ 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-user': '?1' }],
    [{ 'x-toychain': '1', origin: 'https://evil.example' }],
    [{ 'x-toychain': '1', origin: 'null', 'sec-fetch-site': 'none' }],
    [{ 'user-agent': 'curl/8.5.0', origin: 'https://evil.example' }],
    [{ 'user-agent': 'Opera/9.80', 'sec-fetch-site': 'cross-site' }],
    [{ 'user-agent': '', 'sec-fetch-site': 'same-site' }],
    [{ 'sec-fetch-site': 'cross-site', 'x-toychain': '1' }],
    [{ 'user-agent': '', origin: 'null', 'x-toychain': '1' }],
    [{ 'x-toychain': '' }],
    [{ 'x-toychain': '0' }],
    [{ 'x-toychain': '1, 1' }],
    [{ referer: `http://${HOST}/docs` }],
  ] as Record<string, string>[][])('is refused with %j', async (headers) => {
    const before = (await api().app.inject('/transactions')).body
    expectProblem(await browse(headers), 403, 'foreign-page')
    expect((await api().app.inject('/transactions')).body).toBe(before)
  })

  it('is refused before its body is read', async () => {
    const answer = await post(api(), 'x', { host: HOST, 'user-agent': BROWSER })
    expectProblem(answer, 403, 'foreign-page')
  })

  it('may read everything', async () => {
    const headers = { host: HOST, 'user-agent': BROWSER, 'sec-fetch-site': 'cross-site' }
    for (const url of ['/', '/chain', '/transactions', '/info', '/docs', '/openapi.json']) {
      expect((await api().app.inject({ url, headers })).statusCode, url).toBe(200)
    }
  })

  it.each(['curl/8.5.0', 'toychain', '', 'python-requests/2.32 Mozilla/'])(
    'is no page where the User-Agent is %j',
    async (agent) => {
      const headers = { host: HOST, 'user-agent': agent }
      expect((await post(api(), paymentBody(), headers)).statusCode).toBe(200)
    },
  )

  it('cannot mine by an image, a link or a form', async () => {
    const headers = { host: HOST, 'user-agent': BROWSER, 'sec-fetch-site': 'cross-site' }
    expectProblem(await api().app.inject({ url: '/mine', headers }), 403, 'foreign-page')
    const old = { host: HOST, 'user-agent': BROWSER, referer: 'http://evil.example/' }
    expectProblem(await api().app.inject({ url: '/mine', headers: old }), 403, 'foreign-page')
    expect(api().miner.started).toEqual([])
  })
})

describe('a script that calls itself Mozilla', () => {
  const api = sharedApi()
  const WINDOWS =
    'Mozilla/5.0 (Windows NT; Windows NT 10.0; de-DE) WindowsPowerShell/5.1.19041.4894'
  const SCRIPTS = [
    WINDOWS,
    'Mozilla/5.0 (Windows NT 10.0; Microsoft Windows 10.0.22631; de-DE) PowerShell/7.4.1',
    'Mozilla/5.0 (Linux; Debian GNU/Linux 12 (bookworm); en-US) PowerShell/7.5.0',
    'Mozilla/5.0 (Macintosh; Darwin 23.4.0; en-US) PowerShell/7.4.2',
    'Mozilla/4.0 (compatible; Win32; WinHttp.WinHttpRequest.5)',
  ]
  const ACCEPT = 'text/html, application/xhtml+xml, image/jxr, */*'

  it.each(SCRIPTS)('is a program: %s', async (agent) => {
    const headers = { host: HOST, 'user-agent': agent }
    expect((await post(api(), paymentBody(), headers)).statusCode).toBe(200)
    const asked = api().app.inject({
      url: '/nodes/resolve',
      headers: { ...headers, accept: ACCEPT },
    })
    expect((await asked).statusCode).toBe(200)
    const greeting = await api().app.inject({ url: '/', headers: { ...headers, accept: ACCEPT } })
    expect(greeting.json()).toHaveProperty('message')
  })

  it.each([
    [{ origin: 'https://evil.example' }],
    [{ referer: 'https://evil.example/' }],
    [{ cookie: 'a=b' }],
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-ch-ua': '"Chromium";v="156"' }],
    [{ 'sec-anything': '' }],
  ] as Record<string, string>[][])('is none with what pages send: %j', async (more) => {
    const headers = { host: HOST, 'user-agent': WINDOWS, ...more }
    expectProblem(await post(api(), paymentBody(), headers), 403, 'foreign-page')
  })

  it.each([
    `${WINDOWS} AppleWebKit/537.36`,
    'Mozilla/5.0 (X11; rv:140.0) Gecko/20100101 Firefox/140.0 PowerShell/7.4.1',
    'Mozilla/5.0 (Windows NT 10.0; Trident/7.0; rv:11.0) WindowsPowerShell/5.1',
    'Mozilla/5.0 NotPowerShell/7',
    'Mozilla/5.0 MyPowerShell/7.4',
    'Mozilla/5.0 PowerShell',
    'Mozilla/5.0 (compatible; WinHttp)',
  ])('is none where it has the engine of a browser, or another name: %s', async (agent) => {
    const headers = { host: HOST, 'user-agent': agent }
    expectProblem(await post(api(), paymentBody(), headers), 403, 'foreign-page')
  })

  it('must call the node by an allowed name all the same', async () => {
    const headers = { host: 'evil.example', 'user-agent': WINDOWS }
    expectProblem(await post(api(), paymentBody(), headers), 403, 'host-not-allowed')
  })
})

describe('prefetching', () => {
  const api = sharedApi()

  it.each([
    [{ 'sec-purpose': 'prefetch' }],
    [{ 'sec-purpose': 'prefetch;prerender' }],
    [{ 'sec-purpose': 'prefetch;anonymous-client-ip' }],
    [{ purpose: 'prefetch' }],
  ] as Record<string, string>[][])('with %j mines nothing, whoever asks', async (purpose) => {
    for (const agent of [BROWSER, 'curl/8.5.0']) {
      const headers = { ...purpose, 'user-agent': agent, 'sec-fetch-site': 'same-origin' }
      const answer = await api().app.inject({ url: '/mine', headers })
      expectProblem(answer, 403, 'prefetch-refused')
    }
    expect(api().miner.started).toEqual([])
  })

  it('of what changes nothing is served', async () => {
    const headers = { 'sec-purpose': 'prefetch' }
    expect((await api().app.inject({ url: '/chain', headers })).statusCode).toBe(200)
  })
})

describe('other origins', () => {
  const api = sharedApi()

  it('get no CORS header from anything, nor from a preflight', async () => {
    const origin = 'https://evil.example'
    const asked = { origin, 'access-control-request-method': 'POST' }
    const answers = [
      await api().app.inject({ url: '/chain', headers: { origin } }),
      await api().app.inject({ url: '/nothing', headers: { origin } }),
      await api().app.inject({ url: '/docs', headers: { origin } }),
      await api().app.inject({ url: '/events', method: 'HEAD', headers: { origin } }),
      await api().app.inject({ url: '/transactions/new', method: 'OPTIONS', headers: asked }),
      await api().app.inject({ url: '/mine', method: 'OPTIONS', headers: asked }),
      await post(api(), paymentBody(), { origin }),
      await mine(api()),
    ]
    for (const { headers, statusCode } of answers) {
      const names = Object.keys(headers).filter((name) => name.startsWith('access-control-'))
      expect({ statusCode, names }).toMatchObject({ names: [] })
    }
  })
})
