import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { MAX_NEIGHBOURS, NETWORK_SURVEY_MS } from '../../../src/core/limits.ts'
import { TOYCHAIN_PY, withDifficulty } from '../../../src/core/spec.ts'
import { StoreError } from '../../../src/node/store/store.ts'
import {
  type Api,
  addBlocks,
  expectProblem,
  failNextCommit,
  listen,
  NODE_ID,
  startApi,
} from '../../helpers/api.ts'
import { branch, chainText, EASY } from '../../helpers/chains.ts'
import { startServer } from '../../helpers/servers.ts'
import { startOurNode } from '../../interop/our-node.ts'
import { Counter } from '../counter.ts'
import { openSocket, request } from '../raw-http.ts'
import { look, registered, startHeld, startOther, watchRequests } from './nodes-api.ts'
import { startTutorialServer } from './tutorial-server.ts'

const { genesis } = EASY.rules
const NOBODY = '127.0.0.1:1'

/** Starts a server that answers each path with a text of its own, and 404 elsewhere. */
async function startTexts(texts: Readonly<Record<string, string>>): Promise<string> {
  const port = await startServer(({ url = '' }, reply) => {
    const text = texts[url.split('?')[0] ?? '']
    reply.writeHead(text === undefined ? 404 : 200, { 'content-type': 'application/json' })
    reply.end(text)
  })
  return `127.0.0.1:${port}`
}

const INFO = JSON.stringify({ id: 'a'.repeat(32), chain: 'classic', height: 1 })

/** What is seen of a node that says nothing of itself. */
const UNKNOWN = { id: null, chain: null, height: null, tip: null, nodes: [] }

describe('GET /network', () => {
  it('of a node that knows nobody shows the node itself', async () => {
    const api = await startApi()
    await addBlocks(api, branch(genesis, 2))
    const { height, tip, chain } = (await api.app.inject('/info')).json()
    expect(await look(api)).toEqual({
      self: { id: NODE_ID, chain, height, tip: tip.hash },
      nodes: [],
    })
  })

  it('shows our nodes and the nodes that those know, and none behind them', async () => {
    const [near, far, behind] = [await startOther(), await startOther(), await startOther()]
    await addBlocks(near, branch(genesis, 1))
    await addBlocks(far, branch(genesis, 2))
    await registered(near, [far.address])
    await registered(far, [behind.address])
    const api = await startApi()
    await registered(api, [near.address])
    const { nodes } = await look(api)
    const tipOf = async ({ app }: Api) => (await app.inject('/info')).json().tip.hash
    expect(nodes).toEqual([
      {
        node: near.address,
        registered: true,
        self: false,
        reachable: true,
        id: near.live.id,
        chain: 'classic',
        height: 2,
        tip: await tipOf(near),
        nodes: [far.address],
      },
      {
        node: far.address,
        registered: false,
        self: false,
        reachable: true,
        id: far.live.id,
        chain: 'classic',
        height: 3,
        tip: await tipOf(far),
        nodes: [],
      },
    ])
  })

  it('recognises this node, by whatever address it is known', async () => {
    const other = await startOther()
    const api = await startApi()
    const own = new URL(await listen(api)).host
    const port = own.split(':')[1]
    await registered(other, [own])
    await registered(api, [other.address, `localhost:${port}`])
    const { nodes } = await look(api)
    const selves = nodes.filter(({ self }) => self).map(({ node, id }) => [node, id])
    expect(selves.toSorted()).toEqual([
      [own, NODE_ID],
      [`localhost:${port}`, NODE_ID],
    ])
    expect(nodes.filter(({ self }) => !self).map(({ node }) => node)).toEqual([other.address])
  })

  it('shows a node once that several know', async () => {
    const [one, two, common] = [await startOther(), await startOther(), await startHeld()]
    common.release()
    await registered(one, [common.address, two.address])
    await registered(two, [common.address, one.address])
    const api = await startApi()
    await registered(api, [one.address, two.address])
    const { nodes } = await look(api)
    const shown = nodes.map(({ node, registered: ours }) => `${node} ${ours}`)
    expect(shown.toSorted()).toEqual(
      [`${one.address} true`, `${two.address} true`, `${common.address} false`].toSorted(),
    )
    expect(common.asked.count, 'asked about itself alone').toBe(1)
  })

  it('reads height and tip of a tutorial node from its chain', async () => {
    const blocks = [genesis, ...branch(genesis, 3)]
    const theirs = await startTutorialServer(chainText(blocks))
    const near = await startOther()
    const behind = await startTutorialServer(chainText([genesis]))
    await registered(near, [behind.address])
    const api = await startApi()
    await registered(api, [theirs.address, near.address])
    const { nodes } = await look(api)
    const found = new Map(nodes.map((seen) => [seen.node, seen]))
    const plain = { self: false, reachable: true, id: null, chain: null, nodes: [] }
    expect(found.get(theirs.address)).toEqual({
      node: theirs.address,
      registered: true,
      ...plain,
      height: 4,
      tip: blocks.at(-1)?.header.hash,
    })
    expect(found.get(behind.address)).toEqual({
      node: behind.address,
      registered: false,
      ...plain,
      height: 1,
      tip: genesis.header.hash,
    })
  })

  it.each([1, 3])(
    'reaches a tutorial node of the other dialect with %i block(s)',
    async (count) => {
      const { rules } = withDifficulty(TOYCHAIN_PY, 1)
      const texts = [rules.genesis, ...branch(rules.genesis, 2)].map(({ text }) => text)
      const part = texts.slice(0, count)
      const theirs = await startTutorialServer(`{"chain": [${part}], "length": ${count}}`)
      const api = await startApi()
      await registered(api, [theirs.address])
      const { nodes } = await look(api)
      expect(nodes).toMatchObject([{ node: theirs.address, reachable: true, height: count }])
    },
  )

  it('says why a node could not be asked', async () => {
    const api = await startApi()
    const page = await startTexts({ '/info': '<html>', '/chain': '<html>' })
    const nothing = await startTexts({})
    await registered(api, [NOBODY, '169.254.169.254', page, nothing])
    const { nodes } = await look(api)
    const found = Object.fromEntries(nodes.map((seen) => [seen.node, seen]))
    const unreached = { registered: true, self: false, reachable: false, ...UNKNOWN }
    const detail = expect.any(String)
    for (const [node, reason] of [
      [NOBODY, 'connection-failed'],
      ['169.254.169.254', 'forbidden-address'],
      [page, 'not-a-chain'],
      [nothing, 'bad-status'],
    ] as const) {
      expect(found[node]).toEqual({ node, ...unreached, reason, detail })
    }
  })

  it.each([
    '{"id": 7, "chain": [], "height": "4", "tip": 9}',
    '{"id": "<script>", "chain": "a b", "height": 1.5, "tip": {"hash": "x"}}',
    '[]',
    'null',
    '{}',
  ])('leaves out what has not the form of it: %s', async (info) => {
    const node = await startTexts({ '/info': info, '/nodes': '{"nodes": "all"}' })
    const api = await startApi()
    await registered(api, [node])
    const { nodes } = await look(api)
    const plain = { registered: true, self: false, reachable: true, ...UNKNOWN }
    expect(nodes).toEqual([{ node, ...plain }])
  })

  it(`takes ${MAX_NEIGHBOURS} addresses of one node at most, and none that is malformed`, async () => {
    const many = Array.from({ length: MAX_NEIGHBOURS - 3 }, (_, i) => `169.254.0.1:${i + 1}`)
    const listed = [
      'https://a:1',
      7,
      { node: 'a b' },
      ...[...many, ...many].map((node) => ({ node })),
    ]
    const node = await startTexts({ '/info': INFO, '/nodes': JSON.stringify({ nodes: listed }) })
    const api = await startApi()
    await registered(api, [node])
    const { nodes } = await look(api)
    expect(nodes[0]?.nodes).toEqual(many)
    expect(nodes).toHaveLength(1 + many.length)
  })

  it('changes nothing that is known of the nodes', async () => {
    const other = await startOther()
    await addBlocks(other, branch(genesis, 2))
    const api = await startApi()
    await registered(api, [other.address, NOBODY])
    const before = (await api.app.inject('/nodes')).body
    await look(api)
    expect((await api.app.inject('/nodes')).body).toBe(before)
    expect((await api.app.inject('/info')).json().height).toBe(1)
  })

  it.each(['HEAD', 'POST', 'DELETE'] as const)('has no %s', async (method) => {
    const api = await startApi()
    const answer = await api.app.inject({ method, url: '/network' })
    expect([answer.statusCode, answer.headers.allow]).toEqual([405, 'GET'])
  })
})

describe('calls that come together', () => {
  it('share one picture, and who hangs up leaves it to the others', async () => {
    const other = await startHeld()
    const api = await startApi()
    await registered(api, [other.address])
    const arrived = new Counter()
    const hungUp = Promise.withResolvers<void>()
    watchRequests(api.live, 'survey', ({ abandoned }) => {
      arrived.add()
      abandoned.then(hungUp.resolve)
    })
    const socket = await openSocket(await listen(api))
    socket.write(request('GET /network HTTP/1.1', 'Host: localhost'))
    const calls = [look(api), look(api)]
    await arrived.until(3)
    await other.asked.until(1)
    socket.destroy()
    await hungUp.promise
    other.release()
    const [one, two] = await Promise.all(calls)
    expect(one).toEqual(two)
    expect(one?.nodes).toMatchObject([{ reachable: true }])
    expect(other.asked.count, '/info and /nodes').toBe(2)
  })
})

describe('a node that does not answer', () => {
  it(`is left out of it after ${NETWORK_SURVEY_MS / 1_000} s, and the others are there`, async () => {
    const silent = await startHeld()
    const other = await startOther()
    let nowMs = 1_800_000_000_000
    const ours = await startOurNode({ nowMs: () => nowMs })
    const body = JSON.stringify({ nodes: [silent.address, other.address] })
    await ours.post('/nodes/register', body)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => {
      vi.useRealTimers()
    })
    const picture = look(ours)
    await silent.asked.until(1)
    nowMs += NETWORK_SURVEY_MS
    vi.advanceTimersByTime(NETWORK_SURVEY_MS)
    const found = new Map((await picture).nodes.map((seen) => [seen.node, seen]))
    expect(found.get(silent.address)).toMatchObject({ reachable: false, reason: 'too-slow' })
    expect(found.has(other.address)).toBe(true)
    silent.release()
  })
})

describe('a store that fails meanwhile', () => {
  it('gives 503, and the next call works', async () => {
    const other = await startOther()
    const api = await startApi()
    await registered(api, [other.address])
    failNextCommit(api.store, new StoreError('store-failed', 'disk'))
    expectProblem(await api.app.inject('/network'), 503, 'store-failed')
    expect((await look(api)).nodes).toMatchObject([{ reachable: true }])
  })
})
