import { availableParallelism } from 'node:os'
import { describe, expect, it } from 'vitest'
import { MinerPool } from '../../../src/adapters/mining/miner-pool.ts'
import { NodeClient } from '../../../src/api/client/client.ts'
import { MAX_MINING_THREADS } from '../../../src/core/limits.ts'
import { StoreError } from '../../../src/node/store/store.ts'
import {
  type Api,
  expectProblem,
  failNextCommit,
  listen,
  pay,
  startApi,
} from '../../helpers/api.ts'

function setMining({ app }: Api, body: object) {
  return app.inject({
    method: 'POST',
    url: '/mining',
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify(body),
  })
}

const mining = async ({ app }: Api) => (await app.inject('/mining')).json()
const height = async ({ app }: Api) => (await app.inject('/info')).json().height

/** Finds the proof that is searched for, and waits until the search after it has begun. */
async function nextBlock({ miner }: Api): Promise<void> {
  const { length } = miner.started
  miner.solve()
  await miner.until(({ started }) => started.length > length)
}

describe('GET /mining', () => {
  it('says how a node mines that nobody asked to', async () => {
    const state = { on: false, threads: 1, rate: 0, tried: 0, found: 0 }
    expect(await mining(await startApi())).toEqual(state)
  })

  it('counts the blocks that were asked for one at a time', async () => {
    const api = await startApi()
    const call = api.app.inject('/mine')
    await api.miner.until(({ running }) => running !== undefined)
    api.miner.solve()
    await call
    expect(await mining(api)).toMatchObject({ on: false, found: 1 })
  })
})

describe('POST /mining', () => {
  it('mines one block after another, with what waits in them, until it is switched off', async () => {
    const api = await startApi()
    expect((await setMining(api, { on: true })).json()).toMatchObject({ on: true, found: 0 })
    await api.miner.until(({ running }) => running !== undefined)
    await pay(api)
    await nextBlock(api)
    await nextBlock(api)
    expect(await mining(api)).toMatchObject({ on: true, found: 2 })
    expect(await height(api)).toBe(3)
    expect((await api.app.inject('/transactions')).json().length).toBe(0)
    expect((await setMining(api, { on: false })).json()).toMatchObject({ on: false, found: 2 })
    expect(api.miner.running).toBeUndefined()
  })

  it('changes nothing when it is said twice', async () => {
    const api = await startApi()
    await setMining(api, { on: true })
    await setMining(api, { on: true })
    expect(api.miner.started).toHaveLength(1)
    expect(api.miner.cancelled).toEqual([])
  })

  it('leaves the search to who waits for a block when it is switched off', async () => {
    const api = await startApi()
    await setMining(api, { on: true })
    const call = api.app.inject('/mine')
    await pay(api)
    await setMining(api, { on: false })
    expect(api.miner.running).toBe(1)
    api.miner.solve()
    expect((await call).json()).toMatchObject({ index: 2 })
    expect(api.miner.running).toBeUndefined()
  })

  it('takes a number of threads, at most so many', async () => {
    const api = await startApi()
    const cores = availableParallelism()
    const most = await setMining(api, { on: false, threads: cores })
    expect(most.json()).toMatchObject({ threads: cores })
    for (const threads of [0, cores + 1, MAX_MINING_THREADS + 1, 1.5, '2']) {
      expectProblem(await setMining(api, { on: false, threads }), 422, 'invalid-request')
    }
    const refused = await setMining(api, { on: false, threads: cores + 1 })
    expect(refused.json().errors).toEqual([
      { field: 'threads', detail: `must be <= ${cores}, the cores of this machine` },
    ])
  })

  it.each([{}, { on: 1 }, { on: true, speed: 2 }])('refuses %j', async (body) => {
    const api = await startApi()
    expectProblem(await setMining(api, body), 422, 'invalid-request')
    expect(api.miner.started).toEqual([])
  })

  it('goes on after the store has failed, a while later', async () => {
    const api = await startApi()
    await setMining(api, { on: true })
    failNextCommit(api.store, new StoreError('store-full', 'no room'))
    api.miner.solve()
    await api.miner.until(({ running }) => running === undefined)
    expect(await mining(api)).toMatchObject({ on: true, found: 0 })
    await api.miner.until(({ running }) => running !== undefined)
    await nextBlock(api)
    expect(await height(api)).toBe(2)
  })

  it('stops where no proof can be searched for', async () => {
    const api = await startApi()
    await setMining(api, { on: true })
    api.miner.fail()
    await pay(api)
    expect(await mining(api)).toMatchObject({ on: false })
    expect(api.miner.started).toHaveLength(1)
  })
})

describe('a node with threads', () => {
  it('mines, tells its rate, and stops: as the client sees it', async () => {
    const api = await startApi({ createMiner: (callbacks) => new MinerPool(callbacks) })
    const client = new NodeClient(await listen(api))
    const blocks = new Promise<void>((resolve) => {
      let count = 0
      api.live.subscribe(({ type }) => {
        if (type === 'block' && ++count === 5) resolve()
      })
    })
    expect(await client.setMining({ on: true, threads: 2 })).toMatchObject({ on: true, threads: 2 })
    await blocks
    const { on, found } = await client.setMining({ on: false })
    expect(on).toBe(false)
    expect(found).toBeGreaterThanOrEqual(5)
    const { tried, rate } = await client.mining()
    expect(tried).toBeGreaterThan(0)
    expect(rate).toBe(0)
    expect((await client.info()).height).toBe(found + 1)
  })
})
