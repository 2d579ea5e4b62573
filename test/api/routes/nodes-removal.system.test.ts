import { describe, expect, it } from 'vitest'
import { StoreError } from '../../../src/node/store/store.ts'
import { expectProblem, failNextCommit, sharedApi, startApi } from '../../helpers/api.ts'
import { chainText, EASY } from '../../helpers/chains.ts'
import { known, registered, remove, resolve, startOther, watchRequests } from './nodes-api.ts'
import { startTutorialServer } from './tutorial-server.ts'

describe('DELETE /nodes/{address}', () => {
  /** For what is refused: it stays as it is. */
  const shared = sharedApi({}, async (api) => void (await registered(api, ['a:1'])))

  it('forgets a node and says who is left', async () => {
    const api = await startApi()
    await registered(api, ['b:1', 'a:1', 'c:1'])
    const answer = await remove(api, 'b:1')
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toMatch(/^application\/json/)
    expect(JSON.parse(answer.body)).toEqual({
      message: 'b:1 has been removed',
      total_nodes: ['a:1', 'c:1'],
    })
    expect(await known(api)).toEqual(['a:1', 'c:1'])
  })

  it.each([
    ['127.0.0.1:5001', '/nodes/127.0.0.1:5001'],
    ['127.0.0.1:5001', '/nodes/127.0.0.1%3A5001'],
    ['[::1]:5000', '/nodes/%5B%3A%3A1%5D%3A5000'],
    ['[::1]:5000', '/nodes/[::1]:5000'],
    ['[fe80::a]', '/nodes/%5BFE80::A%5D'],
    ['a:1', '/nodes/A:1'],
    ['a:1', '/nodes/http%3A%2F%2Fa%3A1%2Fchain'],
    ['register', '/nodes/register:80'],
    ['resolve', '/nodes/resolve:80'],
  ])('finds %s as %s', async (address, url) => {
    const api = await startApi()
    await registered(api, [address])
    const answer = await api.app.inject({ method: 'DELETE', url })
    expect([answer.statusCode, answer.json().total_nodes]).toEqual([200, []])
    expect(await known(api)).toEqual([])
  })

  it('of a node that is not known is 404', async () => {
    const api = await startApi()
    await registered(api, ['a:1'])
    for (const address of ['a', 'a:2', 'b:1', '[::1]:1', 'x'.repeat(255)]) {
      expectProblem(await remove(api, address), 404, 'node-not-found')
    }
    expect((await remove(api, 'a:1')).statusCode).toBe(200)
    expectProblem(await remove(api, 'a:1'), 404, 'node-not-found')
  })

  it.each(['https://a:1', 'a:0', 'a:99999', 'a b', '::1', 'a:1:2', '%', 'x'.repeat(256), '\u0000'])(
    'of %j, which is no address, is 422',
    async (address) => {
      const api = shared()
      expectProblem(await remove(api, address), 422, 'bad-address')
    },
  )

  it.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'OPTIONS'] as const)(
    'is the only method of such an address: %s gets 405 with Allow',
    async (method) => {
      const api = shared()
      const answer = await api.app.inject({ method, url: '/nodes/a:1' })
      expect(answer.statusCode).toBe(405)
      expect(answer.headers.allow).toBe('DELETE')
      if (method !== 'HEAD') expectProblem(answer, 405, 'method-not-allowed')
      expect(await known(api)).toEqual(['a:1'])
    },
  )

  it.each(['DELETE', 'PUT', 'PATCH', 'OPTIONS'] as const)(
    'does not reach the list itself: %s /nodes gets 405',
    async (method) => {
      const api = shared()
      const answer = await api.app.inject({ method, url: '/nodes' })
      expectProblem(answer, 405, 'method-not-allowed')
      expect(String(answer.headers.allow).split(', ')).toEqual(['GET', 'HEAD'])
      expect(await known(api)).toEqual(['a:1'])
    },
  )

  it('keeps the node if that cannot be written', async () => {
    const api = await startApi()
    await registered(api, ['a:1'])
    failNextCommit(api.store, new StoreError('store-failed', 'disk'))
    expectProblem(await remove(api, 'a:1'), 503, 'store-failed')
    expect(await known(api)).toEqual(['a:1'])
    expect((await remove(api, 'a:1')).statusCode).toBe(200)
  })

  it('forgets what was heard of it as well', async () => {
    const other = await startTutorialServer(chainText([EASY.rules.genesis]))
    const api = await startApi()
    await registered(api, [other.address])
    await resolve(api)
    await remove(api, other.address)
    expect((await resolve(api)).report).toEqual([])
    expect(other.asked).toHaveLength(1)
    await registered(api, [other.address])
    const [entry] = (await api.app.inject('/nodes')).json().nodes
    expect(entry).toMatchObject({ verdict: null, asked: null, answered: null, faults: 0 })
  })

  it('of a node that is being asked ends that, and the call that waits for it', async () => {
    const asked = Promise.withResolvers<void>()
    const other = await startOther({
      prepare: (app) => {
        app.addHook('onRequest', async ({ raw }) => {
          asked.resolve()
          await new Promise((closed) => raw.socket.once('close', closed))
        })
      },
    })
    const api = await startApi()
    await registered(api, [other.address])
    let calls = 0
    watchRequests(api.live, 'resolve', () => calls++)
    const resolved = resolve(api)
    await asked.promise
    expect((await remove(api, other.address)).statusCode).toBe(200)
    const { report } = await resolved
    expect(report).toMatchObject([{ node: other.address, verdict: 'unreachable' }])
    expect(calls).toBe(1)
    expect(await known(api)).toEqual([])
  })
})
