import { describe, expect, it } from 'vitest'
import { StoreError } from '../../../src/node/store/store.ts'
import {
  expectProblem,
  mine,
  NODE_ID,
  pay,
  post,
  sharedApi,
  startApi,
  VERSION,
} from '../../helpers/api.ts'
import { blockAfter, EASY } from '../../helpers/chains.ts'

const GENESIS = EASY.rules.genesis.header

describe('GET /', () => {
  const api = sharedApi()

  it('points to both documentations', async () => {
    const answer = await api().app.inject('/')
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toMatch(/^application\/json/)
    expect(answer.json()).toMatchObject({
      docs: '/docs',
      redoc: '/redoc',
      openapi: '/openapi.json',
    })
  })

  it('names only calls that exist', async () => {
    const greeting = (await api().app.inject('/')).json()
    for (const call of greeting.try) {
      const [method, url] = String(call).split(' ')
      expect(
        api().app.hasRoute({ method: method === 'POST' ? 'POST' : 'GET', url: url ?? '' }),
      ).toBe(true)
    }
  })

  it('has a HEAD twin without a body', async () => {
    const answer = await api().app.inject({ method: 'HEAD', url: '/' })
    expect([answer.statusCode, answer.body]).toEqual([200, ''])
  })
})

describe('GET /info', () => {
  it('tells id, spec, height, tip, current transactions and version', async () => {
    const api = await startApi()
    const answer = await api.app.inject('/info')
    expect(answer.json()).toEqual({
      id: NODE_ID,
      chain: 'classic',
      spec: JSON.parse(EASY.text),
      height: 1,
      tip: { index: 1, hash: GENESIS.hash, timestamp: Number(GENESIS.timestamp) },
      current_transactions: 0,
      durable: true,
      version: VERSION,
    })
  })

  it('follows the chain and the current transactions', async () => {
    const api = await startApi()
    const { hash } = JSON.parse((await mine(api)).body)
    await pay(api)
    const info = (await api.app.inject('/info')).json()
    expect(info).toMatchObject({ height: 2, tip: { index: 2, hash }, current_transactions: 1 })
  })

  it('serves the tip with its timestamp as written', async () => {
    const api = await startApi()
    const block = blockAfter(EASY.rules.genesis)
    const text = block.text.replace(/"timestamp": [^,]+/, '"timestamp": 1.80E+9')
    await api.live.request({ type: 'add-block', block: text })
    expect((await api.app.inject('/info')).body).toContain('"timestamp": 1.80E+9')
  })
})

describe('GET /health', () => {
  it('says ok', async () => {
    const api = await startApi()
    const answer = await api.app.inject('/health')
    expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'ok' }])
  })

  it.each([
    ['store-failed', 503],
    ['store-damaged', 503],
    ['store-full', 507],
  ] as const)('says %s, with %i, when the store does', async (code, status) => {
    const api = await startApi()
    const open = api.store.snapshot.bind(api.store)
    api.store.snapshot = () => {
      throw new StoreError(code, '/home/lea/data: it broke')
    }
    const problem = expectProblem(await api.app.inject('/health'), status, code)
    expect(problem.detail, 'no file name goes out').not.toContain('/home/lea')
    api.store.snapshot = open
    expect((await api.app.inject('/health')).statusCode).toBe(200)
  })

  it('says shutting-down when the node has closed', async () => {
    const api = await startApi()
    await api.live.close()
    const answer = await api.app.inject('/health')
    expectProblem(answer, 503, 'shutting-down')
    expect(answer.headers['retry-after']).toBeDefined()
  })
})

describe('GET /metrics', () => {
  it('is Prometheus text: each line a comment or a sample with a number', async () => {
    const api = await startApi()
    const answer = await api.app.inject('/metrics')
    expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/)
    // Readers take numbers as Go's ParseFloat does, which does not mind the case of NaN.
    const label = '[a-zA-Z_]\\w*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"'
    const sample = `[a-zA-Z_:][\\w:]*(?:\\{(?:${label}(?:,${label})*)?\\})? (?:[-+.\\deE]+|[Nn][Aa][Nn]|[+-]?Inf)`
    const line = new RegExp(`^(?:# (?:HELP|TYPE) .*|${sample})?$`)
    expect(answer.body.endsWith('\n')).toBe(true)
    expect(answer.body.split('\n').filter((text) => !line.test(text))).toEqual([])
  })

  it('counts blocks, transactions, what waits, and answers by route and status', async () => {
    const api = await startApi()
    const value = async (name: string) => {
      const { body } = await api.app.inject('/metrics')
      const lines = body.split('\n').filter((text) => text.startsWith(`${name} `))
      return Number(lines[0]?.slice(name.length))
    }
    const chainAnswers = 'toychain_http_seconds_count{route="/chain",method="GET",status="200"}'
    expect(await value('toychain_height')).toBe(1)
    expect(await value('toychain_events_total{type="reorg"}')).toBe(0)
    await pay(api)
    await mine(api)
    await pay(api)
    await post(api, 'x')
    await api.app.inject('/chain')
    await api.app.inject('/chain?from=2')
    await api.app.inject('/nowhere/1')
    await api.app.inject('/nowhere/2')
    expect(await value('toychain_height')).toBe(2)
    expect(await value('toychain_current_transactions')).toBe(1)
    expect(await value('toychain_events_total{type="block"}')).toBe(1)
    expect(await value('toychain_events_total{type="transaction"}')).toBe(2)
    expect(await value(chainAnswers)).toBe(2)
    expect(
      await value(
        'toychain_http_seconds_count{route="/transactions/new",method="POST",status="400"}',
      ),
    ).toBe(1)
    const none = 'toychain_http_seconds_count{route="(none)",method="GET",status="404"}'
    expect(await value(none), 'unknown addresses share one label').toBe(2)
  })
})
