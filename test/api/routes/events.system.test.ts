import { describe, expect, it, vi } from 'vitest'
import type { App } from '../../../src/api/http/app-type.ts'
import {
  MAX_EVENT_BATCH_BYTES,
  MAX_EVENT_SUBSCRIBERS,
  MAX_KEPT_EVENTS,
  MAX_PARTY_CHARS,
} from '../../../src/core/limits.ts'
import { StoreError } from '../../../src/node/store/store.ts'
import {
  type Api,
  addBlocks,
  answerOf,
  expectProblem,
  failNextCommit,
  listen,
  mine,
  NODE_ID,
  pay,
  paymentBody,
  post,
  RUN_ID,
  startApi,
} from '../../helpers/api.ts'
import { branch, EASY } from '../../helpers/chains.ts'
import { Counter } from '../counter.ts'
import { openSocket, request } from '../raw-http.ts'
import { EventReader } from './event-reader.ts'

const { genesis } = EASY.rules

async function startListening(): Promise<{ api: Api; base: string }> {
  const api = await startApi()
  return { api, base: await listen(api) }
}

describe('GET /events', () => {
  it('is an event stream that nobody may cache', async () => {
    const { base } = await startListening()
    const { response } = await EventReader.open(base)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
    expect(response.headers.get('cache-control')).toBe('no-cache')
  })

  it('greets with the node and its tip', async () => {
    const { base } = await startListening()
    const reader = await EventReader.open(base)
    const { event, id, data } = await reader.next()
    expect({ event, id }).toEqual({ event: 'hello', id: undefined })
    expect(data).toEqual({ id: NODE_ID, index: 1, hash: genesis.header.hash })
  })

  it('tells of a transaction, with its amount as written and the block that will hold it', async () => {
    const { api, base } = await startListening()
    const reader = await EventReader.greeted(base)
    await pay(api, { amount: '10.0' })
    const { event, id, data, text } = await reader.next()
    expect({ event, id }).toEqual({ event: 'transaction', id: `${RUN_ID}-1` })
    expect(data).toEqual({
      index: 2,
      transaction: { sender: 'Lea', recipient: 'Mark', amount: 10 },
    })
    expect(text).toMatch(/"amount": ?10\.0[,}]/)
  })

  it('tells of a block', async () => {
    const { api, base } = await startListening()
    const reader = await EventReader.greeted(base)
    const { hash, proof, timestamp } = JSON.parse((await mine(api)).body)
    const { event, data } = await reader.next()
    expect(event).toBe('block')
    expect(data).toEqual({
      index: 2,
      hash,
      previous_hash: genesis.header.hash,
      timestamp,
      proof,
    })
  })

  it('tells of a reorganisation, then of the blocks that joined', async () => {
    const { api, base } = await startListening()
    const mined = JSON.parse((await mine(api)).body)
    const reader = await EventReader.greeted(base)
    const rivals = branch(genesis, 2)
    await addBlocks(api, rivals)
    const heard = await reader.take(3)
    const [first, second] = rivals.map(({ header: { index, hash } }) => ({ index, hash }))
    expect(heard.map(({ event }) => event)).toEqual(['reorg', 'block', 'block'])
    expect(heard[0]?.data).toEqual({
      from: { index: 2, hash: mined.hash },
      to: second,
      fork: { index: 1, hash: genesis.header.hash },
      disconnected: 1,
      connected: 2,
      lost: 0,
    })
    expect(heard.slice(1).map(({ data }) => data)).toMatchObject([first, second])
  })

  it('says nothing of a block on a branch that lost', async () => {
    const { api, base } = await startListening()
    await addBlocks(api, branch(genesis, 2))
    const reader = await EventReader.greeted(base)
    await addBlocks(api, branch(genesis, 1, 4))
    await pay(api)
    expect((await reader.next()).event).toBe('transaction')
  })

  it('tells every listener the same, in the order of the commits', async () => {
    const { api, base } = await startListening()
    const readers = [await EventReader.greeted(base), await EventReader.greeted(base)]
    await pay(api)
    await mine(api)
    await pay(api)
    const [one, other] = await Promise.all(readers.map((reader) => reader.take(3)))
    expect(one).toEqual(other)
    expect(one?.map(({ event }) => event)).toEqual(['transaction', 'block', 'transaction'])
  })

  it('tells of nothing before it is committed, and never of what was not', async () => {
    const { api, base } = await startListening()
    const openAtEvent: boolean[] = []
    api.live.subscribe(() => openAtEvent.push(api.store.inTransaction))
    const reader = await EventReader.greeted(base)
    failNextCommit(api.store, new StoreError('store-failed', 'no'))
    expectProblem(await post(api, paymentBody({ amount: '1' })), 503, 'store-failed')
    await pay(api, { amount: '2' })
    const { id, data } = await reader.next()
    expect(id).toBe(`${RUN_ID}-1`)
    expect(data).toMatchObject({ transaction: { amount: 2 } })
    expect(openAtEvent).toEqual([false])
  })

  it('has no HEAD twin', async () => {
    const { api } = await startListening()
    const answer = await api.app.inject({ method: 'HEAD', url: '/events' })
    expect([answer.statusCode, answer.headers.allow]).toEqual([405, 'GET'])
  })
})

describe('a listener that comes back', () => {
  it('with Last-Event-ID hears what it missed, without loss or repetition', async () => {
    const { api, base } = await startListening()
    const before = await EventReader.greeted(base)
    for (let i = 0; i < 5; i++) await pay(api, { amount: String(i) })
    const heard = await before.take(2)
    before.hangUp()
    const after = await EventReader.greeted(base, heard.at(-1)?.id)
    await pay(api, { amount: '5' })
    heard.push(...(await after.take(4)))
    expect(heard.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `${RUN_ID}-${n}`))
    expect(heard.map(({ data }) => data)).toMatchObject(
      [0, 1, 2, 3, 4, 5].map((amount) => ({ transaction: { amount } })),
    )
  })

  it('without one hears only what is new', async () => {
    const { api, base } = await startListening()
    await pay(api)
    const reader = await EventReader.greeted(base)
    await pay(api, { amount: '2' })
    expect((await reader.next()).id).toBe(`${RUN_ID}-2`)
  })

  it('at the newest event hears only what is new', async () => {
    const { api, base } = await startListening()
    await pay(api)
    const reader = await EventReader.greeted(base, `${RUN_ID}-1`)
    await pay(api, { amount: '2' })
    expect((await reader.next()).id).toBe(`${RUN_ID}-2`)
  })

  it.each([
    ['another run', 'run0-1'],
    ['the future', `${RUN_ID}-3`],
    ['a negative number', `${RUN_ID}--1`],
    ['a fraction', `${RUN_ID}-0.5`],
    ['no number', `${RUN_ID}-x`],
    ['an empty number', `${RUN_ID}-`],
    ['more than a number', `${RUN_ID}-1-1`],
    ['nothing of ours', 'abc'],
  ])('with an id of %s hears of a gap alone, then what is new', async (_what, lastId) => {
    const { api, base } = await startListening()
    await pay(api)
    await pay(api)
    const reader = await EventReader.greeted(base, lastId)
    expect(await reader.next()).toMatchObject({ event: 'gap', id: `${RUN_ID}-2` })
    await pay(api, { amount: '3' })
    expect(await reader.next()).toMatchObject({ event: 'transaction', id: `${RUN_ID}-3` })
  })

  it(`hears all ${MAX_KEPT_EVENTS} that are kept; one more late, of a gap alone`, async () => {
    const { api, base } = await startListening()
    const payMany = (count: number) =>
      Promise.all(Array.from({ length: count }, (_, i) => pay(api, { amount: String(i) })))
    await payMany(MAX_KEPT_EVENTS + 1)
    const inTime = await EventReader.greeted(base, `${RUN_ID}-1`)
    const ids = (await inTime.take(MAX_KEPT_EVENTS)).map(({ id }) => id)
    expect(ids).toEqual(Array.from({ length: MAX_KEPT_EVENTS }, (_, i) => `${RUN_ID}-${i + 2}`))
    const late = await EventReader.greeted(base, `${RUN_ID}-0`)
    expect(await late.next()).toMatchObject({
      event: 'gap',
      id: `${RUN_ID}-${MAX_KEPT_EVENTS + 1}`,
    })
    await pay(api)
    expect((await late.next()).id).toBe(`${RUN_ID}-${MAX_KEPT_EVENTS + 2}`)
  })

  it('gets what it missed a batch a turn of the event loop', async () => {
    const { api, base } = await startListening()
    const sender = '\u4e2d'.repeat(MAX_PARTY_CHARS)
    for (let i = 0; i < 40; i++) await pay(api, { sender, amount: String(i) })
    const turns = vi.spyOn(api.live.turns, 'next')
    const reader = await EventReader.greeted(base, `${RUN_ID}-0`)
    const heard = await reader.take(40)
    const bytes = heard.reduce((sum, { text }) => sum + text.length, 0)
    const turnCount = turns.mock.calls.length
    expect(turnCount).toBeGreaterThanOrEqual(bytes / MAX_EVENT_BATCH_BYTES)
    expect(turnCount).toBeLessThan(40)
  })
})

describe('the bound on listeners', () => {
  /** Counts the calls of /events that were handled, and those that are over. */
  async function startCounting() {
    const handled = new Counter()
    const closed = new Counter()
    const prepare = (app: App) => {
      app.addHook('preHandler', async (call, reply) => {
        if (call.url !== '/events') return
        handled.add()
        reply.raw.once('close', () => closed.add())
      })
    }
    const api = await startApi({ prepare })
    return { api, base: await listen(api), handled, closed }
  }

  it(`refuses one more than ${MAX_EVENT_SUBSCRIBERS} with Retry-After, and takes it after one has gone`, async () => {
    const { api, base, closed } = await startCounting()
    const readers = await Promise.all(
      Array.from({ length: MAX_EVENT_SUBSCRIBERS }, () => EventReader.greeted(base)),
    )
    const { response } = await EventReader.open(base)
    const refused = await answerOf(response)
    expectProblem(refused, 503, 'too-many-subscribers')
    expect(refused.headers['retry-after']).toBe('1')
    await pay(api)
    const heard = await Promise.all(readers.map((reader) => reader.next()))
    expect(new Set(heard.map(({ id }) => id))).toEqual(new Set([`${RUN_ID}-1`]))

    readers[0]?.hangUp()
    await closed.until(2)
    await EventReader.greeted(base)
  })

  it('counts no listener that hung up, nor a call that waits behind its stream', async () => {
    const { base, handled, closed } = await startCounting()
    for (let i = 1; i <= MAX_EVENT_SUBSCRIBERS; i++) {
      const socket = await openSocket(base)
      socket.write(request('GET /events HTTP/1.1', 'Host: localhost').repeat(2))
      await handled.until(i)
      socket.destroy()
      await closed.until(i)
    }
    await EventReader.greeted(base)
  })
})

describe('closing the server', () => {
  it('ends the streams', async () => {
    const { api, base } = await startListening()
    const reader = await EventReader.greeted(base)
    await pay(api)
    const ended = reader.untilEnd()
    await api.close()
    expect((await ended).map(({ event }) => event)).toEqual(['transaction'])
  })
})
