import { describe, expect, it } from 'vitest'
import { Peers } from '../../../src/node/pull/peer-records.ts'
import type { PeerReport } from '../../../src/node/pull/peer-report.ts'
import { branch, EASY } from '../../helpers/chains.ts'
import { answerTo, give, honest, limits, saying } from './peer-scripts.ts'
import { Network, OWN_ID, type Peer, START_MS, unreachable } from './scripted-peers.ts'
import { verdictOf } from './verdict-texts.ts'

const { genesis } = EASY.rules
const CHAIN = [genesis, ...branch(genesis, 5)]
const wrong = saying('<html>')

/** When a peer is asked by a node that resolves by itself each second, in seconds from the start. */
function askedAtS(peer: Peer, untilS: number, options = {}): number[] {
  const network = new Network({ 'peer:1': peer }, { resolveEveryMs: 1_000, ...options })
  network.run(START_MS + untilS * 1_000)
  expect(network.wastedTicks).toBe(0)
  return queriesTo(network).map(({ atMs }) => (atMs - START_MS) / 1_000)
}

/** What it was asked first each time: who gives no chain to a query is asked for all of it once more. */
function queriesTo(network: Network) {
  return network.asks.filter(({ path }) => path !== '/chain')
}

function recordsOf(network: Network) {
  const { reply } = network.replyOf(network.request({ type: 'list-nodes' })) ?? {}
  if (reply?.type !== 'nodes') throw new Error('nodes')
  return reply.records
}

describe('a node that resolves by itself', () => {
  it('asks at once, and then each time that so much has passed', () => {
    expect(askedAtS(honest([genesis]), 4)).toEqual([0, 1, 2, 3, 4])
  })

  it('says when it wants to be woken: in the beginning at once', () => {
    const network = new Network({ 'peer:1': honest([genesis]) }, { resolveEveryMs: 5_000 })
    expect(network.node.wakeAtMs).toBe(0)
    network.runFor(100)
    expect(network.node.wakeAtMs).toBe(START_MS + 5_000)
  })

  it('does nothing by itself where that was not asked for', () => {
    const network = new Network({ 'peer:1': honest(CHAIN) })
    expect(network.node.wakeAtMs).toBeUndefined()
    network.step({ type: 'tick' })
    network.runFor(60_000)
    expect(network.asks).toEqual([])
  })

  it('does nothing where no nodes are registered, and goes on when one is', () => {
    const network = new Network({}, { resolveEveryMs: 1_000 }, { 'late:1': honest(CHAIN) })
    network.runFor(2_500)
    network.request({ type: 'register-nodes', nodes: ['late:1'] })
    network.runFor(1_000)
    expect(network.chain.length).toBe(6)
  })

  it('does not ask a node that is still being asked', () => {
    expect(askedAtS(honest([genesis], { afterMs: 800 }), 6)).toEqual([0, 3, 6])
  })

  it('answers no call, and shares its asking with one that comes meanwhile', () => {
    const network = new Network(
      { 'peer:1': honest(CHAIN, { afterMs: 300 }) },
      { resolveEveryMs: 60_000 },
    )
    network.runFor(400)
    const { report } = network.resolve()
    expect(report.map(verdictOf)).toEqual(['adopted'])
    expect(network.asks).toHaveLength(1)
    expect(network.replies).toHaveLength(1)
  })

  it('lets who mines go on at the new tip', () => {
    const network = new Network({ 'peer:1': honest(CHAIN) }, { resolveEveryMs: 1_000 })
    network.request({ type: 'mine' })
    network.runFor(100)
    expect(network.searches.map(({ type, search }) => `${type} ${search}`)).toEqual([
      'search 1',
      'cancel 1',
      'search 2',
    ])
    network.step({ type: 'found', search: 1, proof: 0 })
    expect(network.chain.length).toBe(6)
    network.step({ type: 'found', search: 2, proof: network.chain.proofOfWork() })
    expect(network.chain.length).toBe(7)
    expect(network.replies.at(-1)?.reply).toMatchObject({ type: 'mined' })
  })
})

describe('a node that did wrong', () => {
  it('is left alone for 2 s, 4 s, 8 s, … by who resolves by itself', () => {
    expect(askedAtS(wrong, 70)).toEqual([0, 3, 8, 17, 34, 67])
  })

  it('is left alone no longer than the limit', () => {
    const syncLimits = limits({ pauseMs: 5_000 })
    expect(askedAtS(wrong, 30, { syncLimits })).toEqual([0, 3, 8, 14, 20, 26])
  })

  it('is asked all the same by who calls for it, and each time counts', () => {
    const network = new Network({ 'peer:1': wrong })
    for (let i = 0; i < 3; i++) network.resolve()
    expect(queriesTo(network)).toHaveLength(3)
    expect(recordsOf(network)).toMatchObject([
      { faults: 3, last: { verdict: 'misbehaved', problem: { fault: { code: 'not-a-chain' } } } },
    ])
  })

  it('begins with 2 s again after an honest answer; its faults stay counted', () => {
    const peer: Peer = (path, ordinal) =>
      ordinal === 4 ? honest([genesis])(path, ordinal) : wrong(path, ordinal)
    expect(askedAtS(peer, 21)).toEqual([0, 3, 8, 9, 12, 17])
    const network = new Network({ 'peer:1': peer })
    for (let i = 0; i < 4; i++) network.resolve()
    expect(recordsOf(network)).toMatchObject([{ faults: 3 }])
  })

  it('is one that breaks a rule, or lies about its length beside its chain', () => {
    const bad = saying(`[${genesis.text}, {}]`)
    const lying = saying((path) => answerTo(path, CHAIN, '7'))
    const network = new Network({ 'a:1': bad, 'b:1': lying, 'c:1': honest(CHAIN) })
    network.resolve()
    expect(recordsOf(network).map(({ faults }) => faults)).toEqual([1, 1, 0])
  })
})

describe('a node that cannot be reached', () => {
  it('is asked again each time: that is no fault', () => {
    expect(askedAtS(unreachable(), 4)).toEqual([0, 1, 2, 3, 4])
    expect(askedAtS(unreachable('forbidden-address'), 2)).toEqual([0, 1, 2])
  })

  it('is still known by what was heard of it before', () => {
    const network = new Network({
      'peer:1': (path, ordinal) =>
        ordinal === 0 ? honest(CHAIN)(path, ordinal) : unreachable()(path, ordinal),
    })
    network.resolve()
    const [heard] = recordsOf(network)
    network.runFor(5_000)
    network.resolve()
    const [now] = recordsOf(network)
    const tip = CHAIN[5]?.header.hash
    expect(now).toMatchObject({ faults: 0, last: { verdict: 'unreachable', length: 6, tip } })
    expect(now?.answeredMs).toBe(heard?.answeredMs)
    expect(now?.askedMs).toBe(network.nowMs)
  })
})

describe('a node that is this one', () => {
  it('is left alone for the longest time, and has done no wrong', () => {
    const syncLimits = limits({ pauseMs: 9_000 })
    const me = honest(CHAIN, { nodeId: OWN_ID })
    expect(askedAtS(me, 21, { syncLimits })).toEqual([0, 10, 20])
    const network = new Network({ 'me:1': me })
    network.resolve()
    expect(recordsOf(network)).toMatchObject([{ faults: 0, last: { verdict: 'self' } }])
  })
})

describe('what is known of the nodes', () => {
  const address = 'a:1'
  const at = (nowMs: number, hasAnswered = true) => ({ nowMs, hasAnswered })
  const of = (verdict: PeerReport['verdict'], more: Partial<PeerReport> = {}): PeerReport => {
    const isWrong = verdict === 'misbehaved' || verdict === 'unreachable'
    const code = verdict === 'unreachable' ? 'connection-failed' : 'bad-status'
    const problem = isWrong ? ({ type: 'fault', fault: { code, detail: '' } } as const) : undefined
    return { address, length: undefined, tip: undefined, verdict, problem, ...more }
  }
  const dueAfterMs = (peers: Peers, nowMs: number) => {
    let pauseMs = 0
    while (!peers.isDue(address, nowMs + pauseMs)) pauseMs += 1_000
    return pauseMs
  }

  it('is nothing in the beginning, and nothing after it is forgotten', () => {
    const peers = new Peers({ maxPauseMs: 300_000 })
    expect(peers.isDue(address, 0)).toBe(true)
    peers.note(of('misbehaved'), at(5))
    expect(peers.isDue(address, 5)).toBe(false)
    peers.forget(address)
    expect(peers.isDue(address, 5)).toBe(true)
    expect(peers.record(address)).toEqual({ address, faults: 0 })
  })

  it('pauses twice as long each time, up to five minutes, however often', () => {
    const peers = new Peers({ maxPauseMs: 300_000 })
    const pauses = Array.from({ length: 12 }, () => {
      peers.note(of('misbehaved'), at(0))
      return dueAfterMs(peers, 0) / 1_000
    })
    expect(pauses).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300])
    for (let i = 0; i < 2_000; i++) peers.note(of('misbehaved'), at(0))
    expect(dueAfterMs(peers, 0)).toBe(300_000)
  })

  it.each([
    [['misbehaved', 'misbehaved', 'unreachable', 'misbehaved'], 8_000, 3],
    [['unreachable', 'unreachable', 'misbehaved'], 2_000, 1],
    [['misbehaved', 'misbehaved', 'same', 'misbehaved'], 2_000, 3],
    [['misbehaved', 'misbehaved', 'unfinished', 'misbehaved'], 2_000, 3],
    [['misbehaved', 'misbehaved', 'unfinished'], 0, 2],
  ] as const)('after %j pauses for %i ms: only an answer ends a row', (row, pauseMs, faults) => {
    const peers = new Peers({ maxPauseMs: 300_000 })
    for (const verdict of row) peers.note(of(verdict), at(0))
    expect(dueAfterMs(peers, 0)).toBe(pauseMs)
    expect(peers.record(address)).toMatchObject({ faults })
  })

  it('is not asked any sooner for being out of reach meanwhile', () => {
    const peers = new Peers({ maxPauseMs: 300_000 })
    for (let i = 0; i < 3; i++) peers.note(of('misbehaved'), at(0))
    peers.note(of('unreachable'), at(1_000, false))
    expect(dueAfterMs(peers, 0)).toBe(8_000)
  })

  it('has the time of the last answer, whatever came of it; none where nothing was answered', () => {
    const peers = new Peers({ maxPauseMs: 300_000 })
    peers.note(of('misbehaved'), at(1, false))
    expect(peers.record(address)).toMatchObject({ askedMs: 1, answeredMs: undefined })
    peers.note(of('misbehaved'), at(2))
    expect(peers.record(address)).toMatchObject({ askedMs: 2, answeredMs: 2 })
    peers.note(of('unreachable'), at(3))
    expect(peers.record(address)).toMatchObject({ askedMs: 3, answeredMs: 3 })
    peers.note(of('misbehaved'), at(4, false))
    expect(peers.record(address)).toMatchObject({ askedMs: 4, answeredMs: 3 })
  })

  it('keeps length and tip until there is newer word of either', () => {
    const peers = new Peers({ maxPauseMs: 300_000 })
    const [a, b] = [CHAIN[1]?.header.hash, CHAIN[2]?.header.hash]
    peers.note(of('same', { length: 2, tip: a }), at(1))
    peers.note(of('unreachable'), at(2, false))
    expect(peers.record(address)).toMatchObject({
      askedMs: 2,
      answeredMs: 1,
      last: { length: 2, tip: a },
    })
    peers.note(of('shorter', { length: 3 }), at(3))
    expect(peers.record(address)).toMatchObject({ last: { length: 3, tip: undefined } })
    peers.note(of('adopted', { length: 4, tip: b }), at(4))
    expect(peers.record(address)).toMatchObject({ answeredMs: 4, last: { length: 4, tip: b } })
  })
})

describe('an honest node beside many that are not', () => {
  it('is heard each time', () => {
    const peers = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`bad${i}:1`, wrong]))
    const network = new Network({ ...peers, 'good:1': honest(CHAIN) })
    give(network.chain, CHAIN.slice(0, 2))
    expect(network.resolve().replaced).toBe(true)
    expect(recordsOf(network).filter(({ faults }) => faults === 0)).toHaveLength(1)
  })
})
