import { describe, expect, it } from 'vitest'
import { branch, chainText, EASY } from '../../helpers/chains.ts'
import {
  FREE,
  give,
  honest,
  limits,
  longBranch,
  silent,
  told,
  unconnected,
} from './peer-scripts.ts'
import { Network, type Peer, type PeerEvent, START_MS } from './scripted-peers.ts'
import { verdicts } from './verdict-texts.ts'

const { genesis } = EASY.rules
const CHAIN = [genesis, ...branch(genesis, 8)]
const BODY = chainText(CHAIN)
const SILENCE_MS = 10_000
const IN_ALL_MS = 60_000
const SLOW = 'misbehaved too-slow'

/** The answer in pieces of one size, each so long after the one before it. */
function dripping(afterMs: number, pieces: number): Peer {
  return () => told(BODY, { afterMs, pieceChars: Math.ceil(BODY.length / pieces) })
}

/** Some events, at once, and then nothing. */
function stopping(...events: readonly PeerEvent[]): Peer {
  return () => events
}

function only(peer: Peer, options = {}) {
  const network = new Network({ 'slow:1': peer }, options)
  const { report } = network.resolve()
  const [entry] = report
  return {
    network,
    tookMs: network.nowMs - START_MS,
    verdict: verdicts(report)['slow:1'],
    detail: entry?.problem?.type === 'fault' ? entry.problem.fault.detail : undefined,
  }
}

/** Nothing but the genesis is here, on the chain or beside it. */
function expectNothingOf(network: Network) {
  expect(network.chain.length).toBe(1)
  expect(network.store.sideTips(9)).toEqual([])
  expect(network.store.sideBytes()).toBe(0)
}

describe('a peer with which no connection stands', () => {
  it('is given up after the same time, cannot be reached, and did no wrong', () => {
    const { network, tookMs, verdict, detail } = only(unconnected)
    expect([tookMs, verdict]).toEqual([SILENCE_MS, 'unreachable connection-failed'])
    expect(detail).toBe('nothing was heard for 10000 ms')
    expect(network.asks[0]?.stoppedMs).toBe(network.nowMs)
    const { reply } = network.replyOf(network.request({ type: 'list-nodes' })) ?? {}
    expect(reply).toMatchObject({ records: [{ faults: 0, answeredMs: undefined }] })
  })

  it('for its next question cannot be reached either, whatever it has said before', () => {
    const theirs = [...CHAIN.slice(0, 6), ...branch(CHAIN[5] ?? genesis, 5, 7)]
    // Its connections stand only when the network says so; the first does.
    const peer: Peer = Object.assign(
      (path: string, ordinal: number) =>
        ordinal === 0
          ? [{ afterMs: 0, type: 'connected' } as const, ...honest(theirs)(path, ordinal)]
          : [],
      { neverConnects: true },
    )
    const network = new Network({ 'slow:1': peer })
    give(network.chain, CHAIN)
    expect(verdicts(network.resolve().report)).toEqual({
      'slow:1': 'unreachable connection-failed',
    })
    expect(network.asks).toHaveLength(2)
  })

  it('for a while has the whole silence from the moment on in which one stands', () => {
    const late: Peer = Object.assign(() => [{ afterMs: 9_000, type: 'connected' } as const], {
      neverConnects: true,
    })
    expect(only(late)).toMatchObject({ tookMs: 9_000 + SILENCE_MS, verdict: SLOW })
  })
})

describe('a peer that is silent', () => {
  it('from the beginning is given up after the limit, and hung up on', () => {
    const { network, tookMs, verdict, detail } = only(silent)
    expect([tookMs, verdict]).toEqual([SILENCE_MS, SLOW])
    expect(detail).toBe('nothing was heard for 10000 ms')
    expect(network.asks[0]?.stoppedMs).toBe(network.nowMs)
    expect(network.node.wakeAtMs).toBeUndefined()
  })

  it('from the beginning has never answered', () => {
    const { network } = only(silent)
    const id = network.request({ type: 'list-nodes' })
    const { reply } = network.replyOf(id) ?? {}
    expect(reply?.type === 'nodes' && reply.records).toMatchObject([
      { askedMs: network.nowMs, answeredMs: undefined, faults: 1 },
    ])
  })

  it('after its headers is given up', () => {
    const { tookMs, verdict } = only(stopping({ afterMs: 500, type: 'began' }))
    expect([tookMs, verdict]).toEqual([500 + SILENCE_MS, SLOW])
  })

  it('in the middle is given up, and nothing of what came before is left', () => {
    const text = BODY.slice(0, BODY.indexOf('"index": 5'))
    const { network, tookMs, verdict } = only(stopping({ afterMs: 700, type: 'heard', text }))
    expect([tookMs, verdict]).toEqual([700 + SILENCE_MS, SLOW])
    expectNothingOf(network)
  })

  it('before the end of its answer is given up, all blocks having come', () => {
    const { network, verdict } = only(stopping({ afterMs: 1, type: 'heard', text: BODY }))
    expect(verdict).toBe(SLOW)
    expectNothingOf(network)
  })

  it('for as long as the limit and not longer is heard', () => {
    expect(only(dripping(SILENCE_MS, 2))).toMatchObject({ verdict: 'adopted' })
    const tooLate = only(dripping(SILENCE_MS + 1, 2))
    expect(tooLate).toMatchObject({ verdict: SLOW, tookMs: SILENCE_MS })
    expect(tooLate.network.chain.length).toBe(1)
  })

  it('in one of its later answers is given up as well', () => {
    const theirs = [...CHAIN.slice(0, 6), ...branch(CHAIN[5] ?? genesis, 5, 7)]
    const whole = honest(theirs)
    const network = new Network({
      'slow:1': (path, ordinal) => (ordinal < 2 ? whole(path, ordinal) : []),
    })
    give(network.chain, CHAIN)
    expect(verdicts(network.resolve().report)).toEqual({ 'slow:1': SLOW })
    expect(network.nowMs - (network.asks[2]?.atMs ?? 0)).toBe(SILENCE_MS)
  })
})

describe('a peer that takes long in all', () => {
  it('is heard up to the limit and not a millisecond longer', () => {
    // Began, five pieces and the end: seven waits.
    const afterMs = (pieces: number) => Math.floor(IN_ALL_MS / (pieces + 2))
    expect(only(dripping(afterMs(6), 6))).toMatchObject({ verdict: 'adopted', tookMs: IN_ALL_MS })
    const { verdict, tookMs } = only(dripping(afterMs(6) + 1, 6))
    expect([verdict, tookMs]).toEqual([SLOW, IN_ALL_MS])
  })

  it('because a character comes every 9 s is given up after the 60 s', () => {
    const drips = function* (): Generator<PeerEvent> {
      for (const text of BODY) yield { afterMs: 9_000, type: 'heard', text }
    }
    const { verdict, tookMs, network } = only(drips)
    expect([verdict, tookMs]).toEqual([SLOW, IN_ALL_MS])
    expect(network.asks[0]?.bytes).toBe(6)
  })

  it('over several answers is given up all the same', () => {
    const theirs = [genesis, ...branch(genesis, 12, 7)]
    const network = new Network({ 'slow:1': honest(theirs, { afterMs: 4_000 }) })
    give(network.chain, CHAIN)
    expect(verdicts(network.resolve().report)).toEqual({ 'slow:1': SLOW })
    expect(network.nowMs - START_MS).toBe(IN_ALL_MS)
    expect(network.asks.length).toBeGreaterThan(3)
  })

  it('has the times of each answer when the limits are others', () => {
    const syncLimits = limits({ silenceMs: 30, sessionMs: 100 })
    expect(only(silent, { syncLimits })).toMatchObject({ tookMs: 30, verdict: SLOW })
    // Its last block has come after 87 ms.
    for (const [stallMs, verdict] of [
      [13, SLOW],
      [14, 'unfinished out-of-time'],
    ] as const) {
      expect(only(dripping(29, 9), { syncLimits: { ...syncLimits, stallMs } })).toMatchObject({
        tookMs: 100,
        verdict,
        detail: 'it took longer than 100 ms in all',
      })
    }
  })
})

describe('the others', () => {
  it('are adopted long before a slow one is given up', () => {
    const network = new Network({ 'a:1': silent, 'b:1': honest(CHAIN), 'c:1': silent })
    const id = network.request({ type: 'resolve' })
    network.runFor(10)
    expect(network.chain.length).toBe(9)
    expect(network.replyOf(id)).toBeUndefined()
    network.run()
    const { reply, atMs } = network.replyOf(id) ?? {}
    expect(atMs).toBe(START_MS + SILENCE_MS)
    expect(reply?.type === 'resolved' && verdicts(reply.report)).toEqual({
      'a:1': SLOW,
      'b:1': 'adopted',
      'c:1': SLOW,
    })
  })

  it('are asked at the same moment', () => {
    const network = new Network({ 'a:1': silent, 'b:1': silent, 'c:1': silent })
    network.request({ type: 'resolve' })
    expect(network.asks.map(({ atMs }) => atMs)).toEqual([START_MS, START_MS, START_MS])
  })
})

describe('the time of the next tick', () => {
  it('is the end of the silence, or of the whole, whichever comes first', () => {
    const network = new Network({ 'slow:1': dripping(9_000, 20) })
    expect(network.node.wakeAtMs).toBeUndefined()
    network.request({ type: 'resolve' })
    for (const elapsedMs of [0, 9_000, 18_000, 27_000, 36_000, 45_000]) {
      network.run(START_MS + elapsedMs)
      expect(network.node.wakeAtMs).toBe(START_MS + elapsedMs + SILENCE_MS)
    }
    network.run(START_MS + 54_000)
    expect(network.node.wakeAtMs).toBe(START_MS + IN_ALL_MS)
    network.run()
    expect(network.node.wakeAtMs).toBeUndefined()
    expect(network.wastedTicks).toBe(0)
  })

  it('does nothing when it comes too early', () => {
    const network = new Network({ 'slow:1': silent })
    network.request({ type: 'resolve' })
    network.runFor(SILENCE_MS - 1)
    expect(network.step({ type: 'tick' })).toEqual([])
  })
})

describe('the time in which we are busy ourselves', () => {
  const LONG = [genesis, ...longBranch(genesis, 1_200, 1)]
  const OTHER = [genesis, ...longBranch(genesis, 1_300, 2)]

  it('is not counted as the silence of others, nor as theirs in all', () => {
    // Each slice of the move takes 3 s: far more than the silence allowed, and the total.
    const patient: Peer = () => told(BODY.replace(/^/, ' '), { afterMs: 9_000, pieceChars: 4_000 })
    const busy = new Network(
      { 'fast:1': honest(OTHER), 'slow:1': patient },
      { spec: FREE, sliceMs: 20_000 },
    )
    give(busy.chain, LONG)
    const said = verdicts(busy.resolve().report)
    expect(busy.nowMs - START_MS).toBeGreaterThan(100_000)
    expect(said).toEqual({ 'fast:1': 'adopted', 'slow:1': 'shorter' })
  })

  it('leaves a silent peer its whole silence and no more', () => {
    const network = new Network(
      { 'fast:1': honest(OTHER), 'slow:1': silent },
      { spec: FREE, sliceMs: 5_000 },
    )
    give(network.chain, LONG)
    network.resolve()
    const slow = network.asks.find(({ address }) => address === 'slow:1')
    const fastMs = network.asks.filter(({ address }) => address === 'fast:1').length * 3
    const movedMs = (slow?.stoppedMs ?? 0) - START_MS - SILENCE_MS
    expect(movedMs % 5_000).toBe(0)
    expect(movedMs).toBeGreaterThan(0)
    expect(fastMs).toBeLessThan(SILENCE_MS)
  })
})
