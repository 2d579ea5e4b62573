import { describe, expect, it } from 'vitest'
import { NETWORK_SURVEY_MS } from '../../../src/core/limits.ts'
import { branch, EASY } from '../../helpers/chains.ts'
import { FREE, give, honest, longBranch, silent } from './peer-scripts.ts'
import { Network, OWN_ID, START_MS, unreachable } from './scripted-peers.ts'
import { answering, chainOnly, infoText, nodesText, toychain, unheard } from './surveyed-peers.ts'

const { genesis } = EASY.rules
const CHAIN = [genesis, ...branch(genesis, 5)]
const [TIP, ID] = [CHAIN[5]?.header.hash, 'b'.repeat(32)]
const about = { id: ID, blocks: CHAIN }
const heard = { id: ID, chain: 'classic', length: 6, tip: TIP }

describe('a picture of the network', () => {
  it('without registered nodes is empty, at once', () => {
    const network = new Network()
    const id = network.request({ type: 'survey' })
    expect(network.replyOf(id)?.reply).toEqual({ type: 'surveyed', nodes: [] })
    expect(network.node.wakeAtMs).toBeUndefined()
  })

  it('has what each of our nodes says of itself', () => {
    const network = new Network({
      'a:1': toychain(about),
      'b:1': toychain({ ...about, nodes: [] }),
    })
    expect(network.survey().nodes).toEqual([unheard('a:1', heard), unheard('b:1', heard)])
    expect(network.paths('a:1')).toEqual(['/info', '/nodes'])
  })

  it('has the nodes that they know, which are asked about themselves and for no others', () => {
    const network = new Network(
      { 'a:1': toychain({ ...about, nodes: ['b:1', 'far:1', 'dead:1'] }), 'b:1': toychain(about) },
      {},
      { 'far:1': toychain({ ...about, nodes: ['farther:1'] }) },
    )
    expect(network.survey().nodes).toEqual([
      unheard('a:1', { ...heard, nodes: ['b:1', 'far:1', 'dead:1'] }),
      unheard('b:1', heard),
      unheard('far:1', { ...heard, isRegistered: false }),
      unheard('dead:1', {
        isRegistered: false,
        fault: expect.objectContaining({ code: 'connection-failed' }),
      }),
    ])
    expect(network.paths('far:1')).toEqual(['/info'])
    expect(network.paths('farther:1')).toEqual([])
  })

  it('asks a node once that several know', () => {
    const knows = (nodes: string[]) => toychain({ ...about, nodes })
    const network = new Network(
      { 'a:1': knows(['far:1', 'far:1', 'a:1']), 'b:1': knows(['FAR:1', 'http://far:1/']) },
      {},
      { 'far:1': toychain(about) },
    )
    const { nodes } = network.survey()
    expect(nodes.map(({ address }) => address)).toEqual(['a:1', 'b:1', 'far:1'])
    expect(nodes[0]?.nodes).toEqual(['far:1', 'a:1'])
    expect(network.paths('far:1')).toEqual(['/info'])
  })

  it('shows this node by its id, and does not ask it whom it knows', () => {
    const network = new Network(
      {
        'me:1': toychain({ ...about, id: OWN_ID, nodes: ['x:1'] }),
        'a:1': toychain({ ...about, nodes: ['me:2'] }),
      },
      {},
      { 'me:2': toychain({ ...about, id: OWN_ID }) },
    )
    expect(network.survey().nodes).toMatchObject([
      { address: 'a:1', isSelf: false },
      { address: 'me:1', isSelf: true, isRegistered: true },
      { address: 'me:2', isSelf: true, isRegistered: false },
    ])
    expect(network.paths('me:1')).toEqual(['/info'])
  })

  it('has height and tip of a tutorial node by its whole chain', () => {
    for (const pieceChars of [1_000_000, 7]) {
      const network = new Network({ 'a:1': chainOnly(CHAIN, { pieceChars }) })
      expect(network.survey().nodes).toEqual([unheard('a:1', { length: 6, tip: TIP })])
      expect(network.paths()).toEqual(['/info', `/chain?from=${Number.MAX_SAFE_INTEGER}&limit=1`])
    }
  })

  it('has the height that a node without /info states where it sends no blocks', () => {
    const of = (body: string) =>
      new Network({ 'a:1': answering({ '/chain': body }) }).survey().nodes
    expect(of('{"chain": [], "length": 12}')).toEqual([unheard('a:1', { length: 12 })])
    expect(of('[]')).toEqual([unheard('a:1')])
  })

  it('changes nothing: chain, nodes and what is known of them', () => {
    const network = new Network({ 'a:1': toychain({ ...about, nodes: ['x:1'] }), 'b:1': silent })
    network.survey()
    expect(network.chain.length).toBe(1)
    expect(network.chain.nodes).toEqual(['a:1', 'b:1'])
    const { reply } = network.replyOf(network.request({ type: 'list-nodes' })) ?? {}
    expect(reply).toMatchObject({ records: [{ faults: 0 }, { faults: 0, askedMs: undefined }] })
  })
})

describe('the chain spec that a node follows', () => {
  const specOf = (difficulty: number, timestamp = '1767225600.0') =>
    `{"genesis": {"timestamp": ${timestamp}}, "rules": "classic", "name": "classic", "difficulty": ${difficulty}}`
  const said = (chain: string, spec?: string) => {
    const info = `{"id": "${ID}", "chain": "${chain}", "height": 1${spec === undefined ? '' : `, "spec": ${spec}`}}`
    const network = new Network({ 'a:1': answering({ '/info': info, '/nodes': '{"nodes": []}' }) })
    return network.survey().nodes[0]?.chain
  }

  it.each([
    ['classic', specOf(1), 'classic'],
    ['classic', undefined, 'classic'],
    ['classic', specOf(2), 'classic, difficulty 2'],
    ['classic', specOf(1, '0'), 'classic, other parameters'],
    ['classic', '{}', 'classic, other parameters'],
    ['classic', '{"difficulty": 1e400}', 'classic, other parameters'],
    ['toychain-py', specOf(2), 'toychain-py'],
  ])('%s with %s is told apart by all of it: %s', (name, spec, chain) => {
    expect(said(name, spec)).toBe(chain)
  })
})

describe('a node that does not answer', () => {
  it('is in the picture as such, whatever the reason', () => {
    const codes = ['connection-failed', 'forbidden-address', 'bad-http', 'bad-encoding'] as const
    for (const code of codes) {
      const network = new Network({ 'a:1': unreachable(code), 'b:1': toychain(about) })
      expect(network.survey().nodes).toEqual([
        unheard('a:1', { fault: { code, detail: 'as the script says' } }),
        unheard('b:1', heard),
      ])
    }
  })

  it('with neither /info nor /chain is no node', () => {
    const network = new Network({ 'a:1': answering({}) })
    expect(network.survey().nodes).toMatchObject([{ fault: { code: 'bad-status' } }])
    const beyond = `/chain?from=${Number.MAX_SAFE_INTEGER}&limit=1`
    expect(network.paths()).toEqual(['/info', beyond, '/chain'])
  })

  it('but hides its nodes is a node all the same', () => {
    for (const nodes of [unreachable('bad-status'), unreachable(), silent]) {
      const network = new Network({
        'a:1': answering({ '/info': infoText(about), '/nodes': nodes }),
      })
      expect(network.survey().nodes).toEqual([unheard('a:1', heard)])
    }
  })

  it('within the time is too slow, and the others are heard', () => {
    const network = new Network({ 'a:1': silent, 'b:1': toychain(about) })
    const id = network.request({ type: 'survey' })
    expect(network.node.wakeAtMs).toBe(START_MS + NETWORK_SURVEY_MS)
    network.run()
    const { reply, atMs } = network.replyOf(id) ?? {}
    expect(atMs).toBe(START_MS + NETWORK_SURVEY_MS)
    expect(reply).toEqual({
      type: 'surveyed',
      nodes: [
        unheard('a:1', { fault: expect.objectContaining({ code: 'too-slow' }) }),
        unheard('b:1', heard),
      ],
    })
    expect(network.asks.find(({ address }) => address === 'a:1')?.stoppedMs).toBe(atMs)
    expect(network.node.wakeAtMs).toBeUndefined()
    expect(network.wastedTicks).toBe(0)
  })

  it.each([
    ['heard', NETWORK_SURVEY_MS, undefined],
    ['too slow', NETWORK_SURVEY_MS + 1, 'too-slow'],
  ])('is %s after %i ms', (_, endsMs, expected) => {
    const slow = answering({
      '/chain': () => [
        { afterMs: 1_000, type: 'heard', text: '[]' },
        { afterMs: endsMs - 1_001, type: 'ended' },
      ],
    })
    const [node] = new Network({ 'a:1': slow }).survey().nodes
    expect(node?.fault?.code).toBe(expected)
  })

  it('keeps no one from being asked within the time, however slowly it drips', () => {
    const network = new Network({ 'a:1': toychain(about, { afterMs: 900 }) })
    expect(network.survey().nodes).toEqual([unheard('a:1', heard)])
    expect(network.nowMs - START_MS).toBeLessThanOrEqual(NETWORK_SURVEY_MS)
  })
})

describe('a node that has failed to answer', () => {
  it('is not hung up on any more: there is nothing to stop', () => {
    for (const peer of [unreachable(), unreachable('bad-status')]) {
      const network = new Network({ 'a:1': peer })
      network.survey()
      network.resolve()
      expect(network.staleStops).toBe(0)
    }
  })
})

describe('calls for a picture', () => {
  it('that come while one is made share it; later ones ask again', () => {
    const network = new Network({ 'a:1': toychain(about, { afterMs: 100 }) })
    const first = network.request({ type: 'survey' })
    network.runFor(150)
    const second = network.request({ type: 'survey' })
    network.run()
    expect(network.replies.map(({ id }) => id)).toEqual([first, second])
    expect(network.replyOf(first)?.reply).toEqual(network.replyOf(second)?.reply)
    expect(network.asks).toHaveLength(2)
    network.survey()
    expect(network.asks).toHaveLength(4)
  })

  it('are not answered to who has left', () => {
    const network = new Network({ 'a:1': toychain(about, { afterMs: 100 }) })
    const first = network.request({ type: 'survey' })
    const second = network.request({ type: 'survey' })
    network.step({ type: 'abandoned', id: first })
    network.run()
    expect(network.replies.map(({ id }) => id)).toEqual([second])
  })

  it('and calls to resolve do not disturb each other', () => {
    const both = (path: string, ordinal: number) =>
      path.startsWith('/chain') ? honest(CHAIN)(path, ordinal) : toychain(about)(path, ordinal)
    const network = new Network({ 'a:1': both })
    network.request({ type: 'survey' })
    expect(network.resolve().replaced).toBe(true)
    network.run()
    expect(network.replies.map(({ reply }) => reply.type).sort()).toEqual(['resolved', 'surveyed'])
  })

  it('do not count the time in which we are busy ourselves', () => {
    const both = (path: string, ordinal: number) =>
      path.startsWith('/chain')
        ? honest([genesis, ...longBranch(genesis, 700, 2)])(path, ordinal)
        : toychain(about, { afterMs: 500 })(path, ordinal)
    const network = new Network({ 'a:1': both }, { spec: FREE, sliceMs: 3_000 })
    give(network.chain, [genesis, ...longBranch(genesis, 600, 1)])
    network.request({ type: 'resolve' })
    expect(network.survey().nodes).toEqual([unheard('a:1', heard)])
    expect(network.nowMs - START_MS).toBeGreaterThan(NETWORK_SURVEY_MS)
  })

  it('mind nobody who knows nothing: an empty list of nodes', () => {
    const peer = answering({ '/info': infoText(about), '/nodes': nodesText([]) })
    expect(new Network({ 'a:1': peer }).survey().nodes).toEqual([unheard('a:1', heard)])
  })
})
