/** The Host header on the wire: one, and a name of ours, or nothing is done. */
import { expect, it } from 'vitest'
import { exchange, request, statusOf } from '../api/raw-http.ts'
import { type Api, listen, startApi } from '../helpers/api.ts'
import { answersIn } from './wire.ts'

const HOST = 'Host: localhost'
const CLOSE = 'Connection: close'

/** A node of the test's own: what it mined is counted. */
async function startListening(): Promise<{ api: Api; base: string }> {
  const api = await startApi()
  return { api, base: await listen(api) }
}

function codeIn(answer: string): string {
  return JSON.parse(answersIn(answer.replace(/^HTTP\/1\.0/, 'HTTP/1.1'))[0]?.body ?? '').code
}

it.each(['GET /chain HTTP/1.1', 'GET /mine HTTP/1.1', 'GET /docs HTTP/1.1', 'GET /none HTTP/1.1'])(
  '%s without a Host is refused as a problem',
  async (line) => {
    const { api, base } = await startListening()
    const answer = await exchange(base, request(line, CLOSE))
    expect(statusOf(answer)).toBe(403)
    expect(codeIn(answer)).toBe('host-not-allowed')
    expect(api.miner.started).toEqual([])
  },
)

it.each([
  'Host:',
  'Host: local host',
  'Host: x@localhost',
  'Host: localhost/x',
  'Host: localhost, evil.example',
])('"%s" is refused as a problem', async (host) => {
  const { api, base } = await startListening()
  const answer = await exchange(base, request('GET /mine HTTP/1.1', host, CLOSE))
  expect(statusOf(answer)).toBe(403)
  expect(codeIn(answer)).toBe('host-not-allowed')
  expect(api.miner.started).toEqual([])
})

it('HTTP/1.0 without a Host is refused, and with one served', async () => {
  const { base } = await startListening()
  const answer = await exchange(base, request('GET /chain HTTP/1.0'))
  expect(statusOf(answer)).toBe(403)
  expect(codeIn(answer)).toBe('host-not-allowed')
  expect(statusOf(await exchange(base, request('GET /chain HTTP/1.0', HOST)))).toBe(200)
})

it.each([
  ['ours first', [HOST, 'Host: evil.example']],
  ['ours last', ['Host: evil.example', HOST]],
  ['ours twice', [HOST, HOST]],
])('two Hosts are refused (%s)', async (_order, hosts) => {
  const { api, base } = await startListening()
  const answer = await exchange(base, request('GET /mine HTTP/1.1', ...hosts, CLOSE))
  expect([400, 403]).toContain(statusOf(answer))
  expect(api.miner.started).toEqual([])
})

it('where the address is a whole URL, a foreign one never reaches a route', async () => {
  const { api, base } = await startListening()
  for (const host of [HOST, 'Host: evil.example']) {
    const bytes = request('GET http://evil.example/mine HTTP/1.1', host, CLOSE)
    expect([403, 404]).toContain(statusOf(await exchange(base, bytes)))
  }
  expect(api.miner.started).toEqual([])
})
