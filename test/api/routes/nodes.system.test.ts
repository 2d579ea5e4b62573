import { describe, expect, it } from 'vitest'
import { SqliteStore } from '../../../src/adapters/sqlite/sqlite-store.ts'
import { MAX_ADDRESS_CHARS, MAX_NODES } from '../../../src/core/limits.ts'
import { StoreError } from '../../../src/node/store/store.ts'
import { expectProblem, failNextCommit, NOW_MS, sharedApi, startApi } from '../../helpers/api.ts'
import { chainText, EASY } from '../../helpers/chains.ts'
import { temporaryFolder } from '../../helpers/folders.ts'
import { startOurNode } from '../../interop/our-node.ts'
import { added, known, register, registered, remove, sendNodes } from './nodes-api.ts'
import { startTutorialServer } from './tutorial-server.ts'

/** Addresses that are all different; the shortest first. */
function addresses(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, i) => `n${from + i}:1`)
}

describe('POST /nodes/register', () => {
  /** For what is refused: it stays as it is. */
  const shared = sharedApi()

  it('says how many are new, and gives all in order', async () => {
    const api = await startApi()
    const first = await register(api, ['127.0.0.1:5002', '127.0.0.1:5001'])
    expect(first.headers['content-type']).toMatch(/^application\/json/)
    expect(JSON.parse(first.body)).toEqual({
      message: added(2),
      total_nodes: ['127.0.0.1:5001', '127.0.0.1:5002'],
    })
    expect(await registered(api, ['lan-name:80', '127.0.0.1:5001', '10.0.0.7:5000'])).toEqual({
      message: added(2),
      total_nodes: ['10.0.0.7:5000', '127.0.0.1:5001', '127.0.0.1:5002', 'lan-name:80'],
    })
    expect(await registered(api, ['lan-name:80'])).toMatchObject({ message: added(0) })
    expect(await known(api)).toHaveLength(4)
  })

  it.each([
    ['http://127.0.0.1:5001', '127.0.0.1:5001'],
    ['http://127.0.0.1:5001/', '127.0.0.1:5001'],
    ['http://127.0.0.1:5001/chain/', '127.0.0.1:5001'],
    ['HTTP://Node.Example:5001', 'node.example:5001'],
    [' a:1\r\n', 'a:1'],
    ['http://0.0.0.0:5001', 'localhost:5001'],
    ['127.1:5001', '127.0.0.1:5001'],
    ['127.0.0.1:05001', '127.0.0.1:5001'],
    ['[::1]:5000', '[::1]:5000'],
    ['http://[FE80::A]:80/', '[fe80::a]:80'],
    ['node_a:1', 'node_a:1'],
    ['a:65535', 'a:65535'],
    [`${'x'.repeat(MAX_ADDRESS_CHARS - 2)}:1`, `${'x'.repeat(MAX_ADDRESS_CHARS - 2)}:1`],
  ])('keeps host and port of %s', async (text, address) => {
    const api = await startApi()
    expect(await registered(api, [text])).toEqual({ message: added(1), total_nodes: [address] })
  })

  it('says which port is asked where none is named', async () => {
    const api = await startApi()
    expect(await registered(api, ['NODE.example', 'a:1', 'http://[FE80::A]/'])).toEqual({
      message: `${added(3)}; node.example, [fe80::a] without a port: port 80 is asked`,
      total_nodes: ['[fe80::a]', 'a:1', 'node.example'],
    })
  })

  it('counts what one call names twice once', async () => {
    const api = await startApi()
    const nodes = ['a:1', 'A:1', 'http://a:1/', 'http://a:01/chain', 'a:2', 'a:1']
    expect(await registered(api, nodes)).toEqual({
      message: added(2),
      total_nodes: ['a:1', 'a:2'],
    })
  })

  it.each([
    'https://127.0.0.1:5001',
    'ftp://a:1',
    'file:///etc/passwd',
    '//a:1',
    '',
    ' ',
    'a:1/mine',
    'a:1/chain?from=1',
    '6154',
    'http//a:1',
    'a:0',
    'a:65536',
    'a:-1',
    'a:1:2',
    'a:',
    ':5000',
    'user@a:1',
    'http://user:pw@a:1',
    'http://',
    '::1',
    '[::1',
    '[a]:1',
    'a b:1',
    'a:1\r\nHost: evil',
    'a\u0000:1',
    'bücher.example:1',
    '-a:1',
    `${'x'.repeat(MAX_ADDRESS_CHARS - 1)}:1`,
  ])('refuses %j', async (text) => {
    const api = shared()
    const { errors } = expectProblem(await register(api, [text]), 422, 'bad-address')
    expect(errors?.map(({ field }) => field)).toEqual(['nodes.0'])
    expect(await known(api)).toEqual([])
  })

  it('adds all or none, and names each malformed one', async () => {
    const api = await startApi()
    await registered(api, ['a:1'])
    const answer = await register(api, ['b:1', 'https://c:1', 'a:1', 'd:0', 'e:1'])
    const { errors } = expectProblem(answer, 422, 'bad-address')
    expect(errors).toEqual([
      { field: 'nodes.1', detail: expect.stringContaining('https://c:1') },
      { field: 'nodes.3', detail: expect.stringContaining('d:0') },
    ])
    expect(await known(api)).toEqual(['a:1'])
  })

  it.each([
    ['{"nodes": "127.0.0.1:5001"}', ['nodes']],
    ['{"nodes": {"0": "a:1"}}', ['nodes']],
    ['{"nodes": null}', ['nodes']],
    ['{"nodes": []}', ['nodes']],
    ['{"nodes": [1]}', ['nodes.0']],
    ['{"nodes": ["a:1", null, ["b:1"], "c:1", {}]}', ['nodes.1', 'nodes.2', 'nodes.4']],
    ['{}', ['nodes']],
    ['{"nodes": ["a:1"], "node": "b:1"}', ['node']],
    ['["a:1"]', ['(body)']],
    ['"a:1"', ['(body)']],
    ['null', ['(body)']],
  ])('refuses %s and names each wrong field', async (body, fields) => {
    const api = shared()
    const { errors } = expectProblem(await sendNodes(api, body), 422, 'invalid-request')
    expect([...new Set(errors?.map(({ field }) => field))]).toEqual(fields)
    expect(await known(api)).toEqual([])
  })

  it('refuses what is no JSON', async () => {
    const api = await startApi()
    expectProblem(await sendNodes(api, '{"nodes": [a:1]}'), 400, 'json-syntax')
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    expectProblem(await sendNodes(api, 'nodes=a:1', form), 415, 'unsupported-media-type')
  })

  it(`takes ${MAX_NODES} nodes and not one more, of which it says so`, async () => {
    const api = await startApi()
    await registered(api, addresses(MAX_NODES - 2))
    const two = addresses(2, MAX_NODES - 2)
    const refused = await register(api, [...two, 'over:1'])
    expectProblem(refused, 503, 'too-many-nodes')
    expect(await known(api), 'all or none').toHaveLength(MAX_NODES - 2)
    expect(await registered(api, two)).toMatchObject({ message: added(2) })
    expectProblem(await register(api, ['over:1']), 503, 'too-many-nodes')
    expect(await registered(api, two), 'known ones are no more').toMatchObject({
      message: added(0),
    })
    expect((await remove(api, two[0] ?? '')).statusCode).toBe(200)
    expect(await registered(api, ['over:1'])).toMatchObject({ message: added(1) })
  })

  it('asks nobody', async () => {
    const other = await startTutorialServer(chainText([EASY.rules.genesis]))
    const api = await startApi()
    await registered(api, [other.address])
    await api.app.inject('/nodes')
    expect(other.asked).toEqual([])
  })

  it('recognises this node itself, says so and leaves it out', async () => {
    const ownAddresses = ['127.0.0.1:5000', 'localhost:5000', 'node.example']
    const node = await startOurNode({ ownAddresses })
    const body = { nodes: ['http://LOCALHOST:5000/', 'a:1', '127.0.0.1:5000', 'node.example:80'] }
    const answer = JSON.parse(await node.post('/nodes/register', JSON.stringify(body)))
    const self = ['localhost:5000', '127.0.0.1:5000', 'node.example:80']
    expect(answer).toEqual({
      message: expect.stringContaining(added(1)),
      total_nodes: ['a:1'],
      self,
    })
    for (const own of self) expect(answer.message).toContain(own)
    expect(answer.message).toContain('itself')
    const alone = JSON.stringify({ nodes: ['127.0.0.1:5000'] })
    const again = JSON.parse(await node.post('/nodes/register', alone))
    expect(again).toMatchObject({ total_nodes: ['a:1'], self: ['127.0.0.1:5000'] })
    expect(again.message).toContain(added(0))
  })

  it('survives a restart', async () => {
    const folder = temporaryFolder()
    const first = await startApi({ store: SqliteStore.open(folder, EASY) })
    await registered(first, ['b:1', 'a:1', '[::1]:5000'])
    await remove(first, 'b:1')
    await first.close()
    const second = await startApi({ store: SqliteStore.open(folder, EASY) })
    expect(await known(second)).toEqual(['[::1]:5000', 'a:1'])
    expect(await registered(second, ['a:1', 'b:1'])).toMatchObject({ message: added(1) })
  })

  it('keeps nothing if it cannot be written, and works again then', async () => {
    const api = await startApi({ store: SqliteStore.open(temporaryFolder(), EASY) })
    failNextCommit(api.store, new StoreError('store-failed', 'disk'))
    expectProblem(await register(api, ['a:1']), 503, 'store-failed')
    expect(await known(api)).toEqual([])
    expect(await registered(api, ['a:1'])).toMatchObject({ total_nodes: ['a:1'] })
  })
})

describe('GET /nodes', () => {
  it('has nothing to say of nodes that were not asked', async () => {
    const api = await startApi()
    expect((await api.app.inject('/nodes')).json()).toEqual({ nodes: [], length: 0 })
    await registered(api, ['b:1', 'a:1'])
    const unheard = { verdict: null, length: null, tip: null, asked: null, answered: null }
    expect((await api.app.inject('/nodes')).json()).toEqual({
      nodes: ['a:1', 'b:1'].map((node) => ({ node, ...unheard, faults: 0 })),
      length: 2,
    })
  })

  it('tells what was last heard of each, and counts faults', async () => {
    const { genesis } = EASY.rules
    const good = await startTutorialServer(chainText([genesis]))
    const bad = await startTutorialServer('{"chain": [7], "length": 1}')
    const api = await startApi()
    // Nobody listens there: ports below 1024 are the system's.
    await registered(api, [good.address, bad.address, '127.0.0.1:1'])
    for (let i = 0; i < 2; i++) await api.app.inject('/nodes/resolve')
    const { nodes } = (await api.app.inject('/nodes')).json()
    const now = NOW_MS / 1_000
    const byNode = new Map(nodes.map((entry: { node: string }) => [entry.node, entry]))
    expect(byNode.get(good.address)).toEqual({
      node: good.address,
      verdict: 'same',
      length: 1,
      tip: genesis.header.hash,
      asked: now,
      answered: now,
      faults: 0,
    })
    expect(byNode.get(bad.address)).toMatchObject({
      verdict: 'invalid',
      rule: 'bad-block-type',
      block: 1,
      answered: now,
      faults: 2,
    })
    expect(byNode.get('127.0.0.1:1')).toMatchObject({
      verdict: 'unreachable',
      reason: 'connection-failed',
      asked: now,
      answered: null,
      faults: 0,
    })
  })
})
