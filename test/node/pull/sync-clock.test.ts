import { describe, expect, it } from 'vitest'
import { MAX_TICK_DELAY_MS, NETWORK_SURVEY_MS } from '../../../src/core/limits.ts'
import { EASY } from '../../helpers/chains.ts'
import { FREE, give, honest, limits, longBranch, saying, silent, told } from './peer-scripts.ts'
import { Network, type Peer, START_MS } from './scripted-peers.ts'
import { verdicts } from './verdict-texts.ts'

const { genesis } = EASY.rules
const SILENCE_MS = 10_000
const HOUR_MS = 3_600_000
const CHAIN = [genesis, ...longBranch(genesis, 30, 1)]

/** Lets time pass in which we are busy, and then ticks as late as that. */
function tickAt(network: Network, atMs: number) {
  network.nowMs = atMs
  return network.step({ type: 'tick' })
}

/** What the node does next it does at an earlier time than what it did last. */
function setBack(network: Network, backMs: number) {
  network.step({ type: 'tick' })
  network.nowMs -= backMs
  network.step({ type: 'tick' })
}

function saidOf(network: Network, id: number) {
  const { reply } = network.replyOf(id) ?? {}
  if (reply?.type === 'surveyed') return reply.nodes.map(({ fault }) => fault?.code)
  return reply?.type === 'resolved' ? Object.values(verdicts(reply.report)) : undefined
}

describe('a tick that comes late', () => {
  it('by no more than the limit ends what was to end', () => {
    const network = new Network({ 'slow:1': silent })
    const id = network.request({ type: 'resolve' })
    tickAt(network, START_MS + SILENCE_MS + MAX_TICK_DELAY_MS)
    expect(saidOf(network, id)).toEqual(['misbehaved too-slow'])
  })

  it('by more says that we were busy: sessions have as much time more, and a bit', () => {
    const network = new Network({ 'slow:1': silent })
    const id = network.request({ type: 'resolve' })
    const lateMs = MAX_TICK_DELAY_MS + 1
    expect(tickAt(network, START_MS + SILENCE_MS + lateMs)).toEqual([])
    expect(saidOf(network, id)).toBeUndefined()
    const endsMs = START_MS + SILENCE_MS + lateMs + MAX_TICK_DELAY_MS
    expect(network.node.wakeAtMs).toBe(endsMs)
    network.run()
    expect(network.nowMs).toBe(endsMs)
    expect(saidOf(network, id)).toEqual(['misbehaved too-slow'])
    expect(network.wastedTicks).toBe(0)
  })

  it('by minutes leaves the answer that came meanwhile its time to be heard', () => {
    const late: Peer = () => told(`[${CHAIN.map(({ text }) => text).join()}]`, { afterMs: 3_000 })
    const network = new Network({ 'slow:1': late, 'dead:1': silent }, { spec: FREE })
    const id = network.request({ type: 'resolve' })
    tickAt(network, START_MS + 5 * 60_000)
    network.run()
    expect(saidOf(network, id)).toEqual(['misbehaved too-slow', 'adopted'])
  })

  it('excuses the time in all, and the turns of those that read', () => {
    const slow = (salt: number): Peer => {
      const blocks = [genesis, ...longBranch(genesis, 20, salt)]
      return () =>
        told(`[${blocks.map(({ text }) => text).join()}]`, {
          afterMs: 1_000,
          pieceChars: 500,
        })
    }
    const syncLimits = limits({ fetchers: 1, sessionMs: 20_000 })
    const network = new Network({ 'a:1': slow(1), 'b:1': slow(2) }, { spec: FREE, syncLimits })
    give(network.chain, longBranch(genesis, 2, 5))
    const id = network.request({ type: 'resolve' })
    network.runFor(3_500)
    const turnEndsMs = network.node.wakeAtMs ?? 0
    tickAt(network, turnEndsMs + 1_000)
    // Its turn is longer by the delay and by what a tick may be late.
    expect(network.node.wakeAtMs).toBe(turnEndsMs + 1_000 + MAX_TICK_DELAY_MS)
    network.run()
    expect(saidOf(network, id)).toEqual(['adopted', 'tie'])
    expect(network.wastedTicks).toBe(0)
  })

  it.each([
    [MAX_TICK_DELAY_MS, ['too-slow']],
    [MAX_TICK_DELAY_MS + 1, undefined],
  ])('by %i ms for a survey: %j', (lateMs, said) => {
    const network = new Network({ 'slow:1': silent })
    const id = network.request({ type: 'survey' })
    tickAt(network, START_MS + NETWORK_SURVEY_MS + lateMs)
    expect(saidOf(network, id)).toEqual(said)
    network.run()
    expect(saidOf(network, id)).toEqual(['too-slow'])
    const extraMs = said === undefined ? MAX_TICK_DELAY_MS : 0
    expect(network.nowMs).toBe(START_MS + NETWORK_SURVEY_MS + lateMs + extraMs)
  })

  it('for a resolve of our own alone excuses nobody, and is none too many', () => {
    const network = new Network({ 'peer:1': honest(CHAIN) }, { spec: FREE, resolveEveryMs: 1_000 })
    network.runFor(500)
    tickAt(network, START_MS + 60_000)
    network.runFor(500)
    expect(network.asks.map(({ atMs }) => atMs - START_MS)).toEqual([0, 60_000])
    expect(network.node.wakeAtMs).toBe(START_MS + 61_000)
  })
})

describe('a clock that is set back', () => {
  it.each([1, 1_000, HOUR_MS])(
    'by %i ms leaves a silent node its silence and no more',
    (backMs) => {
      const network = new Network({ 'slow:1': silent })
      const id = network.request({ type: 'resolve' })
      network.runFor(4_000)
      setBack(network, backMs)
      expect(network.node.wakeAtMs).toBe(network.nowMs + SILENCE_MS - 4_000)
      network.run()
      expect(network.nowMs).toBe(START_MS - backMs + SILENCE_MS)
      expect(saidOf(network, id)).toEqual(['misbehaved too-slow'])
      expect(network.wastedTicks).toBe(0)
    },
  )

  it('by an hour leaves a slow node the rest of its time in all', () => {
    const network = new Network({
      'slow:1': function* () {
        for (;;) yield { afterMs: 9_000, type: 'heard', text: ' ' }
      },
    })
    const id = network.request({ type: 'resolve' })
    network.runFor(30_000)
    setBack(network, HOUR_MS)
    const backAtMs = network.nowMs
    while (saidOf(network, id) === undefined) {
      network.nowMs += 6_000
      network.step({ type: 'heard', ask: 1, blocks: [], sizeBytes: 1 })
      network.step({ type: 'tick' })
    }
    expect(network.nowMs - backAtMs).toBe(30_000)
    expect(saidOf(network, id)).toEqual(['misbehaved too-slow'])
  })

  it('by an hour leaves a survey its time and no more', () => {
    const network = new Network({ 'slow:1': silent })
    const id = network.request({ type: 'survey' })
    network.runFor(2_000)
    setBack(network, HOUR_MS)
    network.run()
    expect(network.nowMs).toBe(START_MS - HOUR_MS + NETWORK_SURVEY_MS)
    expect(saidOf(network, id)).toEqual(['too-slow'])
  })

  it('by an hour does not stop a node from resolving by itself', () => {
    const network = new Network({ 'peer:1': honest(CHAIN) }, { spec: FREE, resolveEveryMs: 1_000 })
    network.runFor(2_500)
    expect(network.asks).toHaveLength(3)
    setBack(network, HOUR_MS)
    expect(network.node.wakeAtMs).toBe(START_MS + 3_000 - HOUR_MS)
    network.runFor(2_000)
    expect(network.asks.slice(3).map(({ atMs }) => atMs - START_MS + HOUR_MS)).toEqual([
      3_000, 4_000,
    ])
  })

  it('by an hour does not keep a node that did wrong from being asked for an hour', () => {
    const network = new Network({ 'peer:1': saying('<html>') }, { resolveEveryMs: 1_000 })
    network.runFor(500)
    setBack(network, HOUR_MS)
    network.runFor(10_000)
    expect(network.asks.length).toBeGreaterThan(1)
  })

  it('in the middle of a long move leaves a silent node its silence all the same', () => {
    const theirs = [genesis, ...longBranch(genesis, 800, 2)]
    const backMs = 60_000
    const network = new Network(
      { 'fast:1': honest(theirs), 'slow:1': silent },
      { spec: FREE, sliceMs: -backMs },
    )
    give(network.chain, longBranch(genesis, 700, 1))
    expect(Object.values(verdicts(network.resolve().report))).toEqual([
      'adopted',
      'misbehaved too-slow',
    ])
    const slow = network.asks.find(({ address }) => address === 'slow:1')
    const shiftedMs = START_MS + SILENCE_MS - (slow?.stoppedMs ?? 0)
    expect(shiftedMs).toBeGreaterThan(backMs)
    expect(shiftedMs % backMs).toBe(0)
    expect(network.wastedTicks).toBe(0)
  })
})
