import { describe, expect, it } from 'vitest'
import type { AskInput } from '../../../src/node/pull/asking.ts'
import { branch, EASY } from '../../helpers/chains.ts'
import { give, honest, saying, silent } from './peer-scripts.ts'
import { Network, OWN_ID, unreachable } from './scripted-peers.ts'
import { verdictOf, verdicts } from './verdict-texts.ts'

const { genesis } = EASY.rules
const CHAIN = [genesis, ...branch(genesis, 8)]
const slow = (count: number) => honest(CHAIN.slice(0, count), { afterMs: 100 })

describe('calls to resolve', () => {
  it('that come together share one run and its answer', () => {
    const network = new Network({ 'peer:1': slow(5) })
    const first = network.request({ type: 'resolve' })
    network.runFor(150)
    const second = network.request({ type: 'resolve' })
    network.run()
    expect(network.asks).toHaveLength(1)
    expect(network.replies.map(({ id }) => id)).toEqual([first, second])
    expect(network.replyOf(first)?.reply).toEqual(network.replyOf(second)?.reply)
  })

  it('that come one after another ask each time', () => {
    const network = new Network({ 'peer:1': slow(5) })
    expect(verdicts(network.resolve().report)).toEqual({ 'peer:1': 'adopted' })
    expect(verdicts(network.resolve().report)).toEqual({ 'peer:1': 'same' })
    expect(network.asks).toHaveLength(2)
  })

  it('are not answered to who has left, and are answered to the others', () => {
    const network = new Network({ 'peer:1': slow(5) })
    const first = network.request({ type: 'resolve' })
    const second = network.request({ type: 'resolve' })
    network.step({ type: 'abandoned', id: first })
    network.run()
    expect(network.replies.map(({ id }) => id)).toEqual([second])
  })

  it('go on when everybody has left: what is heard is not lost', () => {
    const network = new Network({ 'peer:1': slow(5) })
    network.step({ type: 'abandoned', id: network.request({ type: 'resolve' }) })
    network.run()
    expect(network.replies).toEqual([])
    expect(network.chain.length).toBe(5)
  })

  it('that join a run ask the nodes that were registered since it began', () => {
    const network = new Network({ 'b:1': slow(5) }, {}, { 'a:1': slow(7) })
    const first = network.request({ type: 'resolve' })
    network.runFor(150)
    network.request({ type: 'register-nodes', nodes: ['a:1'] })
    expect(network.paths('a:1')).toEqual([])
    const second = network.request({ type: 'resolve' })
    expect(network.paths('a:1')).toHaveLength(1)
    network.run()
    expect(network.paths()).toHaveLength(2)
    const { reply } = network.replyOf(second) ?? {}
    expect(reply?.type === 'resolved' && verdicts(reply.report)).toEqual({
      'a:1': 'adopted',
      'b:1': 'shorter',
    })
    // The first call waits for those whom it asked, and hears of no others.
    const { reply: earlier } = network.replyOf(first) ?? {}
    expect(earlier?.type === 'resolved' && earlier.report.map(({ address }) => address)).toEqual([
      'b:1',
    ])
  })

  it('ask a node that was registered after the last one began', () => {
    const network = new Network({ 'a:1': slow(5) }, {}, { 'b:1': slow(7) })
    network.request({ type: 'resolve' })
    network.runFor(150)
    network.request({ type: 'register-nodes', nodes: ['b:1'] })
    expect(verdicts(network.resolve().report)).toMatchObject({ 'b:1': 'adopted' })
  })
})

describe('a node that is removed while it is asked', () => {
  it('is hung up on, and the others go on', () => {
    const network = new Network({ 'a:1': slow(5), 'b:1': silent })
    const id = network.request({ type: 'resolve' })
    network.runFor(150)
    network.request({ type: 'remove-node', node: 'b:1' })
    expect(network.asks[1]?.stoppedMs).toBe(network.nowMs)
    network.run()
    const { reply, atMs } = network.replyOf(id) ?? {}
    expect(reply).toMatchObject({ type: 'resolved', replaced: true })
    expect(reply?.type === 'resolved' && reply.report.map(verdictOf)).toEqual([
      'adopted',
      'unreachable connection-failed',
    ])
    expect(atMs).toBe(network.asks[0]?.endedMs)
  })

  it('is hung up on, however its address is written', () => {
    const network = new Network({ 'b:1': silent })
    network.request({ type: 'resolve' })
    network.request({ type: 'remove-node', node: 'http://B:1/' })
    expect(network.chain.nodes).toEqual([])
    expect(network.asks[0]?.stoppedMs).toBe(network.nowMs)
  })

  it('answers the call when it was the last to be waited for', () => {
    const network = new Network({ 'b:1': silent })
    const id = network.request({ type: 'resolve' })
    network.request({ type: 'remove-node', node: 'b:1' })
    expect(network.replyOf(id)?.reply).toMatchObject({ replaced: false })
    network.run()
    expect(network.node.wakeAtMs).toBeUndefined()
  })

  it('is unknown when it is registered again', () => {
    const network = new Network({ 'b:1': unreachable() })
    network.resolve()
    network.request({ type: 'remove-node', node: 'b:1' })
    network.request({ type: 'register-nodes', nodes: ['b:1'] })
    const id = network.request({ type: 'list-nodes' })
    expect(network.replyOf(id)?.reply).toEqual({
      type: 'nodes',
      records: [
        { address: 'b:1', askedMs: undefined, answeredMs: undefined, last: undefined, faults: 0 },
      ],
    })
  })

  it('changes nothing where it is not known', () => {
    const network = new Network({ 'b:1': silent })
    network.request({ type: 'resolve' })
    const id = network.request({ type: 'remove-node', node: 'c:1' })
    expect(network.replyOf(id)?.reply).toEqual({ type: 'removed', wasKnown: false, nodes: ['b:1'] })
    expect(network.asks[0]?.stoppedMs).toBeUndefined()
  })
})

describe('a node that asks itself', () => {
  it('notices by the id in the headers, before it reads anything', () => {
    const network = new Network({
      'me:1': honest(CHAIN, { nodeId: OWN_ID }),
      'other:1': honest(CHAIN.slice(0, 3), { nodeId: 'f'.repeat(32) }),
    })
    expect(verdicts(network.resolve().report)).toEqual({ 'me:1': 'self', 'other:1': 'adopted' })
    expect(network.asks[0]).toMatchObject({ bytes: 0, stoppedMs: expect.any(Number) })
    expect(network.chain.length).toBe(3)
  })

  it('is told of its own addresses when it registers them, and keeps the others', () => {
    const network = new Network({}, { ownAddresses: ['127.0.0.1:5000', 'me.example'] })
    const id = network.request({
      type: 'register-nodes',
      nodes: ['http://127.0.0.1:5000/', 'a:1', 'ME.example:80', 'b', 'a:1', '127.0.0.1'],
    })
    expect(network.replyOf(id)?.reply).toEqual({
      type: 'registered',
      added: ['a:1', 'b', '127.0.0.1'],
      own: ['127.0.0.1:5000', 'me.example:80'],
      nodes: ['127.0.0.1', 'a:1', 'b'],
    })
  })

  it('registers all nodes of a call or none', () => {
    const network = new Network({}, { ownAddresses: ['me:1'] })
    const id = network.request({ type: 'register-nodes', nodes: ['a:1', 'b c', 'me:1', 'd:0'] })
    expect(network.replyOf(id)?.reply).toMatchObject({
      type: 'refused',
      error: { code: 'bad-address', data: { got: ['b c', 'd:0'], at: ['1', '3'] } },
    })
    expect(network.chain.nodes).toEqual([])
  })
})

describe('the list of nodes', () => {
  it('tells of each what was last heard, and when', () => {
    const network = new Network({
      'a:1': honest(CHAIN.slice(0, 3)),
      'b:1': unreachable(),
      'c:1': unreachable('bad-status'),
      'd:1': saying('<html>'),
    })
    const before = network.nowMs
    network.resolve()
    const id = network.request({ type: 'list-nodes' })
    const { reply } = network.replyOf(id) ?? {}
    if (reply?.type !== 'nodes') throw new Error('nodes')
    const [a, b, c, d] = reply.records
    const tip = CHAIN[2]?.header.hash
    expect(a).toMatchObject({ faults: 0, last: { length: 3, tip, verdict: 'adopted' } })
    expect(a?.askedMs).toBeGreaterThan(before)
    expect(a?.answeredMs).toBe(a?.askedMs)
    expect(b).toMatchObject({ faults: 0, answeredMs: undefined, last: { verdict: 'unreachable' } })
    expect(c).toMatchObject({ faults: 1, answeredMs: c?.askedMs, last: { verdict: 'misbehaved' } })
    expect(d).toMatchObject({ faults: 1, answeredMs: d?.askedMs, last: { verdict: 'misbehaved' } })
  })

  it('does not mind answers that come after the node was given up', () => {
    const network = new Network({ 'a:1': silent })
    network.request({ type: 'resolve' })
    network.runFor(20_000)
    const late: AskInput[] = [
      { type: 'connected', ask: 1 },
      { type: 'began', ask: 1, nodeId: undefined },
      { type: 'heard', ask: 1, blocks: ['x'], sizeBytes: 1 },
      { type: 'ended', ask: 1, answer: { type: 'blocks', length: 1 } },
      { type: 'ask-failed', ask: 1, fault: { code: 'bad-http', detail: '' } },
    ]
    for (const input of late) expect(network.node.step(input, network.nowMs)).toEqual([])
  })
})

describe('nodes that resolve by themselves', () => {
  it('take, of two chains of equal work, the lower hash, and so agree without anybody mining', () => {
    for (const depth of [1, 3, 6]) {
      const fork = CHAIN[8 - depth] ?? genesis
      const [a, b] = [CHAIN, [...CHAIN.slice(0, 9 - depth), ...branch(fork, depth, 9)]]
      const ends = [a, b].map((ours) => {
        const theirs = ours === a ? b : a
        const network = new Network({ 'peer:1': honest(theirs) }, { resolveEveryMs: 1_000 })
        give(network.chain, ours)
        network.runFor(3_500)
        expect(network.wastedTicks).toBe(0)
        return network.chain.tip.hash
      })
      const hashes = [a, b].map((blocks) => blocks.at(-1)?.header.hash ?? '').sort()
      expect(ends).toEqual([hashes[0], hashes[0]])
    }
  })

  it('keep their own where somebody calls for it', () => {
    const b = [...CHAIN.slice(0, 8), ...branch(CHAIN[7] ?? genesis, 1, 9)]
    for (const [ours, theirs] of [
      [CHAIN, b],
      [b, CHAIN],
    ]) {
      const network = new Network({ 'peer:1': honest(theirs ?? []) })
      give(network.chain, ours ?? [])
      expect(verdicts(network.resolve().report)).toEqual({ 'peer:1': 'tie' })
      expect(network.chain.tip.hash).toBe(ours?.at(-1)?.header.hash)
    }
  })
})
