import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { OpenSnapshot } from '../../../src/adapters/live/snapshots.ts'
import { SqliteStore } from '../../../src/adapters/sqlite/sqlite-store.ts'
import { MAX_OPEN_SNAPSHOTS, MAX_STREAM_MS, STREAM_PAGE } from '../../../src/core/limits.ts'
import { MemoryStore } from '../../../src/node/store/memory-store.ts'
import { StoreError } from '../../../src/node/store/store.ts'
import {
  type Api,
  addBlocks,
  expectProblem,
  listen,
  pay,
  startApi,
  watchSnapshots,
} from '../../helpers/api.ts'
import { branch, EASY } from '../../helpers/chains.ts'
import { temporaryFolder } from '../../helpers/folders.ts'
import { openSocket, request } from '../raw-http.ts'

const OLD = [EASY.rules.genesis, ...branch(EASY.rules.genesis, 2 * STREAM_PAGE + 10)]

/** The first two are read at once, the others as they are sent. */
const LAST_PAGE = 3

/** Calls back before each page of blocks that a snapshot reads. */
function beforeEachPage(api: Api, look: (page: number) => void): void {
  watchSnapshots(api.store, (snapshot) => {
    const texts = snapshot.texts.bind(snapshot)
    let page = 0
    snapshot.texts = (from, limit) => {
      look(++page)
      return texts(from, limit)
    }
  })
}

describe.each(['memory', 'SQLite'])('an answer over %s is of one moment', (name) => {
  it('even if the chain is reorganised while it is read', async () => {
    const inMemory = name === 'memory'
    const store = inMemory ? new MemoryStore() : SqliteStore.open(temporaryFolder(), EASY)
    const api = await startApi({ store })
    await addBlocks(api, OLD.slice(1))
    const rival = branch(EASY.rules.genesis, OLD.length, 5)
    let heightAtLastPage: number | undefined
    let reorganised = Promise.resolve()
    beforeEachPage(api, (page) => {
      if (page === 1) reorganised = addBlocks(api, rival)
      if (page === LAST_PAGE) heightAtLastPage = api.store.tip()?.index
    })
    const answer = await api.app.inject('/chain')
    await reorganised
    expect(heightAtLastPage, 'the store had moved on by then').toBe(OLD.length + 1)
    expect(answer.json()).toEqual({
      chain: OLD.map(({ text }) => JSON.parse(text)),
      length: OLD.length,
    })
    expect((await api.app.inject('/chain?limit=1')).json().length).toBe(OLD.length + 1)
  })
})

/** Every snapshot pretends to see a chain without end, so that nothing but its closing ends a stream. */
function pretendEndlessChain(api: Api): { closed: Promise<void> } {
  const { promise: closed, resolve } = Promise.withResolvers<void>()
  watchSnapshots(api.store, (snapshot) => {
    const tip = snapshot.tip()
    const close = snapshot.close.bind(snapshot)
    snapshot.tip = () => (tip === undefined ? undefined : { ...tip, index: 1e12 })
    snapshot.texts = (_from, limit) => Array.from({ length: limit }, () => EASY.rules.genesis.text)
    snapshot.close = () => {
      close()
      resolve()
    }
  })
  return { closed }
}

describe('a stream that is not read to its end', () => {
  it('frees its snapshot when the client hangs up in the middle', async () => {
    const api = await startApi()
    const { closed } = pretendEndlessChain(api)
    const socket = await openSocket(await listen(api))
    socket.write(request('GET /chain HTTP/1.1', 'Host: localhost'))
    await new Promise((resolve) => socket.once('data', resolve))
    socket.destroy()
    await closed
  })

  it('opens no snapshot while another call on its connection is answered', async () => {
    const api = await startApi()
    const waiting = await openSocket(await listen(api))
    let opened = 0
    watchSnapshots(api.store, () => opened++)
    waiting.write(
      request('GET /mine HTTP/1.1', 'Host: localhost') +
        request('GET /chain HTTP/1.1', 'Host: localhost'),
    )
    await api.miner.until(({ running }) => running !== undefined)
    expect(opened).toBe(0)
    const { closed } = pretendEndlessChain(api)
    api.miner.solve()
    await new Promise((resolve) => waiting.once('data', resolve))
    waiting.destroy()
    await closed
  })

  it(`is cut off, and frees its snapshot, after ${MAX_STREAM_MS / 1_000} s`, async () => {
    const api = await startApi()
    const base = await listen(api)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => {
      vi.useRealTimers()
    })
    const { closed } = pretendEndlessChain(api)
    const socket = await openSocket(base)
    const cut = new Promise((resolve) => socket.once('close', resolve))
    socket.write(request('GET /chain HTTP/1.1', 'Host: localhost'))
    await new Promise((resolve) => socket.once('data', resolve))
    vi.advanceTimersByTime(MAX_STREAM_MS)
    await closed
    socket.resume()
    await cut
  })
})

describe('the bound on open streams', () => {
  async function takeAll(api: Api): Promise<OpenSnapshot[]> {
    const taken = Array.from({ length: MAX_OPEN_SNAPSHOTS }, () => api.live.snapshot())
    const snapshots = await Promise.all(taken)
    onTestFinished(() => {
      for (const snapshot of snapshots) snapshot.close()
    })
    return snapshots
  }

  it.each(['/chain', '/transactions', '/tips', '/payments?party=x'])(
    'refuses %s with too-many-streams and Retry-After, and works again after one has ended',
    async (url) => {
      const api = await startApi()
      const [first] = await takeAll(api)
      const refused = await api.app.inject(url)
      expectProblem(refused, 503, 'too-many-streams')
      expect(refused.headers['retry-after']).toBe('1')
      first?.close()
      expect((await api.app.inject(url)).statusCode).toBe(200)
      expect((await api.app.inject(url)).statusCode).toBe(200)
    },
  )

  it('does not stop what is read at once, nor what changes the node', async () => {
    const api = await startApi()
    await takeAll(api)
    await pay(api)
    const urls = ['/health', '/info', '/blocks/1', '/metrics']
    const statuses = await Promise.all(
      urls.map(async (url) => [url, (await api.app.inject(url)).statusCode]),
    )
    expect(statuses).toEqual(urls.map((url) => [url, 200]))
  })

  it.each(['/chain', '/transactions'])('counts no stream of %s that failed', async (url) => {
    const api = await startApi()
    let broken = true
    watchSnapshots(api.store, (snapshot) => {
      if (!broken) return
      const fail = () => {
        throw new StoreError('store-damaged', 'a page is not what was written')
      }
      snapshot.tip = fail
      snapshot.pooled = fail
    })
    for (let i = 0; i <= MAX_OPEN_SNAPSHOTS; i++) {
      expectProblem(await api.app.inject(url), 503, 'store-damaged')
    }
    broken = false
    expect((await api.app.inject(url)).statusCode).toBe(200)
  })

  it('counts no HEAD, and none that was read to its end', async () => {
    const api = await startApi()
    for (let i = 0; i <= MAX_OPEN_SNAPSHOTS; i++) {
      expect((await api.app.inject({ method: 'HEAD', url: '/chain' })).statusCode).toBe(200)
      expect((await api.app.inject('/chain')).statusCode).toBe(200)
    }
  })

  it('answers a failure at the first page as a problem, and cuts off at a later one', async () => {
    const api = await startApi()
    await addBlocks(api, OLD.slice(1))
    let failAt = 1
    beforeEachPage(api, (page) => {
      if (page === failAt) throw new StoreError('store-failed', 'the disk is gone')
    })
    expectProblem(await api.app.inject('/chain'), 503, 'store-failed')
    failAt = LAST_PAGE
    const base = await listen(api)
    await expect(fetch(`${base}/chain`).then((answer) => answer.text())).rejects.toThrow()
  })
})
