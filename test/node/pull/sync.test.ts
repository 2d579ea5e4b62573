import { describe, expect, it } from 'vitest'
import type { PeerFaultCode } from '../../../src/node/pull/peer-faults.ts'
import { blockAfter, branch, chainText, EASY, payment } from '../../helpers/chains.ts'
import { fc } from '../../helpers/fast-check.ts'
import { FREE, give, honest, longBranch, saying, tutorial } from './peer-scripts.ts'
import { Network, type Peer, START_MS, unreachable } from './scripted-peers.ts'
import { verdictOf, verdicts } from './verdict-texts.ts'

const { genesis } = EASY.rules
const PEER = 'peer:1'
const CHAIN = [genesis, ...branch(genesis, 60)]
const LONG = [genesis, ...longBranch(genesis, 1_000)]

/** Our node with some blocks and one peer with others. */
function pair(ours: typeof CHAIN, peer: ConstructorParameters<typeof Network>[0] = {}) {
  const network = new Network(peer)
  give(network.chain, ours)
  return network
}

describe('an honest peer', () => {
  it.each([1, 2, 3, 10, 50])('%i block(s) ahead is adopted by one question', (ahead) => {
    const network = pair(CHAIN.slice(0, 10), { [PEER]: honest(CHAIN.slice(0, 10 + ahead)) })
    const { replaced, report } = network.resolve()
    expect(replaced).toBe(true)
    expect(report).toEqual([
      {
        address: PEER,
        length: 10 + ahead,
        tip: CHAIN[9 + ahead]?.header.hash,
        verdict: 'adopted',
        problem: undefined,
      },
    ])
    expect(network.chain.tip.hash).toBe(CHAIN[9 + ahead]?.header.hash)
    expect(network.paths()).toEqual(['/chain?from=10&limit=200'])
    expect(network.asks[0]?.stoppedMs).toBeUndefined()
  })

  it('is adopted by a node that has nothing but its genesis', () => {
    const network = pair([], { [PEER]: honest(CHAIN) })
    expect(network.resolve().replaced).toBe(true)
    expect(network.chain.length).toBe(61)
    expect(network.paths()).toEqual(['/chain?from=1&limit=200'])
  })

  it('with the same chain changes nothing and is the same', () => {
    const network = pair(CHAIN, { [PEER]: honest(CHAIN) })
    const { replaced, report } = network.resolve()
    expect(replaced).toBe(false)
    expect(report).toMatchObject([{ length: 61, tip: CHAIN[60]?.header.hash, verdict: 'same' }])
    expect(network.paths()).toHaveLength(1)
    expect(network.events).toEqual([])
  })

  it.each([
    ['the same blocks', CHAIN.slice(0, 30), 30],
    ['other blocks', [genesis, ...branch(genesis, 20, 7)], 21],
    ['the genesis alone', [genesis], 1],
  ])('with a shorter chain of %s is shorter, by one question', (_, theirs, length) => {
    const network = pair(CHAIN, { [PEER]: honest(theirs) })
    const { replaced, report } = network.resolve()
    expect(replaced).toBe(false)
    expect(report).toMatchObject([{ length, tip: undefined, verdict: 'shorter' }])
    expect(network.paths()).toHaveLength(1)
    expect(network.chain.tip.hash).toBe(CHAIN[60]?.header.hash)
  })

  it('with other blocks and an equal length is a tie, by one question, and ours stays', () => {
    const network = pair(CHAIN, { [PEER]: honest([genesis, ...branch(genesis, 60, 7)]) })
    const { replaced, report } = network.resolve()
    expect(replaced).toBe(false)
    expect(report).toMatchObject([{ length: 61, tip: undefined, verdict: 'tie' }])
    expect(network.paths()).toHaveLength(1)
    expect(network.chain.tip.hash).toBe(CHAIN[60]?.header.hash)
  })

  it('that states no length is believed by the blocks it sends', () => {
    const body = `[${CHAIN.map(({ text }) => text).join(',')}]`
    const network = pair([], { [PEER]: saying(body) })
    expect(network.resolve().report).toMatchObject([{ length: 61, verdict: 'adopted' }])
  })

  it('tells of each block, and that nothing was abandoned', () => {
    const network = pair(CHAIN.slice(0, 10), { [PEER]: honest(CHAIN.slice(0, 12)) })
    network.resolve()
    const told = network.events.map((event) =>
      event.type === 'block' ? event.header.index : event,
    )
    expect(told).toEqual([11, 12])
  })
})

describe('a long chain', () => {
  it.each([
    [1, 1],
    [198, 1],
    [199, 1],
    [200, 2],
    [398, 2],
    [399, 2],
    [400, 3],
    [990, 5],
  ])(
    '%i blocks ahead takes %i question(s): batches of 200, the first with our tip in it',
    (ahead, asks) => {
      const network = new Network({ [PEER]: honest(LONG.slice(0, 10 + ahead)) }, { spec: FREE })
      give(network.chain, LONG.slice(0, 10))
      expect(verdicts(network.resolve().report)).toEqual({ [PEER]: 'adopted' })
      expect(network.chain.length).toBe(10 + ahead)
      const froms = [10, 210, 410, 610, 810].slice(0, asks)
      expect(network.paths()).toEqual(froms.map((from) => `/chain?from=${from}&limit=200`))
    },
  )

  it('is adopted when all of it has come, and not before', () => {
    const network = new Network({ [PEER]: honest(LONG, { afterMs: 100 }) }, { spec: FREE })
    give(network.chain, LONG.slice(0, 10))
    network.request({ type: 'resolve' })
    // Five batches of three events each, the last in the end.
    network.run(START_MS + 1_499)
    expect(network.chain.length).toBe(10)
    expect(network.replies).toEqual([])
    network.run()
    expect(network.chain.length).toBe(1_001)
    expect(network.nowMs).toBe(START_MS + 1_500)
  })
})

describe('a peer that ignores the query', () => {
  it.each([1, 2, 9, 61])(
    'with a whole chain of %i blocks is asked once, ours being of 10',
    (length) => {
      const network = pair(CHAIN.slice(0, 10), { [PEER]: tutorial(CHAIN.slice(0, length)) })
      const { report } = network.resolve()
      expect(report).toMatchObject([
        {
          length,
          tip: CHAIN[length - 1]?.header.hash,
          verdict: length > 10 ? 'adopted' : 'shorter',
        },
      ])
      expect(network.chain.length).toBe(Math.max(10, length))
      expect(network.paths()).toHaveLength(1)
    },
  )

  it.each([199, 200, 201, 400, 401, 1_000])('with %i blocks is asked once', (length) => {
    for (const ours of [1, 50]) {
      const network = new Network({ [PEER]: tutorial(LONG.slice(0, length)) }, { spec: FREE })
      give(network.chain, LONG.slice(0, ours))
      expect(network.resolve().report).toMatchObject([{ length, verdict: 'adopted' }])
      expect(network.chain.length).toBe(length)
      expect(network.paths()).toEqual([`/chain?from=${ours}&limit=200`])
    }
  })

  it('with another genesis and more blocks is adopted, by one question', () => {
    const theirs = [genesis, ...branch(genesis, 12, 5)]
    const network = pair(CHAIN.slice(0, 10), { [PEER]: tutorial(theirs) })
    expect(network.resolve().replaced).toBe(true)
    expect(network.chain.tip.hash).toBe(theirs[12]?.header.hash)
    expect(network.paths()).toHaveLength(1)
  })

  it('with as many blocks is a tie, its tip known', () => {
    const theirs = [genesis, ...branch(genesis, 9, 5)]
    const network = pair(CHAIN.slice(0, 10), { [PEER]: tutorial(theirs) })
    expect(network.resolve().report).toMatchObject([
      { length: 10, tip: theirs[9]?.header.hash, verdict: 'tie' },
    ])
    expect(network.chain.tip.hash).toBe(CHAIN[9]?.header.hash)
  })
})

describe('a peer that knows no query', () => {
  const OURS = CHAIN.slice(0, 10)
  const QUERY = '/chain?from=10&limit=200'
  const failing =
    (code: PeerFaultCode): Peer =>
    (path, ordinal) =>
      path === '/chain' ? tutorial(CHAIN)(path, ordinal) : unreachable(code)(path, ordinal)
  const answering = (body: string) =>
    saying((path) => (path === '/chain' ? chainText(CHAIN) : body))

  it.each([
    ['has no such path', failing('bad-status')],
    ['closes the connection', failing('connection-failed')],
    ['breaks its answer off', failing('bad-http')],
    ['answers with a page', answering('<!doctype html><title>Not Found</title>')],
    ['answers with an error', answering('{"error": "not found"}')],
    ['answers with nothing', answering('')],
    ['answers with a chain of nothing', answering('{"chain": [], "length": 0}')],
    ['takes the query for another one', answering(chainText(CHAIN.slice(4, 8)))],
  ])('but %s is asked for all of its chain, once', (_does, peer) => {
    const network = pair(OURS, { [PEER]: peer })
    expect(verdicts(network.resolve().report)).toEqual({ [PEER]: 'adopted' })
    expect(network.chain.length).toBe(CHAIN.length)
    expect(network.paths()).toEqual([QUERY, '/chain'])
  })

  it('and no path either is asked twice, and reported by the second', () => {
    const peer: Peer = (path, ordinal) =>
      path === '/chain'
        ? unreachable('bad-http')(path, ordinal)
        : unreachable('bad-status')(path, ordinal)
    const network = pair(OURS, { [PEER]: peer })
    expect(verdicts(network.resolve().report)).toEqual({ [PEER]: 'misbehaved bad-http' })
    expect(network.paths()).toEqual([QUERY, '/chain'])
  })

  it.each(['busy', 'forbidden-address', 'bad-encoding', 'too-large'] as const)(
    'is not what %s means',
    (code) => {
      const network = pair(OURS, { [PEER]: failing(code) })
      network.resolve()
      expect(network.paths()).toEqual([QUERY])
    },
  )

  it('is not one that cannot be connected to', () => {
    const never: Peer = Object.assign(unreachable(), { neverConnects: true })
    const network = pair(OURS, { [PEER]: never })
    network.resolve()
    expect(network.paths()).toEqual([QUERY])
  })

  it('waits for its turn to send all of its chain', () => {
    const others = Object.fromEntries(
      Array.from({ length: 5 }, (_, i) => [`other:${i + 1}`, failing('bad-status')]),
    )
    const network = pair(OURS, { [PEER]: failing('bad-status'), ...others })
    const { report } = network.resolve()
    expect(report.map(verdictOf).toSorted()).toEqual(['adopted', ...Array(5).fill('same')])
  })
})

describe('the pieces of an answer', () => {
  const theirs = [genesis, ...branch(genesis, 4, 3)]
  const body = chainText(theirs)

  it('give the same result wherever they are cut', () => {
    const whole = outcome([body])
    for (let at = 0; at <= body.length; at++) {
      expect(outcome([body.slice(0, at), body.slice(at)]), `cut at ${at}`).toEqual(whole)
    }
  })

  it('give the same result however many they are', () => {
    const whole = outcome([body])
    fc.assert(
      fc.property(fc.array(fc.nat({ max: body.length }), { maxLength: 30 }), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), body.length]
        const pieces = places.slice(1).map((to, i) => body.slice(places[i], to))
        expect(outcome(pieces)).toEqual(whole)
      }),
    )
  })

  it.each([
    ['after the chain', `${body.slice(0, -1)}, "chain": oh no`],
    ['in an element', body.replace(']}', '], oh no')],
    ['between two elements', body.replace(/\], "length".*/, ', , ')],
  ])('give the same result of an answer that is bad %s', (_, bad) => {
    expect(outcome([...bad])).toEqual(outcome([bad]))
  })

  it('that end in the middle of a character may be empty', () => {
    expect(outcome(['', body, ''])).toEqual(outcome([body]))
  })

  function outcome(pieces: readonly string[]) {
    const network = pair(CHAIN.slice(0, 3), {
      [PEER]: function* () {
        for (const text of pieces) yield { afterMs: 1, type: 'heard', text } as const
        yield { afterMs: 1, type: 'ended' } as const
      },
    })
    const [entry] = network.resolve().report
    if (entry === undefined) throw new Error('one peer, one entry')
    const { length, tip, problem } = entry
    return { said: verdictOf(entry), length, tip, problem, ours: network.chain.tip.hash }
  }
})

describe('payments', () => {
  it('that both sides have are neither lost nor doubled', () => {
    const shared = payment('Lea', 'Mark', '10.0')
    const first = blockAfter(genesis, { transactions: [shared], rewardTo: 'them' })
    const network = pair([], { [PEER]: honest([genesis, first, blockAfter(first)]) })
    const { chain } = network
    chain.addTransaction({ sender: 'Lea', recipient: 'Mark', amount: '10.0' })
    chain.addTransaction({ sender: 'ours', recipient: 'alone', amount: 1 })
    chain.newBlock({ proof: chain.proofOfWork(), timestampMs: 0, rewardTo: 'us' })
    chain.addTransaction({ sender: 'still', recipient: 'waits', amount: 1 })
    expect(network.resolve().replaced).toBe(true)
    expect(chain.length).toBe(3)
    expect(chain.currentTransactions.map(({ sender }) => sender)).toEqual(['ours', 'still'])
  })
})

describe('a run', () => {
  it('without registered nodes is answered at once', () => {
    const network = new Network()
    const id = network.request({ type: 'resolve' })
    expect(network.replyOf(id)?.reply).toEqual({ type: 'resolved', replaced: false, report: [] })
  })

  it('reports every node in the order of their names, whoever answers first', () => {
    const network = pair(CHAIN.slice(0, 10), {
      'd:1': unreachable(),
      'a:1': honest(CHAIN, { afterMs: 50 }),
      'c:1': honest(CHAIN.slice(0, 5)),
      'b:1': honest(CHAIN),
    })
    const { replaced, report } = network.resolve()
    expect(replaced).toBe(true)
    expect(report.map((entry) => [entry.address, verdictOf(entry)])).toEqual([
      ['a:1', 'same'],
      ['b:1', 'adopted'],
      ['c:1', 'shorter'],
      ['d:1', 'unreachable connection-failed'],
    ])
  })
})
