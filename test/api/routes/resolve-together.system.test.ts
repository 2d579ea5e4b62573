import { describe, expect, it } from 'vitest'
import { MinerPool } from '../../../src/adapters/mining/miner-pool.ts'
import { SqliteStore } from '../../../src/adapters/sqlite/sqlite-store.ts'
import { MemoryStore } from '../../../src/node/store/memory-store.ts'
import { type Store, StoreError } from '../../../src/node/store/store.ts'
import { addBlocks, expectProblem, listen, mine, pay, startApi } from '../../helpers/api.ts'
import { blockAfter, branch, EASY, payment } from '../../helpers/chains.ts'
import { temporaryFolder } from '../../helpers/folders.ts'
import { Counter } from '../counter.ts'
import { openSocket, request } from '../raw-http.ts'
import { EventReader } from './event-reader.ts'
import {
  AUTHORITATIVE,
  REPLACED,
  registered,
  resolve,
  startHeld,
  startOther,
  watchRequests,
} from './nodes-api.ts'

const { genesis } = EASY.rules
const THEIRS = branch(genesis, 3, 7)
const TIP = THEIRS.at(-1)?.header

describe('calls to resolve that come together', () => {
  it('share one run: each node is asked once, and all hear the same', async () => {
    const other = await startHeld()
    await addBlocks(other, THEIRS)
    const api = await startApi()
    await registered(api, [other.address])
    const arrived = new Counter()
    watchRequests(api.live, 'resolve', () => arrived.add())
    const calls = ['', '?chain=true', '?chain=false', ''].map((query) => resolve(api, query))
    await arrived.until(4)
    await other.asked.until(1)
    other.release()
    const answers = await Promise.all(calls)
    expect(other.asked.count).toBe(1)
    const expected = { message: REPLACED, length: 4, report: answers[0]?.report }
    for (const answer of answers) expect(answer).toMatchObject(expected)
    expect(await resolve(api)).toMatchObject({ message: AUTHORITATIVE })
    expect(other.asked.count).toBe(2)
  })
})

describe('a caller that hangs up', () => {
  it('leaves no trace: the log is quiet, and the next call is answered', async () => {
    const other = await startHeld()
    await addBlocks(other, THEIRS)
    const api = await startApi()
    await registered(api, [other.address])
    const hungUp = Promise.withResolvers<void>()
    watchRequests(api.live, 'resolve', ({ abandoned }) => {
      abandoned.then(hungUp.resolve)
    })
    const socket = await openSocket(await listen(api))
    socket.write(request('GET /nodes/resolve HTTP/1.1', 'Host: localhost'))
    await other.asked.until(1)
    socket.destroy()
    await hungUp.promise
    const next = resolve(api)
    other.release()
    expect((await next).length).toBe(4)
    expect(await resolve(api)).toMatchObject({ message: AUTHORITATIVE, length: 4 })
    const levels = api.log.map((line): number => JSON.parse(line).level)
    expect(Math.max(...levels), 'nothing above info').toBeLessThanOrEqual(30)
  })

  it('leaves the run to those who still wait', async () => {
    const other = await startHeld()
    await addBlocks(other, THEIRS)
    const api = await startApi()
    await registered(api, [other.address])
    const arrived = new Counter()
    const hungUp = Promise.withResolvers<void>()
    watchRequests(api.live, 'resolve', ({ abandoned }) => {
      arrived.add()
      abandoned.then(hungUp.resolve)
    })
    const socket = await openSocket(await listen(api))
    socket.write(request('GET /nodes/resolve HTTP/1.1', 'Host: localhost'))
    await arrived.until(1)
    const second = resolve(api)
    await arrived.until(2)
    socket.destroy()
    await hungUp.promise
    other.release()
    expect(await second).toMatchObject({ message: REPLACED, length: 4 })
    expect(other.asked.count).toBe(1)
  })
})

describe('mining that is under way', () => {
  it('is aimed at the adopted tip, and ends in a valid block after it', async () => {
    const other = await startOther()
    await addBlocks(other, THEIRS)
    const api = await startApi()
    await pay(api, { amount: '2.50' })
    await registered(api, [other.address])
    const mined = api.app.inject('/mine')
    await api.miner.until(({ running }) => running === 1)
    expect(await resolve(api)).toMatchObject({ message: REPLACED })
    expect(api.miner.cancelled).toEqual([1])
    expect(TIP && EASY.rules.puzzle(TIP)).toEqual(api.miner.started[1]?.puzzle)
    api.miner.solve()
    const block = (await mined).json()
    expect(block).toMatchObject({ index: 5, previous_hash: TIP?.hash })
    expect(block.transactions).toMatchObject([{ amount: 2.5 }, { sender: '0' }])
  })

  it('goes on where the chain stays', async () => {
    const other = await startOther()
    const api = await startApi()
    await mine(api)
    await registered(api, [other.address])
    const mined = api.app.inject('/mine')
    await api.miner.until(({ running }) => running === 2)
    expect(await resolve(api)).toMatchObject({ message: AUTHORITATIVE })
    expect(api.miner.cancelled).toEqual([])
    api.miner.solve()
    expect((await mined).json()).toMatchObject({ index: 3 })
  })

  it('with real threads makes one chain of both', async () => {
    const createMiner = (callbacks: ConstructorParameters<typeof MinerPool>[0]) => {
      return new MinerPool(callbacks)
    }
    const [one, two] = [await startOther({ createMiner }), await startOther({ createMiner })]
    await registered(one, [two.address])
    await registered(two, [one.address])
    for (let round = 0; round < 5; round++) {
      await Promise.all([one, two].map(({ app }) => app.inject('/mine')))
      await Promise.all([one.app.inject('/mine'), resolve(two), resolve(one)])
    }
    await one.app.inject('/mine')
    await one.app.inject('/mine')
    await resolve(two)
    await resolve(one)
    expect((await two.app.inject('/chain')).body).toBe((await one.app.inject('/chain')).body)
  })
})

describe('the event stream', () => {
  it('tells of the reorganisation, then of the blocks that joined', async () => {
    const other = await startOther()
    await addBlocks(other, THEIRS)
    const api = await startApi()
    const { hash } = JSON.parse((await mine(api)).body)
    await registered(api, [other.address])
    const reader = await EventReader.greeted(await listen(api))
    await resolve(api)
    await pay(api)
    const heard = await reader.take(5)
    const kinds = ['reorg', 'block', 'block', 'block', 'transaction']
    expect(heard.map(({ event }) => event)).toEqual(kinds)
    expect(heard[0]?.data).toEqual({
      from: { index: 2, hash },
      to: { index: 4, hash: TIP?.hash },
      fork: { index: 1, hash: genesis.header.hash },
      disconnected: 1,
      connected: 3,
      lost: 0,
    })
    const hashes = heard.slice(1, 4).map(({ data }) => data.hash)
    expect(hashes).toEqual(THEIRS.map(({ header }) => header.hash))
  })

  it('tells of blocks alone where ours are the first of theirs', async () => {
    const other = await startOther()
    await addBlocks(other, THEIRS)
    const api = await startApi()
    await addBlocks(api, THEIRS.slice(0, 1))
    await registered(api, [other.address])
    const reader = await EventReader.greeted(await listen(api))
    await resolve(api)
    await pay(api)
    const events = (await reader.take(3)).map(({ event }) => event)
    expect(events).toEqual(['block', 'block', 'transaction'])
  })
})

/** Makes one of the next commits of a store fail, the first being 1; `end` tells whether it did. */
function failCommit(store: Store, which: number): { end: () => boolean } {
  const commit = store.commit.bind(store)
  let count = 0
  store.commit = () => {
    if (++count !== which) return commit()
    throw new StoreError('store-failed', 'disk')
  }
  const end = () => {
    store.commit = commit
    return count >= which
  }
  return { end }
}

const STORES: [string, () => Store][] = [
  ['memory', () => new MemoryStore()],
  ['SQLite', () => SqliteStore.open(temporaryFolder(), EASY)],
]

describe.each(STORES)('a commit that fails while we resolve, over %s', (_name, openStore) => {
  it('gives 503, whichever it is; the next call works, and no payment is lost', async () => {
    const first = blockAfter(genesis, { transactions: [payment('Ada', 'Bob', '3.0')] })
    const other = await startOther()
    await addBlocks(other, [first, ...branch(first, 2)])
    for (let which = 1, failed = true; failed; which++) {
      const api = await startApi({ store: openStore() })
      await pay(api, { sender: 'Ada', recipient: 'Bob', amount: '3.0' })
      await pay(api, { amount: '5.0' })
      await mine(api)
      await registered(api, [other.address])
      const failure = failCommit(api.store, which)
      const answer = await api.app.inject('/nodes/resolve')
      failed = failure.end()
      if (failed) {
        expectProblem(answer, 503, 'store-failed')
        expect(answer.headers['retry-after']).toBe('1')
      }
      expect((await resolve(api)).length, `commit ${which}`).toBe(4)
      expect((await api.app.inject('/chain')).body).toBe((await other.app.inject('/chain')).body)
      const { transactions } = (await api.app.inject('/transactions')).json()
      expect(transactions).toEqual([{ sender: 'Lea', recipient: 'Mark', amount: 5 }])
      expect((await mine(api)).statusCode).toBe(200)
      expect(which, 'a run has few commits').toBeLessThan(30)
    }
  })
})
