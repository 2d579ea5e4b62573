import { describe, expect, it } from 'vitest'
import { MAX_JSON_DEPTH } from '../../../src/core/limits.ts'
import { MemoryStore } from '../../../src/node/store/memory-store.ts'
import { branch, chainText, EASY } from '../../helpers/chains.ts'
import { answerTo, give, honest, limits, questionOf, saying } from './peer-scripts.ts'
import { Network, type NetworkOptions, type Peer, unreachable } from './scripted-peers.ts'
import { verdictOf } from './verdict-texts.ts'

const { genesis } = EASY.rules
const CHAIN = [genesis, ...branch(genesis, 20)]
const OURS = CHAIN.slice(0, 10)
const SECRET = 'hunter2'

/** Lets a peer try; says what came of it, and what it changed. */
function attempt(peer: Peer, options: NetworkOptions & { ours?: number } = {}) {
  const { ours = OURS.length, ...rest } = options
  const store = new MemoryStore()
  const network = new Network({ 'evil:1': peer }, { store, ...rest })
  give(network.chain, OURS.slice(0, ours))
  network.chain.addTransaction({ sender: 'Lea', recipient: 'Mark', amount: 1 })
  const state = () => ({
    tip: network.chain.tip.hash,
    tips: store.sideTips(100).map(({ hash }) => hash),
    sideBytes: store.sideBytes(),
    pool: network.chain.currentTransactions,
    nodes: network.chain.nodes,
  })
  const before = state()
  const { replaced, report } = network.resolve()
  const [entry] = report
  if (entry === undefined) throw new Error('one peer, one entry')
  const after = state()
  return { network, replaced, entry, verdict: verdictOf(entry), before, after }
}

/** What came of a peer that must not change anything. */
function refused(peer: Peer, options?: Parameters<typeof attempt>[1]): string {
  const { verdict, before, after, replaced, entry } = attempt(peer, options)
  expect(after).toEqual(before)
  expect(replaced).toBe(false)
  expect(JSON.stringify(entry.problem ?? {})).not.toContain(SECRET)
  return verdict
}

/** An answer to any question with another length in it. */
function stating(length: string, blocks = CHAIN): Peer {
  return saying((path) => answerTo(path, blocks, length))
}

describe('a length that lies', () => {
  it.each(['20', '22', '0', '9007199254740991'])('of %s is a fault beside the verdict', (said) => {
    const { verdict, entry, network } = attempt(stating(said))
    expect(verdict).toBe('adopted bad-length')
    expect(entry).toMatchObject({ length: 21, tip: CHAIN[20]?.header.hash })
    expect(network.chain.length).toBe(21)
  })

  it.each(['"21"', 'null', '21.5', '-1', '-21', '-0.5', '1e400', '[21]', '9007199254740993'])(
    'of %s is none, and the blocks count',
    (said) => {
      expect(attempt(stating(said))).toMatchObject({ verdict: 'adopted', entry: { length: 21 } })
    },
  )

  it('is a fault where no block follows ours and it says that some do', () => {
    const short = CHAIN.slice(0, 5)
    expect(refused(stating('10', short))).toBe('misbehaved bad-length')
    expect(refused(stating('11', short))).toBe('misbehaved bad-length')
    expect(refused(stating('9', short))).toBe('shorter')
  })

  it('is a fault where another block than our tip is the last one sent', () => {
    const other = [...CHAIN.slice(0, 9), ...branch(CHAIN[8] ?? genesis, 1, 5)]
    expect(refused(stating('11', other))).toBe('misbehaved bad-length')
    expect(refused(stating('9', other))).toBe('misbehaved bad-length')
    expect(refused(stating('0', other))).toBe('misbehaved bad-length')
    expect(refused(stating('10', other))).toBe('tie')
    expect(refused(stating('-1', other))).toBe('tie')
  })

  it('is a fault of a whole chain as well', () => {
    const text = chainText(CHAIN).replace('"length": 21', '"length": 210')
    expect(attempt(saying(text)).verdict).toBe('adopted bad-length')
  })

  it('of less than nothing is not reported', () => {
    expect(attempt(stating('-5', CHAIN.slice(0, 5)))).toMatchObject({
      verdict: 'shorter',
      entry: { length: undefined },
    })
  })
})

describe('a part that was not asked for', () => {
  it.each([2, 9, 11, 15])('from block %i on is refused', (index) => {
    expect(refused(saying(chainText(CHAIN.slice(index - 1))))).toBe('misbehaved wrong-part')
  })

  it('with a gap, or with a block twice, breaks a rule', () => {
    const texts = CHAIN.map(({ text }) => text)
    const gap = `{"chain": [${[...texts.slice(9, 12), ...texts.slice(13)].join()}], "length": 20}`
    const twice = `{"chain": [${[...texts.slice(9, 12), texts[11]].join()}], "length": 12}`
    expect(refused(saying(gap))).toBe('invalid bad-index at 13')
    expect(refused(saying(twice))).toBe('invalid bad-index at 13')
  })

  it('is refused where a single block was asked for: none too many, none beside it', () => {
    const theirs = [...CHAIN.slice(0, 6), ...branch(CHAIN[5] ?? genesis, 8, 5)]
    const looked = (change: (from: number) => string) =>
      saying((path) => {
        const { from, limit } = questionOf(path)
        return limit === 1 ? change(from) : answerTo(path, theirs)
      })
    const of = (from: number, to: number) => chainText(theirs.slice(from - 1, to))
    expect(refused(looked((from) => of(from, from + 1)))).toBe('misbehaved wrong-part')
    expect(refused(looked((from) => of(from - 1, from - 1)))).toBe('misbehaved wrong-part')
    expect(refused(looked(() => chainText(theirs)))).toBe('misbehaved wrong-part')
    expect(attempt(looked((from) => of(from, from))).verdict).toBe('adopted')
  })
})

describe('an answer that is no chain', () => {
  const cases: [string, string][] = [
    ['nothing', ''],
    ['blanks', ' \n\t '],
    ['a page', `<html><body>${SECRET}</body></html>`],
    ['a text', `"${SECRET}"`],
    ['a number', '12'],
    ['null', 'null'],
    ['an object without a chain', `{"password": "${SECRET}", "length": 3}`],
    ['a chain that is a text', `{"chain": "${SECRET}"}`],
    ['a chain that is an object', `{"chain": {"${SECRET}": 1}}`],
    ['an array in an array, under the key', `{"x": {"chain": ["${SECRET}"]}}`],
    ['a comma too many', '{"chain": [,], "length": 0}'],
    ['an array that is cut short', `[`],
    ['no JSON in an element', `[${SECRET}]`],
    ['two texts in an element', `["a" "${SECRET}"]`],
    ['more after the end', `[] ${SECRET}`],
    ['a second chain', `{"chain": [], "chain": ["${SECRET}"]}`],
    ['a byte order mark', '\ufeff{"chain": []}'],
    ['single quotes', `{'chain': ['${SECRET}']}`],
    ['nesting in an element', `[${'['.repeat(MAX_JSON_DEPTH + 2)}`.padEnd(200, ']')],
    ['a control character', `["${SECRET}\u0001"]`],
  ]

  it.each(cases)('but %s is refused, and none of it repeated', (_, body) => {
    for (const pieceChars of [1, 7, 1_000]) {
      expect(refused(saying(body, { pieceChars }))).toBe('misbehaved not-a-chain')
      expect(refused(saying(body, { pieceChars }), { ours: 1 })).toBe('misbehaved not-a-chain')
    }
  })

  it('is refused in a later answer, too', () => {
    const theirs = [...CHAIN.slice(0, 6), ...branch(CHAIN[5] ?? genesis, 8, 5)]
    const then = (path: string, ordinal: number) =>
      ordinal === 0 ? answerTo(path, theirs) : `<html>${SECRET}</html>`
    expect(refused(saying(then))).toBe('misbehaved not-a-chain')
  })

  it('is refused where the frame has megabytes', () => {
    const body = `{"chain": [], "more": "${'x'.repeat(70_000)}"}`
    for (const pieceChars of [1_000, 1_000_000]) {
      expect(refused(saying(body, { pieceChars }))).toBe('misbehaved not-a-chain')
    }
  })
})

describe('an answer without end', () => {
  const endless = (text: string): Peer =>
    function* () {
      for (;;) yield { afterMs: 1, type: 'heard', text }
    }
  /** The text, again and again, after a beginning. */
  const begunBy = (begin: string, text: string): Peer =>
    function* () {
      yield { afterMs: 1, type: 'heard', text: begin }
      yield* endless(text)('', 0)
    }

  it.each([
    ['blanks', endless(' '.repeat(4_096))],
    ['blanks in the chain', begunBy('{"chain": [', '\n'.repeat(100_000))],
    ['a text', begunBy('["', SECRET.repeat(10_000))],
    ['opening brackets', endless('['.repeat(1_000))],
    ['keys before the chain', begunBy('{', `"${SECRET}": 1, `.repeat(1_000))],
    ['digits', begunBy('[{"index": 10, "proof": ', '7'.repeat(50_000))],
    ['blanks after the chain', begunBy('[]', ' '.repeat(10_000))],
  ])('of %s is refused after a bounded part of it', (_, peer) => {
    const { network, verdict, before, after } = attempt(peer)
    expect(verdict).toBe('misbehaved not-a-chain')
    expect(after).toEqual(before)
    expect(network.asks[0]?.bytes).toBeLessThan(2_200_000)
    expect(network.asks[0]?.stoppedMs).toBe(network.nowMs)
  })

  it('of our own blocks over and over is refused at the first that comes again', () => {
    const texts = OURS.map(({ text }) => text).join()
    expect(refused(begunBy('[', `${texts},`))).toBe('invalid bad-index at 11')
  })
})

describe('the limits of an answer', () => {
  it('take one block of as many characters as the limit, and not one more', () => {
    const [block] = CHAIN.slice(10, 11)
    const size = block?.text.length ?? 0
    const spaced = saying(`[${OURS[9]?.text},${block?.text}]`)
    const of = (blockChars: number) => ({ answerLimits: { blockChars } })
    expect(attempt(spaced, of(size)).verdict).toBe('adopted')
    expect(refused(spaced, of(size - 1))).toBe('misbehaved not-a-chain')
  })

  it('take as many bytes as the limit, over all answers, and not one more', () => {
    const theirs = [...CHAIN.slice(0, 6), ...branch(CHAIN[5] ?? genesis, 8, 5)]
    const probe = attempt(honest(theirs, { pieceChars: 1 }))
    const bytes = probe.network.asks.reduce((sum, ask) => sum + ask.bytes, 0)
    const of = (peerBytes: number) => ({ syncLimits: limits({ peerBytes }) })
    const drip = honest(theirs, { pieceChars: 1 })
    expect(probe.network.asks.length).toBeGreaterThan(2)
    expect(attempt(drip, of(bytes)).verdict).toBe('adopted')
    expect(refused(drip, of(bytes - 1))).toBe('misbehaved too-large')
  })

  it('count bytes and not characters', () => {
    const peer: Peer = () => [
      { afterMs: 1, type: 'heard', text: '[', sizeBytes: 101 },
      { afterMs: 1, type: 'heard', text: ']' },
      { afterMs: 1, type: 'ended' },
    ]
    const syncLimits = limits({ peerBytes: 100 })
    expect(refused(peer, { syncLimits })).toBe('misbehaved too-large')
  })

  it('leave a batch where it is larger than the limit, and ask for the rest', () => {
    const bytes = (CHAIN[12]?.text.length ?? 0) * 3
    const { verdict, network } = attempt(honest(CHAIN, { pieceChars: 10 }), {
      syncLimits: limits({ batchBytes: bytes }),
    })
    expect(verdict).toBe('adopted')
    expect(network.paths().length).toBeGreaterThan(3)
    for (const ask of network.asks) expect(ask.bytes).toBeLessThan(bytes + 500)
  })
})

describe('a peer that cannot be asked', () => {
  it.each([
    ['connection-failed', 'unreachable'],
    ['forbidden-address', 'unreachable'],
    ['bad-status', 'misbehaved'],
    ['bad-http', 'misbehaved'],
    ['bad-encoding', 'misbehaved'],
  ] as const)('for %s is %s', (code, verdict) => {
    expect(refused(unreachable(code))).toBe(`${verdict} ${code}`)
  })
})
