import { describe, expect, it } from 'vitest'
import { MinerPool } from '../../../src/adapters/mining/miner-pool.ts'
import {
  MAX_BLOCKS_PER_CALL,
  MAX_PARTY_CHARS,
  MAX_WAITING_MINES,
} from '../../../src/core/limits.ts'
import {
  addBlocks,
  amountsIn,
  expectProblem,
  listen,
  mine,
  NODE_ID,
  NOW_MS,
  pay,
  sharedApi,
  startApi,
} from '../../helpers/api.ts'
import { blockAfter, branch, EASY } from '../../helpers/chains.ts'
import { openSocket, request } from '../raw-http.ts'
import { watchRequests } from './nodes-api.ts'

const { genesis } = EASY.rules

describe('GET /mine', () => {
  it('pays whom it is told to', async () => {
    const api = await startApi()
    const asked = api.app.inject('/mine?recipient=Lea%20%E6%9D%8E')
    await api.miner.until(({ running }) => running !== undefined)
    api.miner.solve()
    const block = (await asked).json()
    expect(block.transactions).toEqual([{ sender: '0', recipient: 'Lea 李', amount: 1 }])
    expect(JSON.parse((await mine(api)).body).transactions[0].recipient).toBe(NODE_ID)
  })

  it('mines several, one after another, and answers with the last and with all', async () => {
    const api = await startApi()
    await pay(api, { sender: 'Lea', recipient: 'Mark', amount: '10.0' })
    const asked = api.app.inject('/mine?blocks=3&recipient=Lea')
    for (let i = 0; i < 3; i++) {
      await api.miner.until(({ running }) => running !== undefined)
      api.miner.solve()
    }
    const { body } = await asked
    const { blocks, ...last } = JSON.parse(body)
    expect(blocks.map(({ index }: { index: number }) => index)).toEqual([2, 3, 4])
    expect(last).toMatchObject({ ...blocks[2], message: 'New Block Forged' })
    expect(body).toContain('"amount": 10.0')
    for (const [i, { hash, transactions }] of blocks.entries()) {
      expect((await api.app.inject(`/blocks/${i + 2}`)).json().hash).toBe(hash)
      expect(transactions.at(-1).recipient).toBe('Lea')
    }
  })

  it('gives one block in turn to each who waits, however many somebody wants', async () => {
    const api = await startApi()
    const many = api.app.inject('/mine?blocks=3')
    await api.miner.until(({ running }) => running !== undefined)
    const one = api.app.inject('/mine')
    // Which the node has by the time that it has answered another.
    await api.app.inject('/nodes')
    for (let i = 0; i < 4; i++) {
      await api.miner.until(({ running }) => running !== undefined)
      api.miner.solve()
    }
    expect((await one).json().index).toBe(3)
    const { blocks } = (await many).json()
    expect(blocks.map(({ index }: { index: number }) => index)).toEqual([2, 4, 5])
  })

  it('ends with its caller; what was mined until then stays', async () => {
    const api = await startApi()
    const base = await listen(api)
    const over = new AbortController()
    const asked = fetch(`${base}/mine?blocks=100`, { signal: over.signal })
    await api.miner.until(({ running }) => running !== undefined)
    api.miner.solve()
    await api.miner.until(({ started }) => started.length === 2)
    over.abort()
    await expect(asked).rejects.toThrow()
    await api.miner.until(({ cancelled }) => cancelled.length === 1)
    expect((await api.app.inject('/info')).json().height).toBe(2)
  })

  it.each([
    ['recipient=', 'recipient'],
    [`recipient=${'x'.repeat(MAX_PARTY_CHARS + 1)}`, 'recipient'],
    ['blocks=0', 'blocks'],
    ['blocks=101', 'blocks'],
    ['blocks=two', 'blocks'],
    ['blocks=', 'blocks'],
    ['to=Lea', 'to'],
    ['Recipient=Lea', 'Recipient'],
  ])('refuses ?%s, and mines nothing', async (query, field) => {
    const api = await startApi()
    const answer = await api.app.inject(`/mine?${query}`)
    const { errors } = expectProblem(answer, 422, 'invalid-request')
    expect(errors?.map((error) => error.field)).toEqual([field])
    expect(api.miner.started).toEqual([])
  })

  it(`takes a recipient of ${MAX_PARTY_CHARS} characters, and ${MAX_BLOCKS_PER_CALL} blocks`, async () => {
    const api = await startApi()
    const recipient = 'x'.repeat(MAX_PARTY_CHARS)
    const asked = api.app.inject(`/mine?recipient=${recipient}&blocks=${MAX_BLOCKS_PER_CALL}`)
    for (let i = 0; i < MAX_BLOCKS_PER_CALL; i++) {
      await api.miner.until(({ running }) => running !== undefined)
      api.miner.solve()
    }
    expect((await asked).json().blocks).toHaveLength(MAX_BLOCKS_PER_CALL)
  })

  it('answers with the new block, whose last transaction pays this node', async () => {
    const api = await startApi()
    await pay(api, { sender: 'Lea', recipient: 'Mark', amount: '10.0' })
    const answer = await mine(api)
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toMatch(/^application\/json/)
    const block = JSON.parse(answer.body)
    expect(block).toEqual({
      message: 'New Block Forged',
      index: 2,
      timestamp: NOW_MS / 1_000,
      transactions: [
        { sender: 'Lea', recipient: 'Mark', amount: 10 },
        { sender: '0', recipient: NODE_ID, amount: 1 },
      ],
      proof: expect.any(Number),
      previous_hash: genesis.header.hash,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      tries: block.proof + 1,
    })
    const stored = (await api.app.inject('/blocks/2')).json()
    expect(stored.hash).toBe(block.hash)
    const next = JSON.parse((await mine(api)).body)
    expect(next.previous_hash).toBe(block.hash)
    expect(amountsIn(JSON.stringify(next))).toEqual(['1'])
  })

  it('mines with a real worker thread: parallel calls get a block each', async () => {
    const api = await startApi({ createMiner: (callbacks) => new MinerPool(callbacks) })
    const answers = await Promise.all([1, 2, 3, 4].map(() => api.app.inject('/mine')))
    const indexes = answers.map((answer) => answer.json().index)
    expect(indexes.sort()).toEqual([2, 3, 4, 5])
    expect((await api.app.inject('/chain')).json().length).toBe(5)
  })
})

describe('parallel calls', () => {
  it('get a block each, in the order in which they came, on one search at a time', async () => {
    const api = await startApi()
    const answers = []
    for (let i = 0; i < 3; i++) answers.push(api.app.inject('/mine'))
    await api.miner.until(({ running }) => running !== undefined)
    for (const index of [2, 3, 4]) {
      await api.miner.until(
        ({ started, running }) => started.length === index - 1 && running !== undefined,
      )
      api.miner.solve()
      const answered = await answers[index - 2]
      expect(answered?.json()).toMatchObject({ index })
    }
    expect(api.miner.started).toHaveLength(3)
    expect(api.miner.running).toBeUndefined()
  })

  it(`wait up to ${MAX_WAITING_MINES}; one more gets 503 with Retry-After and leaves the rest alone`, async () => {
    const api = await startApi()
    const calls = Array.from({ length: MAX_WAITING_MINES }, () => api.app.inject('/mine'))
    await api.miner.until(({ running }) => running !== undefined)
    // A POST behind them shows that all of them have arrived.
    await pay(api)
    const refused = await api.app.inject('/mine')
    expectProblem(refused, 503, 'mining-queue-full')
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    for (const [i, call] of calls.entries()) {
      await api.miner.until(
        ({ started, running }) => started.length === i + 1 && running !== undefined,
      )
      api.miner.solve()
      expect((await call).json()).toMatchObject({ index: i + 2 })
    }
    expect((await mine(api)).statusCode).toBe(200)
  })
})

describe('a client that hangs up', () => {
  it('cancels its search', async () => {
    const api = await startApi()
    const base = await listen(api)
    const gone = new AbortController()
    const call = fetch(`${base}/mine`, { signal: gone.signal })
    await api.miner.until(({ running }) => running === 1)
    gone.abort()
    await expect(call).rejects.toThrow()
    await api.miner.until(({ cancelled }) => cancelled.includes(1))
    expect(api.miner.running).toBeUndefined()
    expect((await api.app.inject('/info')).json().height).toBe(1)
  })

  it('leaves the search to who still waits', async () => {
    const api = await startApi()
    const base = await listen(api)
    const hungUp = Promise.withResolvers<void>()
    watchRequests(api.live, 'mine', ({ abandoned }) => abandoned.then(hungUp.resolve))
    const gone = new AbortController()
    const first = fetch(`${base}/mine`, { signal: gone.signal })
    await api.miner.until(({ running }) => running === 1)
    const second = api.app.inject('/mine')
    await pay(api)
    gone.abort()
    await expect(first).rejects.toThrow()
    await hungUp.promise
    expect(api.miner.running, 'the search goes on for the second').toBe(1)
    api.miner.solve()
    expect((await second).json()).toMatchObject({ index: 2 })
    expect(api.miner.running).toBeUndefined()
  })

  it('behind another call on its connection gives up that one, and its own never begins', async () => {
    const api = await startApi()
    const socket = await openSocket(await listen(api))
    let arrived = 0
    watchRequests(api.live, 'mine', () => arrived++)
    socket.write(request('GET /mine HTTP/1.1', 'Host: localhost').repeat(2))
    await api.miner.until(({ running }) => running !== undefined)
    socket.destroy()
    await api.miner.until(({ running, started }) => running === undefined && started.length > 0)
    expect(arrived).toBe(1)
    // Whoever comes next is first in the queue: nobody waits that is not there.
    expect((await mine(api)).statusCode).toBe(200)
    expect(api.miner.running).toBeUndefined()
    expect((await api.app.inject('/info')).json().height).toBe(2)
  })

  it('before its turn has come mines nothing', async () => {
    const arrival = Promise.withResolvers<void>()
    const handled = Promise.withResolvers<void>()
    const api = await startApi({
      prepare: (app) => {
        app.addHook('preHandler', async (call, reply) => {
          if (call.url !== '/mine') return
          const closed = new Promise((resolve) => reply.raw.once('close', resolve))
          arrival.resolve()
          await closed
          handled.resolve()
        })
      },
    })
    const socket = await openSocket(await listen(api))
    socket.write(request('GET /mine HTTP/1.1', 'Host: localhost'))
    await arrival.promise
    socket.destroy()
    await handled.promise
    await pay(api)
    expect(api.miner.running).toBeUndefined()
  })
})

describe('a block that arrives meanwhile', () => {
  it('restarts the search on the new tip', async () => {
    const api = await startApi()
    const call = api.app.inject('/mine')
    await api.miner.until(({ running }) => running === 1)
    const block = blockAfter(genesis)
    await addBlocks(api, [block])
    await api.miner.until(({ running }) => running === 2)
    expect(api.miner.cancelled).toEqual([1])
    expect(api.miner.started[1]?.puzzle).toEqual(EASY.rules.puzzle(block.header))
    api.miner.solve()
    const mined = (await call).json()
    expect(mined).toMatchObject({ index: 3, previous_hash: block.header.hash })
  })

  it('on a branch that does not win leaves the search alone', async () => {
    const api = await startApi()
    await addBlocks(api, branch(genesis, 2))
    const call = api.app.inject('/mine')
    await api.miner.until(({ running }) => running === 1)
    await addBlocks(api, [blockAfter(genesis, { salt: 9 })])
    expect(api.miner.cancelled).toEqual([])
    api.miner.solve()
    expect((await call).json()).toMatchObject({ index: 4 })
  })
})

describe('what must not mine', () => {
  const api = sharedApi()

  it.each(['HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE', 'PATCH'] as const)(
    '%s /mine: 405 with Allow',
    async (method) => {
      const answer = await api().app.inject({ method, url: '/mine' })
      expect(answer.statusCode).toBe(405)
      expect(answer.headers.allow).toBe('GET')
      expect(api().miner.started).toEqual([])
    },
  )
})

describe('a thread that cannot mine', () => {
  it('gives who waits 503 mining-failed with Retry-After, and is tried again', async () => {
    const api = await startApi()
    await pay(api, { amount: '7.0' })
    const calls = [api.app.inject('/mine'), api.app.inject('/mine')]
    await api.miner.until(({ running }) => running !== undefined)
    await pay(api, { amount: '8.0' })
    api.miner.fail()
    for (const call of calls) {
      const answer = await call
      expectProblem(answer, 503, 'mining-failed')
      expect(answer.headers['retry-after']).toBe('1')
    }
    expect(amountsIn((await mine(api)).body)).toEqual(['7.0', '8.0', '1'])
  })

  it('never begins two searches under one number', async () => {
    const api = await startApi()
    const failed = api.app.inject('/mine')
    await api.miner.until(({ running }) => running !== undefined)
    api.miner.fail()
    expectProblem(await failed, 503, 'mining-failed')
    await mine(api)
    const numbers = api.miner.started.map(({ search }) => search)
    expect(new Set(numbers).size, `searches ${numbers}`).toBe(numbers.length)
  })
})
