import { describe, expect, it } from 'vitest'
import type { Block } from '../../../src/core/block.ts'
import { MAX_NEWS_BLOCKS } from '../../../src/core/limits.ts'
import { chainText, EASY } from '../../helpers/chains.ts'
import { OURS, pair, THEIRS } from './one-peer.ts'
import {
  answerTo,
  FREE,
  give,
  honest,
  limits,
  longBranch,
  saying,
  slowly,
  textsOf,
  told,
} from './peer-scripts.ts'
import { Network, type Peer, type PeerEvent, unreachable } from './scripted-peers.ts'
import { verdicts } from './verdict-texts.ts'

const { genesis } = EASY.rules
/** Where our chain ends, and what is beside it. */
function ends(network: Network) {
  return {
    length: network.chain.length,
    sides: network.store.sideTips(99).map(({ index }) => index),
  }
}

/** What is left of nothing but our own. */
const OURS_ALONE = { length: OURS.length, sides: [] }

describe('a chain that is read and comes to a bad end', () => {
  it.each([
    ['a broken connection', { afterMs: 1, type: 'ask-failed', code: 'bad-http' }],
    ['no connection', { afterMs: 1, type: 'ask-failed', code: 'connection-failed' }],
    ['a block that is none', { afterMs: 1, type: 'heard', text: ', {}]' }],
    ['no JSON', { afterMs: 1, type: 'heard', text: ', oh no' }],
    ['the end before its bracket', { afterMs: 1, type: 'ended' }],
    ['silence', { afterMs: 20_000, type: 'ended' }],
    ['our own id', { afterMs: 1, type: 'began', nodeId: 'c4d1affa6a534b5d9fbee8a81fa5b25c' }],
  ] as [string, PeerEvent][])('by %s leaves nothing behind', (_, end) => {
    const network = pair(() => slowly(THEIRS, end))
    network.request({ type: 'resolve' })
    network.runFor(3_000)
    // A block is complete at the comma after it.
    expect(ends(network).sides).toEqual([29])
    network.run()
    expect(network.replies.at(-1)?.reply).toMatchObject({ replaced: false })
    expect(ends(network)).toEqual(OURS_ALONE)
    expect(network.store.sideBytes()).toBe(0)
    expect(network.events).toEqual([])
  })

  it('in a later answer leaves nothing behind', () => {
    const syncLimits = limits({ batchBlocks: 10 })
    const whole = honest(THEIRS)
    const peer: Peer = (path, ordinal) =>
      (path === '/chain?from=42&limit=10' ? unreachable('bad-status') : whole)(path, ordinal)
    const network = pair(peer, { syncLimits })
    expect(verdicts(network.resolve().report)).toEqual({ 'peer:1': 'misbehaved bad-status' })
    expect(network.asks.length).toBeGreaterThan(5)
    expect(ends(network)).toEqual(OURS_ALONE)
  })

  it('because the node is removed leaves nothing behind', () => {
    const network = pair(() => slowly(THEIRS))
    network.request({ type: 'resolve' })
    network.runFor(3_000)
    network.request({ type: 'remove-node', node: 'peer:1' })
    expect(ends(network)).toEqual(OURS_ALONE)
  })

  it('leaves the blocks that another session stands on, and those that are ours by now', () => {
    const bad: PeerEvent = { afterMs: 1, type: 'heard', text: ', {}]' }
    for (const reached of [20, 40]) {
      // The good one is behind the bad one, or ahead of it.
      const network = new Network(
        {
          'bad:1': () => slowly(THEIRS.slice(0, 30), bad),
          'good:1': () => [
            { afterMs: 2_500, type: 'heard', text: `[${textsOf(THEIRS.slice(0, reached))}` },
            { afterMs: 2_500, type: 'heard', text: `, ${textsOf(THEIRS.slice(reached))}]` },
            { afterMs: 1, type: 'ended' },
          ],
        },
        { spec: FREE },
      )
      give(network.chain, OURS)
      const id = network.request({ type: 'resolve' })
      network.runFor(4_000)
      expect(ends(network).sides).toEqual([reached - 1])
      network.run()
      const { reply } = network.replyOf(id) ?? {}
      expect(reply?.type === 'resolved' && verdicts(reply.report)).toEqual({
        'bad:1': 'invalid bad-block-keys at 31',
        'good:1': 'adopted',
      })
      expect(network.chain.tip.hash).toBe(THEIRS.at(-1)?.header.hash)
    }
  })

  it('leaves nothing where two nodes have brought it together and both end badly', () => {
    const bad: PeerEvent = { afterMs: 1, type: 'heard', text: ', {}]' }
    const network = new Network(
      {
        'a:1': () => slowly(THEIRS.slice(0, 20), bad),
        'b:1': () => slowly(THEIRS.slice(0, 40), bad),
      },
      { spec: FREE },
    )
    give(network.chain, OURS)
    network.resolve()
    expect(ends(network)).toEqual(OURS_ALONE)
  })

  it('does not take away what we had before', () => {
    const side = THEIRS.slice(1, 4)
    const network = pair(() => slowly(THEIRS, { afterMs: 1, type: 'heard', text: ', {}]' }))
    for (const block of side) network.chain.addBlock(block)
    network.resolve()
    expect(ends(network)).toEqual({ length: OURS.length, sides: [4] })
  })

  it('leaves the first version of a chain that changed meanwhile no longer than the second', () => {
    const [a, b] = [2, 3].map((salt) => [genesis, ...longBranch(genesis, 40, salt)])
    const syncLimits = limits({ batchBlocks: 10 })
    const peer: Peer = (path, ordinal) =>
      ordinal < 6 ? honest(a ?? [])(path, ordinal) : told(`${answerTo(path, b ?? [])}, oh no`)
    const network = pair(peer, { syncLimits })
    expect(verdicts(network.resolve().report)).toEqual({ 'peer:1': 'misbehaved not-a-chain' })
    expect(ends(network)).toEqual(OURS_ALONE)
  })
})

describe('a chain that is longer than may wait', () => {
  const bad = (blocks: readonly Block[]) =>
    saying(`${chainText(blocks).slice(0, -1)}, "chain": oh no`, { pieceChars: 100 })

  it.each([19, 20, 21, 39, 40, 41, 60])(
    'of %i new blocks is adopted after each 20, and what follows them is not left',
    (count) => {
      const syncLimits = limits({ newsBlocks: 20 })
      const network = pair(bad(THEIRS.slice(0, 1 + count)), { syncLimits })
      const { replaced, report } = network.resolve()
      expect(verdicts(report)).toEqual({ 'peer:1': 'misbehaved not-a-chain' })
      expect(replaced).toBe(count >= 20)
      const kept = Math.floor(count / 20) * 20
      expect(network.chain.length).toBe(kept === 0 ? OURS.length : 1 + kept)
      expect(ends(network).sides).toEqual(kept === 0 ? [] : [OURS.length])
    },
  )

  it('by its bytes is adopted as well, at the limit and not before', () => {
    const bytes = THEIRS.slice(1, 31).reduce((sum, { text }) => sum + text.length, 0)
    for (const [newsBytes, length] of [
      [bytes, 31],
      [bytes + 1, 32],
    ] as const) {
      const network = pair(bad(THEIRS.slice(0, 33)), { syncLimits: limits({ newsBytes }) })
      network.resolve()
      expect(network.chain.length).toBe(length)
    }
  })

  it('is not adopted in parts that have less work than ours', () => {
    const syncLimits = limits({ newsBlocks: 3 })
    const network = pair(() => slowly(THEIRS.slice(0, 12)), { syncLimits })
    network.request({ type: 'resolve' })
    network.runFor(500)
    expect(network.chain.tip.hash).toBe(OURS.at(-1)?.header.hash)
    network.runFor(300)
    expect(network.chain.tip.hash).toBe(THEIRS[6]?.header.hash)
  })

  it('is adopted after 2,000 blocks where nothing else is said', () => {
    const long = [genesis, ...longBranch(genesis, MAX_NEWS_BLOCKS + 100, 2)]
    const network = pair(honest(long, { afterMs: 10 }))
    const lengths = new Set<number>()
    network.request({ type: 'resolve' })
    for (let i = 0; i < 100; i++) {
      network.runFor(10)
      lengths.add(network.chain.length)
    }
    expect([...lengths].filter((length) => length > OURS.length)).toHaveLength(2)
    expect(network.chain.length).toBe(MAX_NEWS_BLOCKS + 101)
  })

  it('ends in the same place however its pieces are cut', () => {
    const syncLimits = limits({ newsBlocks: 20 })
    const of = (pieceChars: number) => {
      const text = `[${textsOf(THEIRS.slice(0, 52))}, {}]`
      const network = pair(saying(text, { pieceChars }), { syncLimits })
      const { report } = network.resolve()
      return { ...ends(network), said: verdicts(report) }
    }
    const singly = of(1)
    expect(singly).toMatchObject({ length: 41, said: { 'peer:1': 'invalid bad-block-keys at 53' } })
    for (const pieceChars of [100, 7_000, 100_000]) expect(of(pieceChars)).toEqual(singly)
  })
})
