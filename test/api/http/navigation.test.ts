/** A browser that is led to a call that changes the node changes nothing, and is shown how to make it. */
import { describe, expect, it } from 'vitest'
import { expectProblem, mine, startApi } from '../../helpers/api.ts'

const CHROMIUM = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36'
const HTML = 'text/html,application/xhtml+xml,*/*;q=0.8'
const PATHS = ['/mine', '/nodes/resolve', '/nodes/resolve?chain=false']

/** What browsers send with a navigation: of old without, and of today with its metadata. */
const NAVIGATIONS: [string, Record<string, string>][] = [
  ['typed', { 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'none', 'sec-fetch-user': '?1' }],
  ['redirected from elsewhere', { 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'none' }],
  ['a link on the page itself', { 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'same-origin' }],
  ['in a frame', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }],
  ['of a browser without metadata', {}],
  ['with the header of programs', { 'sec-fetch-mode': 'navigate', 'x-toychain': '1' }],
]

async function heightOf(api: Awaited<ReturnType<typeof startApi>>): Promise<number> {
  return (await api.app.inject('/info')).json().height
}

describe.each(PATHS)('GET %s', (url) => {
  it.each(NAVIGATIONS)(
    'as a navigation, %s, answers 403 with a page, and changes nothing',
    async (_what, more) => {
      const api = await startApi()
      const headers = { 'user-agent': CHROMIUM, accept: HTML, ...more }
      for (let i = 0; i < 2; i++) {
        const response = await api.app.inject({ url, headers })
        expect(response.statusCode).toBe(403)
        expect(response.headers['content-type']).toBe('text/html; charset=utf-8')
        expect(response.headers['cache-control']).toBe('no-store')
        expect(response.headers['x-frame-options']).toBe('DENY')
        expect(response.headers['content-security-policy']).toContain("frame-ancestors 'none'")
        expect(response.body).toContain('<button type="button">Make the call</button>')
        expect(response.body).toContain(`curl 'http://localhost:80${url}'`)
      }
      expect(api.miner.started).toEqual([])
      expect(await heightOf(api)).toBe(1)
    },
  )
})

describe('the page with the button', () => {
  it('names the token where one is needed, and is Chinese for who reads that', async () => {
    const api = await startApi({ token: 'secret' })
    const headers = { 'user-agent': CHROMIUM, accept: HTML, 'accept-language': 'zh-CN,zh;q=0.9' }
    const { body } = await api.app.inject({ url: '/mine', headers })
    expect(body).toContain('curl -H &quot;authorization: Bearer $TOYCHAIN_TOKEN&quot;')
    expect(body).toContain('<html lang="zh-CN">')
    expect(body).not.toContain('secret')
  })

  it('shows an address as text, whatever is in it', async () => {
    const api = await startApi()
    const url = `/nodes/resolve?x='"<script>alert(1)</script>`
    const headers = { 'user-agent': CHROMIUM, accept: HTML }
    const { body } = await api.app.inject({ url: encodeURI(url).replaceAll("'", '%27'), headers })
    expect(body).not.toContain('<script>alert')
  })
})

describe('what is no navigation', () => {
  it.each([
    ['a program', { 'user-agent': 'curl/8.14', accept: '*/*' }],
    ['a program that takes HTML', { 'user-agent': 'python-requests/2.32', accept: HTML }],
    [
      "the node's own page",
      { 'user-agent': CHROMIUM, 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin' },
    ],
    [
      "a browser's program with the header",
      { 'user-agent': CHROMIUM, accept: '*/*', 'x-toychain': '1' },
    ],
  ])('gets JSON as ever: %s', async (_what, headers) => {
    const api = await startApi()
    const answer = api.app.inject({ url: '/mine', headers })
    await api.miner.until(({ running }) => running !== undefined)
    api.miner.solve()
    expect((await answer).json()).toMatchObject({ message: 'New Block Forged', index: 2 })
  })

  it('may read by navigation what changes nothing', async () => {
    const api = await startApi()
    await mine(api)
    const headers = { 'user-agent': CHROMIUM, accept: HTML, 'sec-fetch-mode': 'navigate' }
    expect((await api.app.inject({ url: '/chain', headers })).json().length).toBe(2)
  })
})

it('refuses a form that is sent from a page, which is a navigation too', async () => {
  const api = await startApi()
  const headers = {
    'user-agent': CHROMIUM,
    'sec-fetch-mode': 'navigate',
    'sec-fetch-site': 'same-origin',
    'content-type': 'application/json',
  }
  const answer = await api.app.inject({
    method: 'POST',
    url: '/mining',
    headers,
    payload: '{"on": true}',
  })
  expectProblem(answer, 403, 'foreign-page')
})
