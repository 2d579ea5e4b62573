import { describe, expect, it } from 'vitest'
import { EASY } from '../../helpers/chains.ts'
import { honest, limits, longBranch, silent } from './peer-scripts.ts'
import { type Peer, START_MS } from './scripted-peers.ts'
import { forked, network, OURS, STALL_MS } from './turns.ts'
import { verdicts } from './verdict-texts.ts'

const { genesis } = EASY.rules
function lettered(count: number, peer: (i: number) => Peer): Record<string, Peer> {
  const names = [...'abcdefghijklmnop'].slice(0, count)
  return Object.fromEntries(names.map((name, i) => [`${name}:1`, peer(i)]))
}

/** Answers like an honest node that many times, and then no more. */
function stalling(salt: number, answers: number): Peer {
  const chain = honest(forked(salt))
  return (path, ordinal) => (ordinal < answers ? chain(path, ordinal) : [])
}

describe('long reading', () => {
  it('is for three at a time: the fourth waits, without a connection, until one has ended', () => {
    const world = network(lettered(4, (i) => honest(forked(i + 1, 3 + i), { afterMs: 100 })))
    const id = world.request({ type: 'resolve' })
    world.runFor(201)
    const again = world.asks.slice(4).map(({ address }) => address)
    expect(again).toEqual(['a:1', 'b:1', 'c:1'])
    expect(world.asks[3]?.stoppedMs).toBe(START_MS + 200)
    world.run()
    expect(world.chain.length).toBe(11)
    const { reply } = world.replyOf(id) ?? {}
    expect(reply?.type === 'resolved' && verdicts(reply.report)).toMatchObject({ 'd:1': 'adopted' })
    expect(world.wastedTicks).toBe(0)
  })

  it('begins for the fourth in the moment in which one of the three ends', () => {
    const peers = lettered(4, (i) => honest(forked(i + 1), { afterMs: i === 1 ? 10 : 20 }))
    const world = network(peers)
    world.request({ type: 'resolve' })
    world.run()
    const ended = world.asks.filter(({ address }) => address === 'b:1').at(-1)?.endedMs
    const begun = world.asks.filter(({ address }) => address === 'd:1').at(1)?.atMs
    expect(begun).toBe(ended)
  })

  it('begins for the fourth when one of the three has brought nothing new for a while', () => {
    const world = network({
      ...lettered(3, (i) => stalling(i + 1, 2)),
      'd:1': honest(forked(9)),
    })
    const id = world.request({ type: 'resolve' })
    world.runFor(STALL_MS)
    expect(world.paths('d:1')).toHaveLength(1)
    world.runFor(50)
    expect(world.paths('d:1').length).toBeGreaterThan(1)
    expect(world.chain.tip.hash).toBe(forked(9).at(-1)?.header.hash)
    expect(world.replyOf(id)).toBeUndefined()
    world.run()
    expect(world.replyOf(id)?.reply).toMatchObject({ replaced: true })
    expect(world.wastedTicks).toBe(0)
  })

  it('asks for no tick in the past while some stall and others wait', () => {
    const slow = (salt: number) => honest(forked(salt, 30), { afterMs: 500, pieceChars: 400 })
    const world = network({
      'a:1': stalling(1, 2),
      ...Object.fromEntries(['b', 'c', 'd', 'e', 'f'].map((n, i) => [`${n}:1`, slow(i + 3)])),
    })
    world.resolve()
    expect(world.wastedTicks).toBe(0)
  })

  it('does not wait for who only listens: short chains and ties need no turn', () => {
    const world = network({
      ...lettered(3, (i) => stalling(i + 1, 2)),
      'x:1': honest(OURS.slice(0, 3)),
      'y:1': honest(forked(8, 0)),
      'z:1': honest([...OURS, ...longBranch(OURS[4] ?? genesis, 2)]),
    })
    world.request({ type: 'resolve' })
    world.runFor(100)
    expect(world.chain.length).toBe(7)
    for (const address of ['x:1', 'y:1', 'z:1']) expect(world.paths(address)).toHaveLength(1)
  })

  it('asks again from our tip after a wait: the others may have brought it meanwhile', () => {
    const theirs = forked(1, 40)
    const world = network(
      lettered(5, (i) => honest(theirs, { afterMs: 100 + i })),
      { syncLimits: limits({ fetchers: 1 }) },
    )
    const { report } = world.resolve()
    expect(verdicts(report)).toMatchObject({ 'a:1': 'adopted', 'b:1': 'same', 'e:1': 'same' })
    expect(world.paths('b:1')).toEqual(['/chain?from=5&limit=200', '/chain?from=45&limit=200'])
  })

  it('does not count the time that is spent waiting for a turn', () => {
    // Each takes about 40 s, one after the other, and has 60 s for itself.
    const slow = (salt: number) => honest(forked(salt, 3 * salt), { afterMs: 2_500 })
    const syncLimits = limits({ fetchers: 1, stallMs: 60_000, turnMs: 60_000 })
    const world = network({ 'a:1': slow(1), 'b:1': slow(2), 'c:1': slow(3) }, { syncLimits })
    const said = verdicts(world.resolve().report)
    expect(world.nowMs - START_MS).toBeGreaterThan(100_000)
    expect(said).toEqual({ 'a:1': 'shorter', 'b:1': 'shorter', 'c:1': 'adopted' })
  })

  it('ends for a peer that is removed while it waits for its turn', () => {
    const world = network(
      { 'a:1': stalling(1, 2), 'b:1': honest(forked(2)) },
      { syncLimits: limits({ fetchers: 1, stallMs: 60_000 }) },
    )
    const id = world.request({ type: 'resolve' })
    world.runFor(1_000)
    world.request({ type: 'remove-node', node: 'b:1' })
    world.run()
    expect(world.paths('b:1')).toHaveLength(1)
    const { reply } = world.replyOf(id) ?? {}
    expect(reply?.type === 'resolved' && verdicts(reply.report)).toEqual({
      'a:1': 'misbehaved too-slow',
      'b:1': 'unreachable connection-failed',
    })
  })
})

describe('sessions', () => {
  it('are as many at once as the limit; more wait, and then have all their time', () => {
    const world = network(
      lettered(5, () => silent),
      { syncLimits: limits({ sessions: 2 }) },
    )
    const { report } = world.resolve()
    expect(world.mostOpen).toBe(2)
    expect(world.asks.map(({ atMs }) => atMs - START_MS)).toEqual([0, 0, 10_000, 10_000, 20_000])
    expect(world.nowMs - START_MS).toBe(30_000)
    expect(new Set(Object.values(verdicts(report)))).toEqual(new Set(['misbehaved too-slow']))
    expect(world.wastedTicks).toBe(0)
  })

  it('are no more than the limit when some of them wait for their turn', () => {
    const peers = lettered(8, (i) => honest(forked(i + 1), { afterMs: i % 2 === 0 ? 100 : 3_000 }))
    const syncLimits = limits({ sessions: 3, fetchers: 2 })
    const world = network(peers, { syncLimits })
    world.resolve()
    expect(world.mostOpen).toBe(3)
  })

  it('are no more than the limit when one that waited takes the turn of one that stalls', () => {
    const world = network(
      { 'a:1': stalling(1, 2), 'b:1': honest(forked(2)), 'c:1': silent },
      { syncLimits: limits({ sessions: 2, fetchers: 1 }) },
    )
    world.resolve()
    expect(world.mostOpen).toBe(2)
  })
})
