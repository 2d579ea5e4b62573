import { describe, expect, it } from 'vitest'
import type { Block } from '../../../src/core/block.ts'
import { MemoryStore } from '../../../src/node/store/memory-store.ts'
import { StoreError } from '../../../src/node/store/store.ts'
import { blockAfter, branch, chainText, EASY } from '../../helpers/chains.ts'
import {
  FREE,
  give,
  honest,
  limits,
  longBranch,
  questionOf,
  saying,
  silent,
} from './peer-scripts.ts'
import { Network, type Peer, type PeerEvent, START_MS } from './scripted-peers.ts'
import { verdicts } from './verdict-texts.ts'

const { genesis } = EASY.rules
const OURS = [genesis, ...longBranch(genesis, 30, 1)]

/** Valid blocks without end, one every so often; all of one chain, in parts or from the first on. */
function endless({ afterMs, honours }: { afterMs: number; honours: boolean }): Peer {
  const chain: Block[] = [genesis]
  const blockAt = (index: number): Block => {
    for (let last = chain.at(-1); chain.length < index; last = chain.at(-1)) {
      chain.push(blockAfter(last ?? genesis, { salt: 7, spec: FREE }))
    }
    return chain[index - 1] ?? genesis
  }
  return function* (path): Generator<PeerEvent> {
    const { from, limit } = honours ? questionOf(path) : { from: 1, limit: Infinity }
    for (let i = 0; i < limit; i++) {
      const text = `${i === 0 ? '{"chain": [' : ', '}${blockAt(from + i).text}`
      yield { afterMs, type: 'heard', text }
    }
    yield { afterMs, type: 'heard', text: `], "length": ${Number.MAX_SAFE_INTEGER}}` }
    yield { afterMs: 1, type: 'ended' }
  }
}

describe.each([true, false])('a valid chain without end, the query honoured: %s', (honours) => {
  it('is read for no longer than one node may be asked; its blocks are ours, and it did no wrong', () => {
    const peers = { 'endless:1': endless({ afterMs: 500, honours }), 'good:1': honest(OURS) }
    const network = new Network(peers, { spec: FREE })
    give(network.chain, OURS.slice(0, 10))
    const { replaced, report } = network.resolve()
    expect(network.nowMs - START_MS).toBe(60_000)
    expect(verdicts(report)).toMatchObject({ 'endless:1': 'unfinished out-of-time' })
    expect(replaced).toBe(true)
    expect(network.chain.length).toBeGreaterThan(60)
    expect(network.chain.length).toBeLessThan(130)
    const { reply } = network.replyOf(network.request({ type: 'list-nodes' })) ?? {}
    expect(reply).toMatchObject({ records: [{ faults: 0 }, { faults: 0 }] })
  })

  it('is read for no more bytes than one node may send', () => {
    const network = new Network(
      { 'endless:1': endless({ afterMs: 1, honours }) },
      { spec: FREE, syncLimits: limits({ peerBytes: 20_000 }) },
    )
    give(network.chain, OURS)
    expect(verdicts(network.resolve().report)).toEqual({ 'endless:1': 'misbehaved too-large' })
    const bytes = network.asks.reduce((sum, ask) => sum + ask.bytes, 0)
    expect(bytes).toBeGreaterThan(20_000)
    expect(bytes).toBeLessThan(20_500)
    expect(network.chain.tip.hash).toBe(OURS.at(-1)?.header.hash)
    expect(network.store.sideBytes()).toBe(0)
  })
})

describe('a store that fails while a peer is read', () => {
  class FullStore extends MemoryStore {
    isFull = false
    override putBlock(...args: Parameters<MemoryStore['putBlock']>) {
      if (this.isFull) throw new StoreError('store-full', 'no room')
      return super.putBlock(...args)
    }
  }

  it('is our own failure and no fault of the peer', () => {
    const store = new FullStore()
    const network = new Network({ 'peer:1': honest(OURS) }, { spec: FREE, store })
    network.request({ type: 'resolve' })
    store.isFull = true
    expect(() => network.run()).toThrow(StoreError)
    expect(network.replies).toEqual([])
    expect(store.tip()?.hash).toBe(genesis.header.hash)
  })
})

describe('the first element of an answer', () => {
  it.each([
    ['"block"', 'invalid bad-block-type at 1'],
    ['null', 'invalid bad-block-type at 1'],
    ['{}', 'invalid bad-block-keys at 1'],
    ['{"index": "31"}', 'invalid bad-block-keys at 1'],
    ['{"index": 31}', 'invalid bad-block-keys at 31'],
    ['{"index": 30}', 'invalid bad-block-keys at 1'],
  ])('%s is refused: %s', (element, expected) => {
    const network = new Network({ 'evil:1': saying(`[${element}]`) }, { spec: FREE })
    give(network.chain, OURS)
    expect(verdicts(network.resolve().report)).toEqual({ 'evil:1': expected })
  })

  it('twice, of a whole chain, is a second genesis and refused', () => {
    const texts = [...OURS, genesis].map(({ text }) => text)
    const network = new Network({ 'evil:1': saying(`[${texts.join()}]`) }, { spec: FREE })
    give(network.chain, OURS)
    expect(verdicts(network.resolve().report)).toEqual({
      'evil:1': 'invalid bad-index at 32',
    })
  })
})

describe('a tie that a node resolves by itself', () => {
  const fork = OURS[25] ?? genesis
  /** Of three chains as long as ours, those with a lower and a higher hash than ours. */
  const others = [2, 3, 4, 5, 6].map((salt) => [...OURS.slice(0, 26), ...longBranch(fork, 5, salt)])
  const hashOf = (blocks: readonly Block[]) => blocks.at(-1)?.header.hash ?? ''
  const lowest = [...others, OURS].map(hashOf).sort()[0]

  it('comes to the lowest hash of all, though long reading goes by turns', () => {
    const peers = Object.fromEntries(
      others.map((blocks, i) => [`p${i}:1`, honest(blocks, { afterMs: 9 })]),
    )
    const network = new Network(peers, {
      spec: FREE,
      resolveEveryMs: 1_000,
      syncLimits: limits({ fetchers: 1 }),
    })
    give(network.chain, OURS)
    network.runFor(5_000)
    expect(network.chain.tip.hash).toBe(lowest)
    expect(network.wastedTicks).toBe(0)
  })

  it('is one with a tutorial node as well', () => {
    const peers = Object.fromEntries(
      others.map((blocks, i) => [`p${i}:1`, saying(chainText(blocks))]),
    )
    const network = new Network(peers, { spec: FREE, resolveEveryMs: 1_000 })
    give(network.chain, OURS)
    network.runFor(1_500)
    expect(network.chain.tip.hash).toBe(lowest)
  })
})

describe('many bad nodes', () => {
  it('keep no good one from being heard, whatever each of them does', () => {
    const peers: Record<string, Peer> = {
      'a:1': silent,
      'b:1': saying('<html>'),
      'c:1': endless({ afterMs: 100, honours: true }),
      'd:1': endless({ afterMs: 100, honours: false }),
      'e:1': saying('{"chain": [], "length": 99}'),
      'f:1': saying(`[${genesis.text}, {}]`),
      'g:1': function* () {
        for (;;) yield { afterMs: 9_000, type: 'heard', text: ' ' }
      },
      'good:1': honest([genesis, ...branch(genesis, 800)], { afterMs: 20 }),
    }
    const network = new Network(peers, { spec: FREE })
    network.request({ type: 'resolve' })
    network.runFor(1_000)
    expect(network.chain.length).toBe(801)
    network.run()
    expect(network.wastedTicks).toBe(0)
    expect(network.node.wakeAtMs).toBeUndefined()
  })
})
