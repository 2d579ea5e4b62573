import { describe, expect, it } from 'vitest'
import { parseJson } from '../../../src/core/json/json.ts'
import { MAX_POOL_BYTES, MAX_WAITING_REQUESTS } from '../../../src/core/limits.ts'
import { StoreError } from '../../../src/node/store/store.ts'
import {
  type Api,
  addBlocks,
  amountsIn,
  expectProblem,
  failNextCommit,
  mine,
  pay,
  paymentBody,
  post,
  startApi,
} from '../../helpers/api.ts'
import { blockAfter, branch, EASY, payment } from '../../helpers/chains.ts'

/** About 12.3 kB as the ASCII text that counts: some 80 of them fill a block. */
const LONG_NAME = 'é'.repeat(1_024)

function payLong(api: Api, amount: number): Promise<number> {
  return pay(api, { sender: LONG_NAME, recipient: LONG_NAME, amount: String(amount) })
}

/** Which block holds each amount; a miner's reward pays "1" and is left out. */
async function placesOf(api: Api): Promise<Map<string, number>> {
  const { height } = (await api.app.inject('/info')).json()
  const places = new Map<string, number>()
  for (let index = 2; index <= height; index++) {
    const amounts = amountsIn((await api.app.inject(`/blocks/${index}`)).body)
    for (const amount of amounts.slice(0, -1)) places.set(amount, index)
  }
  return places
}

describe('the index that a POST answers is the block that holds the transaction', () => {
  it('when more waits than one block takes, and blocks come in between', async () => {
    const api = await startApi()
    const promised = new Map<string, number>()
    const payMany = async (from: number, count: number) => {
      for (let i = from; i < from + count; i++) promised.set(`${i}`, await payLong(api, i))
    }
    await payMany(1_000, 90)
    await mine(api)
    await payMany(2_000, 90)
    await mine(api)
    await mine(api)
    await mine(api)
    expect(new Set(promised.values()), 'three blocks were needed').toEqual(new Set([2, 3, 4]))
    expect(await placesOf(api)).toEqual(promised)
  })

  it('when it is short and would fit beside long ones', async () => {
    const api = await startApi()
    const promised = new Map<string, number>()
    for (let i = 0; i < 81; i++) promised.set(`${500 + i}`, await payLong(api, 500 + i))
    for (let i = 0; i < 20; i++)
      promised.set(`${700 + i}`, await pay(api, { amount: `${700 + i}` }))
    await mine(api)
    await mine(api)
    expect(await placesOf(api)).toEqual(promised)
  })

  it('when it is posted while a proof is searched for: it gets into that block', async () => {
    const api = await startApi()
    const mining = api.app.inject('/mine')
    await api.miner.until(({ running }) => running !== undefined)
    expect(await pay(api, { amount: '10.0' })).toBe(2)
    expect(api.miner.started, 'the search goes on').toHaveLength(1)
    api.miner.solve()
    expect(amountsIn((await mining).body)).toEqual(['10.0', '1'])
  })

  it('when a block came from elsewhere meanwhile', async () => {
    const api = await startApi()
    const mining = api.app.inject('/mine')
    await api.miner.until(({ running }) => running !== undefined)
    await addBlocks(api, branch(EASY.rules.genesis, 2))
    expect(await pay(api)).toBe(4)
    api.miner.solve()
    expect((await mining).json()).toMatchObject({ index: 4 })
  })
})

describe('a reorganisation', () => {
  it('brings the payments of abandoned blocks back, rewards excepted, before those that waited', async () => {
    const api = await startApi()
    await pay(api, { amount: '5.0' })
    await pay(api, { amount: '5.0' })
    await mine(api)
    await pay(api, { amount: '6' })
    await addBlocks(api, branch(EASY.rules.genesis, 2, 7))
    const waiting = await api.app.inject('/transactions')
    expect(amountsIn(waiting.body)).toEqual(['5.0', '5.0', '6'])
    expect(await pay(api, { amount: '7' })).toBe(4)
  })

  it('returns only one of two equal payments when the new branch holds one', async () => {
    const api = await startApi()
    await pay(api, { amount: '5.0' })
    await pay(api, { amount: '5.0' })
    await mine(api)
    const transactions = [payment('Lea', 'Mark', '5.0')]
    const rival = blockAfter(EASY.rules.genesis, { transactions, salt: 3 })
    await addBlocks(api, [rival, blockAfter(rival)])
    expect(amountsIn((await api.app.inject('/transactions')).body)).toEqual(['5.0'])
  })
})

describe('the bound on waiting requests', () => {
  it('refuses one more with 503 and Retry-After, and keeps those that came before', async () => {
    const transaction = parseJson(paymentBody({ amount: '2' }))
    let waiting: Promise<unknown>[] = []
    const api = await startApi({
      prepare: (app) => {
        // Everything up to the route runs in one turn of the event loop, whose end answers them.
        app.addHook('preHandler', async () => {
          if (waiting.length > 0) return
          const ask = () => api.live.request({ type: 'submit-transaction', transaction })
          waiting = Array.from({ length: MAX_WAITING_REQUESTS }, ask)
        })
      },
    })
    const refused = await post(api, paymentBody())
    expectProblem(refused, 503, 'node-busy')
    expect(refused.headers['retry-after']).toBe('1')
    await Promise.all(waiting)
    expect((await post(api, paymentBody())).statusCode).toBe(200)
    const { length } = (await api.app.inject('/transactions')).json()
    expect(length).toBe(MAX_WAITING_REQUESTS + 1)
  })
})

describe('the bound on current transactions', () => {
  it('refuses what no longer fits with 503 and Retry-After, and takes it after a block', async () => {
    const api = await startApi()
    const long = parseJson(paymentBody({ sender: LONG_NAME, recipient: LONG_NAME }))
    const { text } = EASY.rules.decodeTransaction(long)
    const fitting = Math.floor(MAX_POOL_BYTES / text.length)
    const requests = Array.from({ length: fitting }, () =>
      api.live.request({ type: 'submit-transaction', transaction: long }),
    )
    await Promise.all(requests)
    const body = paymentBody({ sender: LONG_NAME, recipient: LONG_NAME })
    const refused = await post(api, body)
    expectProblem(refused, 503, 'mempool-full')
    expect(refused.headers['retry-after']).toBe('1')
    await mine(api)
    expect((await post(api, body)).statusCode).toBe(200)
  })

  it('holds where a commit failed: the promise of the next POST is true', async () => {
    const api = await startApi()
    await pay(api)
    failNextCommit(api.store, new StoreError('store-failed', 'no'))
    expectProblem(await post(api, paymentBody({ amount: '2' })), 503, 'store-failed')
    expect(await pay(api, { amount: '3' })).toBe(2)
    expect(amountsIn((await mine(api)).body)).toEqual(['10', '3', '1'])
  })
})
