import { describe, expect, it } from 'vitest'
import { EASY } from '../../helpers/chains.ts'
import { FREE, honest, limits, silent, tutorial } from './peer-scripts.ts'
import { Network, type Peer, type PeerEvent, START_MS } from './scripted-peers.ts'
import { forked, network, STALL_MS } from './turns.ts'
import { verdicts } from './verdict-texts.ts'

const { genesis } = EASY.rules
const TURN_MS = 5_000

/** A tutorial node whose blocks come one by one. */
function dripping(blocks: ReturnType<typeof forked>, afterMs: number): Peer {
  return function* (): Generator<PeerEvent> {
    yield { afterMs, type: 'began' }
    for (const [i, { text }] of blocks.entries()) {
      yield { afterMs, type: 'heard', text: `${i === 0 ? '[' : ', '}${text}` }
    }
    yield { afterMs, type: 'heard', text: ']' }
    yield { afterMs: 1, type: 'ended' }
  }
}

/** When a peer was asked, after the start. */
function askedAt(world: Network, address: string): number[] {
  return world.asks.filter((ask) => ask.address === address).map(({ atMs }) => atMs - START_MS)
}

describe('whole chains', () => {
  it('take a turn: with a free one each is asked once', () => {
    const world = network({
      'a:1': tutorial(forked(1, 1), { afterMs: 500 }),
      'b:1': tutorial(forked(2, 2), { afterMs: 500 }),
      'c:1': tutorial(forked(3, 3), { afterMs: 500 }),
    })
    expect(world.resolve().replaced).toBe(true)
    expect(world.asks).toHaveLength(3)
    expect(world.nowMs - START_MS).toBe(1_500)
    expect(world.chain.length).toBe(8)
  })

  it('past the limit are hung up on at their first block, and asked again one after another', () => {
    const peers = Object.fromEntries(
      [1, 2, 3].map((salt) => [`p${salt}:1`, tutorial(forked(salt, salt), { afterMs: 500 })]),
    )
    const world = network(peers, { syncLimits: limits({ fetchers: 1 }) })
    expect(verdicts(world.resolve().report)).toMatchObject({ 'p3:1': 'adopted' })
    expect(askedAt(world, 'p1:1')).toEqual([0])
    expect(askedAt(world, 'p2:1')).toEqual([0, 1_500])
    expect(askedAt(world, 'p3:1')).toEqual([0, 3_000])
    expect(world.asks[1]?.stoppedMs).toBe(START_MS + 1_000)
    expect(world.wastedTicks).toBe(0)
  })

  it('of who has nothing but a genesis take one as soon as they are longer than a batch', () => {
    const peers = {
      'a:1': tutorial(forked(1, 9), { afterMs: 100 }),
      'b:1': tutorial(forked(2, 8), { afterMs: 100 }),
    }
    const world = new Network(peers, {
      spec: FREE,
      syncLimits: limits({ fetchers: 1, batchBlocks: 5 }),
    })
    expect(verdicts(world.resolve().report)).toEqual({ 'a:1': 'adopted', 'b:1': 'shorter' })
    expect(world.paths('a:1')).toHaveLength(1)
    expect(world.paths('b:1')).toHaveLength(2)
    expect(world.asks[1]?.stoppedMs).toBe(START_MS + 200)
  })

  it('that begin where a part was asked for wait for their turn as well', () => {
    // Tells of parts like a node of ours until its last batch, which is its whole chain.
    const turning = (salt: number): Peer => {
      const [parts, whole] = [honest(forked(salt, 30)), tutorial(forked(salt, 30))]
      return (path, ordinal) =>
        path === '/chain?from=2&limit=200' ? whole(path, ordinal) : parts(path, ordinal)
    }
    const world = network({ 'a:1': turning(1), 'b:1': turning(2) })
    expect(verdicts(world.resolve().report)).toEqual({ 'a:1': 'adopted', 'b:1': 'tie' })
    expect(world.chain.length).toBe(35)
  })
})

describe('a turn', () => {
  const one = limits({ fetchers: 1 })

  it.each([
    ['that brings nothing new any more', STALL_MS],
    ['that brings nothing new for a shorter time', 700],
  ])('%s keeps the next waiting for %i ms', (_, stallMs) => {
    const world = network(
      {
        'a:1': () => [{ afterMs: 10, type: 'heard', text: `[${genesis.text},` }],
        'b:1': tutorial(forked(2), { afterMs: 20 }),
      },
      { syncLimits: { ...one, stallMs } },
    )
    world.request({ type: 'resolve' })
    world.run()
    expect(askedAt(world, 'b:1')).toEqual([0, 10 + stallMs])
    expect(world.wastedTicks).toBe(0)
  })

  it.each([
    ['5 s', TURN_MS, one],
    ['3 s', 3_000, { ...one, turnMs: 3_000 }],
  ])('that goes on bringing news keeps the next waiting for %s', (_, turnMs, syncLimits) => {
    const world = network(
      { 'a:1': dripping(forked(1, 95), 100), 'b:1': tutorial(forked(2), { afterMs: 300 }) },
      { syncLimits },
    )
    const { report } = world.resolve()
    // It began with its first block, which was complete after 300 ms.
    expect(askedAt(world, 'b:1')).toEqual([0, 300 + turnMs])
    expect(verdicts(report)).toMatchObject({ 'a:1': 'adopted', 'b:1': 'shorter' })
    expect(world.wastedTicks).toBe(0)
  })

  it('is asked for at a time to come, however many wait and stall', () => {
    const peers: Record<string, Peer> = { 'z:1': silent }
    for (const i of [1, 2, 3, 4, 5, 6]) {
      peers[`a${i}:1`] = dripping(forked(i, 100), 180 * i)
      peers[`b${i}:1`] = tutorial(forked(9 + i, 2), { afterMs: 450 * i })
    }
    const world = network(peers, { syncLimits: limits({ fetchers: 2 }) })
    world.resolve()
    expect(world.wastedTicks).toBe(0)
    expect(world.node.wakeAtMs).toBeUndefined()
  })

  it('that is over does not end the reading: who had it goes on beside the next', () => {
    const world = network(
      { 'a:1': dripping(forked(1, 95), 100), 'b:1': tutorial(forked(2, 2)) },
      { syncLimits: { ...one, turnMs: 1_000 } },
    )
    const { report } = world.resolve()
    expect(verdicts(report)).toMatchObject({ 'a:1': 'adopted' })
    expect(world.paths('a:1')).toHaveLength(1)
  })
})

describe('the limit of sessions', () => {
  it('holds for whole chains that wait for their turn', () => {
    const peers = Object.fromEntries(
      Array.from({ length: 9 }, (_, i) => [
        `p${i}:1`,
        i % 3 === 0 ? silent : tutorial(forked(i + 1, i), { afterMs: 100 * i }),
      ]),
    )
    const world = network(peers, { syncLimits: limits({ sessions: 4, fetchers: 2 }) })
    world.resolve()
    expect(world.mostOpen).toBe(4)
    expect(world.chain.length).toBe(13)
    expect(world.wastedTicks).toBe(0)
  })
})
