/** What is said of the mistakes that people make most: what it is, and what to do. */
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { BlockChain } from '../../../src/node/chain/blockchain.ts'
import { expectProblem, paymentBody, post, sharedApi } from '../../helpers/api.ts'
import { startServer } from '../../helpers/servers.ts'
import { resolveWith, startOurNode } from '../../interop/our-node.ts'

describe('a body', () => {
  const api = sharedApi()
  const saidOf = async (body: string | Buffer, status: number, code: string, more = {}) => {
    const answer = await api().app.inject({
      method: 'POST',
      url: '/transactions/new',
      headers: { 'content-type': 'application/json', ...more },
      payload: body,
    })
    return expectProblem(answer, status, code).detail
  }

  it('that was encoded twice is told apart from other texts', async () => {
    const twice = JSON.stringify(paymentBody())
    expect(await saidOf(twice, 422, 'invalid-request')).toContain('it was encoded twice')
    expect(await saidOf('"hello"', 422, 'invalid-request')).toBe('(body): must be object')
  })

  it.each(['1e400', '-1e400'])(
    'with the amount %s is told how large a number may be',
    async (amount) => {
      const body = `{"sender": "a", "recipient": "b", "amount": ${amount}}`
      expect(await saidOf(body, 422, 'invalid-request')).toContain('1.8e308')
    },
  )

  it.each(['NaN', 'Infinity', '-Infinity'])(
    'with %s is told that JSON has none',
    async (amount) => {
      const body = `{"sender": "a", "recipient": "b", "amount": ${amount}}`
      expect(await saidOf(body, 400, 'json-syntax')).toContain('JSON has none for NaN and Infinity')
    },
  )

  it.each(['gzip', 'deflate', 'br'])(
    'that is compressed with %s is refused as such',
    async (encoding) => {
      const more = { 'content-encoding': encoding }
      const said = await saidOf(gzipSync(paymentBody()), 415, 'unsupported-media-type', more)
      expect(said).toContain(`content-encoding: ${encoding}`)
      expect(
        (await post(api(), paymentBody(), { 'content-encoding': 'identity' })).statusCode,
      ).toBe(200)
    },
  )

  it('of another type is told how to say the right one, whatever is used', async () => {
    const more = { 'content-type': 'text/plain' }
    const said = await saidOf('sender=a', 415, 'unsupported-media-type', more)
    for (const way of ['curl', 'json=payload', '-ContentType', 'fetch']) expect(said).toContain(way)
  })
})

describe('a query', () => {
  const api = sharedApi()

  it.each([
    '/info',
    '/health',
    '/tips',
    '/nodes',
    '/network',
    '/transactions',
    '/payments?party=a',
    '/blocks/1',
    '/mining',
  ])('of %s with a parameter that is not known is refused, and the field named', async (url) => {
    const answer = await api().app.inject(`${url}${url.includes('?') ? '&' : '?'}nonsense=1`)
    const { errors } = expectProblem(answer, 422, 'invalid-request')
    expect(errors?.map(({ field }) => field)).toEqual(['nonsense'])
  })

  it.each(['/chain?nonsense=1', '/chain?from=1&_=123', '/?utm=1'])(
    '%s is answered',
    async (url) => {
      expect((await api().app.inject(url)).statusCode).toBe(200)
    },
  )
})

describe('another node', () => {
  const answering = async (chain: string) => {
    const port = await startServer((_request, response) => {
      response.setHeader('content-type', 'application/json')
      response.end(chain)
    })
    const { report } = await resolveWith(await startOurNode(), [{ address: `127.0.0.1:${port}` }])
    return report[0]
  }
  const genesis = (index: number, timestamp = '1.5') =>
    `{"index": ${index}, "timestamp": ${timestamp}, "transactions": [], "proof": 100, "previous_hash": "1"}`

  it('that counts from 0 is invalid, and named as such', async () => {
    const said = await answering(`{"chain": [${genesis(0)}], "length": 1}`)
    expect(said).toMatchObject({ verdict: 'invalid', rule: 'bad-index', block: 1 })
    expect(said?.detail).toMatch(/expected: .*1.*got: 0/)
  })

  it('that sends NaN is told that JSON has none', async () => {
    for (const chain of [
      `{"chain": [${genesis(1, 'NaN')}], "length": 1}`,
      `{"chain": [${genesis(1)}], "length": NaN}`,
    ]) {
      const said = await answering(chain)
      expect(said).toMatchObject({ verdict: 'misbehaved', reason: 'not-a-chain' })
      expect(said?.detail).toContain('JSON has none for NaN and Infinity')
    }
  })

  it('that goes by another name is reported with what it said, and what to do', async () => {
    const port = await startServer((_request, response) => {
      const body = '{"code": "host-not-allowed", "detail": "<script>"}'
      response.writeHead(403, {
        'content-type': 'application/problem+json',
        'content-length': body.length,
      })
      response.end(body)
    })
    const address = `127.0.0.1:${port}`
    const { report } = await resolveWith(await startOurNode(), [{ address }])
    expect(report[0]?.detail).toContain('got 403 (host-not-allowed: ')
    expect(report[0]?.detail).toContain('--allowed-host 127.0.0.1')
    expect(report[0]?.detail).not.toContain('script')
  })
})

describe('the class', () => {
  it('refuses an option that it does not know, and says where a difficulty belongs', () => {
    const given = (options: object) => () => new BlockChain(options)
    expect(given({ difficulty: 3 })).toThrow('withDifficulty(CLASSIC, 3)')
    expect(given({ chain: 'classic' })).toThrow('unknown option "chain" (known: spec, store')
  })
})
