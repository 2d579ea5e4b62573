import { describe, expect, it } from 'vitest'
import { hostCheck } from '../../../src/api/http/hosts.ts'
import { expectProblem, paymentBody, sharedApi } from '../../helpers/api.ts'

/** Every address of the node, its documentation, and what is none. */
const ADDRESSES = [
  'GET /',
  'GET /mine',
  'POST /transactions/new',
  'GET /chain',
  'GET /transactions',
  'GET /blocks/1',
  'GET /tips',
  'GET /info',
  'GET /health',
  'GET /metrics',
  'GET /events',
  'GET /docs',
  'GET /docs/',
  'GET /docs/json',
  'GET /docs/yaml',
  'GET /docs/static/swagger-ui.css',
  'GET /docs/static/swagger-initializer.js',
  'GET /redoc',
  'GET /redoc/page.js',
  'GET /redoc/redoc.standalone.js',
  'GET /openapi.json',
  'GET /nothing',
  'GET /docs/static/nothing',
  'HEAD /chain',
  'HEAD /mine',
  'OPTIONS /mine',
  'POST /chain',
  'GET /blocks/%zz',
  `GET /blocks/${'1'.repeat(300)}`,
]

describe('Host', () => {
  const api = sharedApi({ allowedHosts: ['Node.Example', 'lan-name'] })

  it.each([
    'localhost',
    'localhost:5000',
    'LOCALHOST:5000',
    'localhost.:5000',
    'a.localhost',
    'a.b.localhost:80',
    '127.0.0.1',
    '127.0.0.1:5000',
    '192.168.1.20:5000',
    '0.0.0.0',
    '[::1]',
    '[::1]:5000',
    '[fe80::1]:5000',
    '[::ffff:127.0.0.1]:5000',
    'node.example',
    'NODE.example:5000',
    'lan-name:1',
    'host.docker.internal:5001',
    '127.0.01:5000',
    '127.1',
    '0177.0.0.1',
    '0x7f.0.0.1:5000',
  ])('%s is loopback, an address or allowed by name', async (host) => {
    const answer = await api().app.inject({ url: '/info', headers: { host } })
    expect(answer.statusCode).toBe(200)
  })

  it.each([
    'evil.example',
    'evil.example:5000',
    'localhost.evil.example',
    'evillocalhost',
    'localhost:5000.evil.example',
    '127.0.0.1.evil.example',
    '127.0.0.1.nip.io:5000',
    'a.node.example',
    'node.example.evil.example',
    'xn--localhost-',
    'lan-name.local',
    '2130706433',
    '0x7f000001',
    '127.0.0.256',
    '1.2.3.4.5',
    'vm:5001',
    'docker.internal',
    'a.host.docker.internal',
    '::1',
    '[::1',
    '[evil.example]',
    '[::1].evil.example',
    'localhost@evil.example',
    'evil.example@localhost',
    'localhost/evil.example',
    'evil.example#localhost',
    'localhost, evil.example',
    'localhost:80:80',
    ' ',
    '.',
    '.localhost.evil',
  ])('%j is refused', async (host) => {
    const answer = await api().app.inject({ url: '/info', headers: { host } })
    expectProblem(answer, 403, 'host-not-allowed')
  })

  it.each(ADDRESSES)('%s is refused under a foreign name', async (address) => {
    const [method, url = ''] = address.split(' ')
    const answer = await api().app.inject({
      method: method === 'POST' || method === 'HEAD' || method === 'OPTIONS' ? method : 'GET',
      url,
      headers: { host: 'evil.example', 'content-type': 'application/json', 'x-toychain': '1' },
      ...(method === 'POST' ? { payload: paymentBody() } : {}),
    })
    expect(answer.statusCode).toBe(403)
    if (method !== 'HEAD') expectProblem(answer, 403, 'host-not-allowed')
    expect(api().miner.started).toEqual([])
  })

  it('a foreign name is refused before the body is looked at, and whatever else is right', async () => {
    const headers = { host: 'evil.example', 'content-type': 'application/json' }
    const answer = await api().app.inject({
      method: 'POST',
      url: '/transactions/new',
      headers,
      payload: '{',
    })
    expectProblem(answer, 403, 'host-not-allowed')
    const named = {
      host: 'evil.example',
      'x-forwarded-host': 'localhost',
      forwarded: 'host=localhost',
    }
    const forwarded = await api().app.inject({ url: '/info', headers: named })
    expectProblem(forwarded, 403, 'host-not-allowed')
  })
})

describe('a name that is refused', () => {
  /** A check, by a clock of the test's own, and what it told. */
  function check() {
    const told: string[] = []
    const clock = { nowMs: 0 }
    const options = { allowedHosts: ['known'], onHostRefused: (line: string) => told.push(line) }
    const checked = hostCheck(options, () => clock.nowMs)
    const ask = (host: string) => {
      const raw = { rawHeaders: ['Host', host] }
      expect(() => checked({ raw, originalUrl: '/', headers: { host } })).toThrow()
    }
    return { told, clock, ask }
  }

  it('is told of in the terminal, with what to do where it may be our own', () => {
    const { told, ask } = check()
    ask('vm:5001')
    ask('evil.example:5001')
    expect(told).toEqual([
      'Refused a request for the host "vm". If this is your name for this machine, start the node with --allowed-host vm.',
      'Refused a request for the host "evil.example".',
    ])
  })

  it('is told of once a minute', () => {
    const { told, clock, ask } = check()
    for (let i = 0; i < 100; i++) ask(`vm:${i}`)
    clock.nowMs = 59_999
    ask('VM.')
    expect(told).toHaveLength(1)
    clock.nowMs = 60_000
    ask('vm')
    expect(told).toHaveLength(2)
  })

  it('is one of twenty in a minute, escaped and cut', () => {
    const { told, clock, ask } = check()
    ask(`\u001b[2J\n${'x'.repeat(500)}`)
    for (let i = 0; i < 500; i++) ask(`name${i}`)
    expect(told).toHaveLength(20)
    expect(told[0]).toMatch(/^[ -~]{1,300}$/)
    expect(told[0]).toContain('\\u001b[2j\\u000axxx')
    clock.nowMs = 60_000
    ask('name77')
    expect(told).toHaveLength(21)
  })
})
