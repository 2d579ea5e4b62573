import { describe, expect, it } from 'vitest'
import { SqliteStore } from '../../../src/adapters/sqlite/sqlite-store.ts'
import { MemoryStore } from '../../../src/node/store/memory-store.ts'
import type { Store } from '../../../src/node/store/store.ts'
import { StoreError } from '../../../src/node/store/store.ts'
import {
  addBlocks,
  amountsIn,
  expectProblem,
  failNextCommit,
  listen,
  mine,
  pay,
  paymentBody,
  post,
  startApi,
} from '../../helpers/api.ts'
import { blockAfter, EASY } from '../../helpers/chains.ts'
import { temporaryFolder } from '../../helpers/folders.ts'
import { exchange } from '../raw-http.ts'

const STORES: [string, () => Store][] = [
  ['memory', () => new MemoryStore()],
  ['SQLite', () => SqliteStore.open(temporaryFolder(), EASY)],
]

const FAILURE = new StoreError('store-failed', '/home/lea/chain.sqlite: disk I/O error')

describe.each(STORES)('a commit that fails, over %s', (_name, openStore) => {
  it('refuses everybody of its turn, shows nothing, and the next request works', async () => {
    const api = await startApi({ store: openStore() })
    await pay(api, { amount: '1' })
    const base = await listen(api)
    let commits = 0
    const commit = api.store.commit.bind(api.store)
    api.store.commit = () => {
      commits++
      throw FAILURE
    }
    const body = paymentBody({ amount: '2' })
    // In one turn of the event loop, as their heads and bodies are there already.
    const answers = await Promise.all(Array.from({ length: 3 }, () => post(api, body)))
    for (const answer of answers) expectProblem(answer, 503, 'store-failed')
    expect(commits, 'those that came together share one commit').toBe(1)
    const onTheWire = await exchange(
      base,
      `POST /transactions/new HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
    expect(onTheWire).toContain('HTTP/1.1 503 ')
    expect(onTheWire, 'no file name goes out').not.toContain('/home/lea')

    expect(amountsIn((await api.app.inject('/transactions')).body)).toEqual(['1'])
    api.store.commit = commit
    await pay(api, { amount: '3' })
    expect(amountsIn((await api.app.inject('/transactions')).body)).toEqual(['1', '3'])
  })

  it('while a block is found: no block, the payments still wait, and mining works again', async () => {
    const api = await startApi({ store: openStore() })
    await pay(api, { amount: '5.0' })
    const call = api.app.inject('/mine')
    await api.miner.until(({ running }) => running !== undefined)
    failNextCommit(api.store, FAILURE)
    api.miner.solve()
    const refused = await call
    expectProblem(refused, 503, 'store-failed')
    expect(refused.headers['retry-after']).toBe('1')
    expect((await api.app.inject('/info')).json()).toMatchObject({
      height: 1,
      current_transactions: 1,
    })
    expect(amountsIn((await mine(api)).body)).toEqual(['5.0', '1'])
  })

  it('while a proof is searched for: the search ends, and a proof that comes late is nobody’s', async () => {
    const api = await startApi({ store: openStore() })
    const call = api.app.inject('/mine')
    await api.miner.until(({ running }) => running !== undefined)
    failNextCommit(api.store, FAILURE)
    expectProblem(await post(api, paymentBody()), 503, 'store-failed')
    expectProblem(await call, 503, 'store-failed')
    expect(api.miner.running).toBeUndefined()
  })

  it('in a reorganisation leaves the old chain, and the same block can come again', async () => {
    const api = await startApi({ store: openStore() })
    const mined = JSON.parse((await mine(api)).body)
    const first = blockAfter(EASY.rules.genesis, { salt: 5 })
    const second = blockAfter(first)
    await addBlocks(api, [first])
    failNextCommit(api.store, FAILURE)
    await expect(addBlocks(api, [second])).rejects.toBe(FAILURE)
    expect((await api.app.inject('/info')).json().tip.hash).toBe(mined.hash)
    await addBlocks(api, [second])
    expect((await api.app.inject('/info')).json().tip.hash).toBe(second.header.hash)
  })
})

describe('a failing store', () => {
  it('that is full answers 507', async () => {
    const api = await startApi()
    failNextCommit(api.store, new StoreError('store-full', 'the disk is full'))
    expectProblem(await post(api, paymentBody()), 507, 'store-full')
    expect((await post(api, paymentBody())).statusCode).toBe(200)
  })

  it('that is damaged answers 503', async () => {
    const api = await startApi()
    failNextCommit(api.store, new StoreError('store-damaged', 'the file is damaged'))
    expectProblem(await post(api, paymentBody()), 503, 'store-damaged')
  })

  it('that cannot even begin refuses, and works again when it can', async () => {
    const api = await startApi()
    const begin = api.store.begin.bind(api.store)
    api.store.begin = () => {
      throw FAILURE
    }
    expectProblem(await post(api, paymentBody()), 503, 'store-failed')
    expectProblem(await api.app.inject('/mine'), 503, 'store-failed')
    api.store.begin = begin
    expect((await post(api, paymentBody())).statusCode).toBe(200)
  })

  it('is written to the log, with its cause', async () => {
    const api = await startApi()
    failNextCommit(api.store, FAILURE)
    await post(api, paymentBody())
    expect(api.log.some((line) => line.includes('/home/lea/chain.sqlite'))).toBe(true)
  })

  it('does not stop what is only read', async () => {
    const api = await startApi()
    await pay(api)
    api.store.commit = () => {
      throw FAILURE
    }
    expectProblem(await post(api, paymentBody()), 503, 'store-failed')
    for (const url of [
      '/chain',
      '/transactions',
      '/info',
      '/health',
      '/tips',
      '/blocks/1',
      '/payments?party=x',
    ]) {
      expect((await api.app.inject(url)).statusCode, url).toBe(200)
    }
  })
})

describe('a node that is closing', () => {
  it.each(['/mine', '/chain', '/transactions', '/info', '/payments?party=x'])(
    'answers 503 to %s',
    async (url) => {
      const api = await startApi()
      await api.live.close()
      const answer = await api.app.inject(url)
      expectProblem(answer, 503, 'shutting-down')
      expect(answer.headers['retry-after']).toBe('1')
    },
  )

  it('turns away who waits for a block', async () => {
    const api = await startApi()
    const call = api.app.inject('/mine')
    await api.miner.until(({ running }) => running !== undefined)
    await api.live.close()
    expectProblem(await call, 503, 'shutting-down')
  })
})
