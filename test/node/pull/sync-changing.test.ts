import { describe, expect, it } from 'vitest'
import type { Block } from '../../../src/core/block.ts'
import { blockAfter, branch, EASY } from '../../helpers/chains.ts'
import { FREE, give, honest, limits, longBranch } from './peer-scripts.ts'
import { Network } from './scripted-peers.ts'
import { verdictOf } from './verdict-texts.ts'

const { genesis } = EASY.rules
const OURS = [genesis, ...branch(genesis, 20)]

/** Twenty blocks of ours but for the last so many, and three more. */
function forked(depth: number, salt: number): Block[] {
  const shared = OURS.slice(0, 21 - depth)
  return [...shared, ...branch(shared.at(-1) ?? genesis, depth + 3, salt)]
}

/** Blocks for one answer after another; the last for all that follow. */
function changing(chains: readonly (readonly Block[])[], batchBlocks = 2) {
  const peer = honest((ordinal) => chains[Math.min(ordinal, chains.length - 1)] ?? [])
  const network = new Network({ 'peer:1': peer }, { syncLimits: limits({ batchBlocks }) })
  give(network.chain, OURS)
  const [entry] = network.resolve().report
  if (entry === undefined) throw new Error('one peer, one entry')
  return { network, entry, verdict: verdictOf(entry) }
}

/** How often it began anew: it greets with our height. */
function greetings(network: Network): number {
  return network.paths().filter((path) => path === '/chain?from=21&limit=2').length
}

describe('a peer whose chain changes while it is read', () => {
  const [a, b, c] = [forked(2, 1), forked(2, 2), forked(2, 3)]

  it('is read from the beginning once more, and adopted when it has settled', () => {
    // Greeting, two looks, the first batch; then the other chain.
    const { network, verdict } = changing([a, a, a, a, a, b])
    expect(verdict).toBe('adopted')
    expect(network.chain.tip.hash).toBe(b.at(-1)?.header.hash)
    expect(greetings(network)).toBe(2)
  })

  it('is read twice more and not three times', () => {
    for (const [chains, expected] of [
      [[a, a, a, a, a, b, b, b, b, b, c], 'adopted'],
      [Array.from({ length: 40 }, (_, i) => forked(2, 100 + Math.floor(i / 5))), undefined],
    ] as const) {
      const { network, verdict } = changing(chains)
      expect(greetings(network)).toBeLessThanOrEqual(3)
      if (expected !== undefined) expect(verdict).toBe(expected)
    }
  })

  it('each time is unstable, and counted as a wrong', () => {
    const { network, entry, verdict } = changing(
      Array.from({ length: 60 }, (_, i) => forked(20, 100 + i)),
      2,
    )
    expect(verdict).toBe('misbehaved unstable')
    expect(entry.problem).toMatchObject({
      fault: { detail: 'it was another 3 times while it was read' },
    })
    expect(greetings(network)).toBe(3)
    const id = network.request({ type: 'list-nodes' })
    expect(network.replyOf(id)?.reply).toMatchObject({ records: [{ faults: 1 }] })
  })

  it('as often as the limit says, be it never', () => {
    const chains = Array.from({ length: 60 }, (_, i) => forked(20, 100 + i))
    for (const restarts of [0, 1, 5]) {
      const peer = honest((ordinal) => chains[ordinal] ?? [])
      const network = new Network(
        { 'peer:1': peer },
        { syncLimits: limits({ batchBlocks: 2, restarts }) },
      )
      give(network.chain, OURS)
      expect(network.resolve().report.map(verdictOf)).toEqual(['misbehaved unstable'])
      expect(greetings(network)).toBe(restarts + 1)
    }
  })

  it('to a shorter one while its fork is looked for is greeted again', () => {
    const { network, verdict } = changing([a, OURS.slice(0, 5)])
    expect(verdict).toBe('shorter')
    expect(greetings(network)).toBe(2)
    expect(network.chain.tip.hash).toBe(OURS[20]?.header.hash)
  })

  it('to a longer one at its end is read to the new end', () => {
    const { network, verdict } = changing([a, a, a, a, a, [...a, ...branch(last(a), 3, 1)]])
    expect(verdict).toBe('adopted')
    expect(network.chain.length).toBe(a.length + 3)
    expect(greetings(network)).toBe(1)
  })

  it('to another at a place that was read already leads to the other', () => {
    const deep = forked(9, 5)
    const { network, verdict } = changing([a, a, a, a, a, deep])
    expect(verdict).toBe('adopted')
    expect(network.chain.tip.hash).toBe(last(deep).header.hash)
  })
})

describe('our own chain that changes while a peer is read', () => {
  it('by a block that we mine does not disturb the reading', () => {
    const theirs = forked(2, 4)
    const network = new Network({ 'peer:1': honest(theirs, { afterMs: 10 }) })
    give(network.chain, OURS)
    network.request({ type: 'resolve' })
    network.runFor(35)
    network.request({ type: 'add-block', block: blockAfter(last(OURS), { rewardTo: 'us' }) })
    network.run()
    expect(network.chain.tip.hash).toBe(last(theirs).header.hash)
    expect(network.replies.at(-1)?.reply).toMatchObject({ type: 'resolved', replaced: true })
  })

  it('does not cost the peer what it has sent: its branch outlives the limit of side branches', () => {
    const [ours, theirs] = [longBranch(genesis, 60, 1), longBranch(genesis, 70, 2)]
    const network = new Network(
      { 'peer:1': honest([genesis, ...theirs], { afterMs: 10 }) },
      { spec: FREE, maxSideBytes: 2_000, syncLimits: limits({ batchBlocks: 10 }) },
    )
    give(network.chain, ours)
    const id = network.request({ type: 'resolve' })
    while (network.asks.at(-1)?.path !== '/chain?from=32&limit=10') network.runFor(1)
    network.request({ type: 'add-block', block: blockAfter(last(ours), { spec: FREE }) })
    network.run()
    const { reply } = network.replyOf(id) ?? {}
    expect(reply?.type === 'resolved' && reply.report.map(verdictOf)).toEqual(['adopted'])
    expect(network.chain.tip.hash).toBe(last(theirs).header.hash)
  })
})

function last(blocks: readonly Block[]): Block {
  return blocks.at(-1) ?? genesis
}
