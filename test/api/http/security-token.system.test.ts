import { describe, expect, it } from 'vitest'
import { StoreError } from '../../../src/node/store/store.ts'
import {
  expectProblem,
  failNextCommit,
  listen,
  paymentBody,
  post,
  sharedApi,
  startApi,
} from '../../helpers/api.ts'
import { exchange, request } from '../raw-http.ts'
import { EventReader } from '../routes/event-reader.ts'

const TOKEN = 'correct-horse-battery-staple'

describe('a node with a token', () => {
  const api = sharedApi({ token: TOKEN })

  it.each([`Bearer ${TOKEN}`, `bearer ${TOKEN}`, `BEARER ${TOKEN}`])(
    'is changed with the right one (%#)',
    async (authorization) => {
      expect((await post(api(), paymentBody(), { authorization })).statusCode).toBe(200)
    },
  )

  it.each([
    ['nothing', undefined],
    ['an empty one', 'Bearer '],
    ['the scheme alone', 'Bearer'],
    ['one of the same length', `Bearer ${TOKEN.replace('c', 'k')}`],
    ['a shorter one', `Bearer ${TOKEN.slice(0, -1)}`],
    ['a longer one', `Bearer ${TOKEN}x`],
    ['another case', `Bearer ${TOKEN.toUpperCase()}`],
    ['a space too many', `Bearer  ${TOKEN}`],
    ['no scheme', TOKEN],
    ['another scheme', `Basic ${TOKEN}`],
    ['Basic with it as password', `Basic ${Buffer.from(`:${TOKEN}`).toString('base64')}`],
    ['two of them', `Bearer ${TOKEN}, Bearer ${TOKEN}`],
  ])('is not changed with %s', async (_what, authorization) => {
    const before = (await api().app.inject('/transactions')).body
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization }
    const posted = await post(api(), paymentBody(), headers)
    expectProblem(posted, 401, 'token-required')
    expect(posted.headers['www-authenticate']).toMatch(/^Bearer/)
    expectProblem(await api().app.inject({ url: '/mine', headers }), 401, 'token-required')
    expect((await api().app.inject('/transactions')).body).toBe(before)
    expect(api().miner.started).toEqual([])
  })

  it('does not take it from the address', async () => {
    const answer = await api().app.inject(`/mine?token=${TOKEN}&access_token=${TOKEN}`)
    expectProblem(answer, 401, 'token-required')
  })

  it('is read without it', async () => {
    for (const url of ['/', '/chain', '/transactions', '/tips', '/info', '/health', '/metrics']) {
      expect((await api().app.inject(url)).statusCode, url).toBe(200)
    }
  })

  it('still refuses foreign pages and prefetching that know it', async () => {
    const authorization = `Bearer ${TOKEN}`
    const foreign = { authorization, 'user-agent': 'Mozilla/5.0', 'sec-fetch-site': 'cross-site' }
    expectProblem(await post(api(), paymentBody(), foreign), 403, 'foreign-page')
    const early = { authorization, 'sec-purpose': 'prefetch' }
    expectProblem(await post(api(), paymentBody(), early), 403, 'prefetch-refused')
  })
})

describe('guessing a token', () => {
  it('meets the rate limit', async () => {
    const api = await startApi({ token: 'secret', requestsPerMinute: 3, limitLoopback: true })
    const statuses: number[] = []
    for (let i = 0; i < 5; i++) {
      const headers = { authorization: `Bearer ${i}` }
      statuses.push((await api.app.inject({ url: '/mine', headers })).statusCode)
    }
    expect(statuses).toEqual([401, 401, 401, 429, 429])
  })
})

describe('the log', () => {
  it('has every request and failure, and no token, at its most talkative', async () => {
    const api = await startApi({ token: TOKEN, logLevel: 'trace' })
    const base = await listen(api)
    const authorization = `Bearer ${TOKEN}`
    await post(api, paymentBody(), { authorization })
    await post(api, '{', { authorization })
    await post(api, paymentBody(), { authorization: `Bearer x${TOKEN}` })
    failNextCommit(api.store, new StoreError('store-failed', 'disk'))
    await post(api, paymentBody(), { authorization })
    await api.app.inject({ url: '/nothing', headers: { authorization } })
    await api.app.inject({ url: '/blocks/%zz', headers: { authorization } })
    const held = request(
      'GET /chain HTTP/1.1',
      `Authorization: ${authorization}`,
      'Content-Length: x',
    )
    await exchange(base, held)
    const reader = await EventReader.greeted(base)
    reader.hangUp()
    await api.close()
    expect(api.log.length).toBeGreaterThan(6)
    expect(api.log.filter((line) => line.includes(TOKEN))).toEqual([])
  })
})

describe('headers of every answer', () => {
  const api = sharedApi()
  const FIXED = {
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
  }

  it.each([
    '/',
    '/chain',
    '/transactions',
    '/blocks/1',
    '/blocks/x',
    '/blocks/%zz',
    `/blocks/${'1'.repeat(300)}`,
    '/tips',
    '/info',
    '/health',
    '/metrics',
    '/docs',
    '/docs/static/swagger-ui-bundle.js',
    '/redoc',
    '/redoc/page.js',
    '/openapi.json',
    '/nothing',
  ])('%s: a policy, no sniffing, no framing, nothing that breaks plain http', async (url) => {
    const { headers } = await api().app.inject(url)
    expect(headers).toMatchObject(FIXED)
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('upgrade-insecure-requests')
    expect(policy).not.toMatch(/unsafe-(inline|eval)/)
    expect(policy, 'nothing from elsewhere').not.toMatch(/https?:|\*/)
    expect(headers).not.toHaveProperty('strict-transport-security')
    expect(headers).not.toHaveProperty('server')
    expect(headers).not.toHaveProperty('x-powered-by')
  })

  it('refusals and the event stream have them too', async () => {
    const refused = await post(api(), paymentBody(), { 'user-agent': 'Mozilla/5.0' })
    expect(refused.headers).toMatchObject(FIXED)
    const foreign = await api().app.inject({ url: '/', headers: { host: 'evil.example' } })
    expect(foreign.headers).toMatchObject(FIXED)
    const { response } = await EventReader.open(await listen(api()))
    expect(Object.fromEntries(response.headers)).toMatchObject(FIXED)
  })
})
