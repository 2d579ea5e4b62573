import { describe, expect, it } from 'vitest'
import { EASY } from '../../helpers/chains.ts'
import { OURS, pair, THEIRS } from './one-peer.ts'
import { FREE, give, honest, limits, longBranch, slowly, textsOf } from './peer-scripts.ts'
import { Network, type Peer, type PeerEvent, START_MS } from './scripted-peers.ts'
import { verdicts } from './verdict-texts.ts'

const { genesis } = EASY.rules
describe('a chain for which the time was too short', () => {
  const syncLimits = limits({ sessionMs: 3_050 })

  it('is adopted as far as it was read, and its node did no wrong', () => {
    const network = pair(() => slowly(THEIRS), { syncLimits })
    const { replaced, report } = network.resolve()
    expect(verdicts(report)).toEqual({ 'peer:1': 'unfinished out-of-time' })
    expect(report).toMatchObject([
      { length: 29, problem: { fault: { detail: 'it took longer than 3050 ms in all' } } },
    ])
    expect(replaced).toBe(true)
    expect(network.chain.tip.hash).toBe(THEIRS[28]?.header.hash)
    expect(network.nowMs - START_MS).toBe(3_050)
  })

  it('is read on from there the next time, until we have all of it', () => {
    const network = pair(honest(THEIRS, { pieceChars: 400, afterMs: 150 }), { syncLimits })
    const said: string[] = []
    const lengths: number[] = []
    while (network.chain.length < THEIRS.length) {
      said.push(...Object.values(verdicts(network.resolve().report)))
      lengths.push(network.chain.length)
    }
    expect(lengths.length).toBeGreaterThan(2)
    expect(new Set(said.slice(0, -1))).toEqual(new Set(['unfinished out-of-time']))
    expect(lengths).toEqual([...new Set(lengths)].sort((a, b) => a - b))
    const { reply } = network.replyOf(network.request({ type: 'list-nodes' })) ?? {}
    expect(reply).toMatchObject({ records: [{ faults: 0 }] })
  })

  it('is not adopted where what was read has less work than ours', () => {
    const network = new Network({ 'peer:1': () => slowly(THEIRS) }, { spec: FREE, syncLimits })
    give(network.chain, [genesis, ...longBranch(genesis, 40, 1)])
    expect(network.resolve().replaced).toBe(false)
    expect(network.chain.length).toBe(41)
  })

  it('is the longest of several that end in the same moment, whoever is asked last', () => {
    const others = [2, 3, 4].map((salt) => [genesis, ...longBranch(genesis, 60, salt)])
    for (const [most, ...order] of [
      [0, 3, 2, 1],
      [1, 2, 3, 1],
      [2, 1, 2, 3],
    ]) {
      const peers = Object.fromEntries(
        others.map((blocks, i) => [
          `p${i}:1`,
          honest(blocks, { pieceChars: 150 * (order[i] ?? 0), afterMs: 100 }),
        ]),
      )
      const network = new Network(peers, { spec: FREE, syncLimits })
      const { report } = network.resolve()
      const lengths = report.map(({ length }) => length ?? 0)
      expect(lengths.indexOf(Math.max(...lengths))).toBe(most)
      expect(network.chain.length).toBe(Math.max(...lengths))
    }
  })

  it('is adopted though who brought the end of it ends badly in the same moment', () => {
    const told = (afterMs: number, from: number, to: number): PeerEvent => ({
      afterMs,
      type: 'heard',
      text: `${from === 0 ? '[' : ''}${textsOf(THEIRS.slice(from, to))}, `,
    })
    const peers: Record<string, Peer> = {
      // Its last ten blocks are known when they come: the other one has brought them.
      'good:1': () => [told(350, 0, 10), told(250, 10, 20)],
      'silent:1': () => [told(400, 0, 20)],
    }
    const network = new Network(peers, {
      spec: FREE,
      syncLimits: limits({ silenceMs: 600, sessionMs: 1_000 }),
    })
    give(network.chain, OURS)
    expect(verdicts(network.resolve().report)).toEqual({
      'good:1': 'unfinished out-of-time',
      'silent:1': 'misbehaved too-slow',
    })
    expect(network.nowMs - START_MS).toBe(1_000)
    expect(network.chain.tip.hash).toBe(THEIRS[19]?.header.hash)
    const blocks = Array.from({ length: 20 }, (_, i) => network.chain.block(i + 1))
    expect(blocks).toEqual(THEIRS.slice(0, 20))
  })
})
