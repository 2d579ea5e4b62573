import { describe, expect, it } from 'vitest'
import type { Block } from '../../../src/core/block.ts'
import { EASY } from '../../helpers/chains.ts'
import { fc } from '../../helpers/fast-check.ts'
import { FREE, foreignGenesis, give, limits, longBranch, questionOf, told } from './peer-scripts.ts'
import { Network, type Peer, START_MS } from './scripted-peers.ts'
import { verdictOf } from './verdict-texts.ts'

const { genesis } = EASY.rules
const OURS = [genesis, ...longBranch(genesis, 9, 1)]
const OTHER = foreignGenesis()
/** Of each fork, and of none. */
const CHAINS: readonly (readonly Block[])[] = [
  OURS,
  OURS.slice(0, 5),
  [...OURS, ...longBranch(OURS[9] ?? genesis, 9, 2)],
  [...OURS.slice(0, 4), ...longBranch(OURS[3] ?? genesis, 12, 3)],
  [...OURS.slice(0, 8), ...longBranch(OURS[7] ?? genesis, 2, 4)],
  [genesis, ...longBranch(genesis, 14, 5)],
  [OTHER, ...longBranch(OTHER, 14, 6)],
  [],
]

/** One odd answer: of some chain, the part that was asked for or another, with some block changed. */
const answers = fc.record({
  ordinal: fc.nat({ max: 12 }),
  chain: fc.nat({ max: CHAINS.length - 1 }),
  part: fc.constantFrom('asked', 'asked', 'whole', 'none', 'later', 'one'),
  change: fc.constantFrom('none', 'none', 'link', 'index', 'form'),
  place: fc.nat({ max: 4 }),
  length: fc.constantFrom('own', 'own', 'none', '0', '3', '99'),
  afterMs: fc.constantFrom(1, 1, 20, 900, 4_000, 11_000),
  pieceChars: fc.constantFrom(90, 700, 100_000),
  end: fc.constantFrom('ended', 'ended', 'ended', 'ended', 'failed', 'never'),
})

/** A node of some chain that answers honestly but for a few times. */
const scripts = fc.record({
  chain: fc.nat({ max: CHAINS.length - 1 }),
  afterMs: fc.constantFrom(1, 2, 100, 700),
  pieceChars: fc.constantFrom(90, 700, 100_000),
  odd: fc.array(answers, { maxLength: 4 }),
})

type Script = typeof scripts extends fc.Arbitrary<infer T> ? T : never

const CHANGES: Record<string, (text: string) => string> = {
  none: (text) => text,
  link: (text) => text.replace(/[0-9a-f]{64}/, 'f'.repeat(64)),
  index: (text) => text.replace(/"index": \d+/, '"index": 7'),
  form: () => '{}',
}

const HONESTLY = { part: 'asked', change: 'none', place: 0, length: 'own', end: 'ended' }

function peerOf(script: Script): Peer {
  const usual = { ...script, ...HONESTLY }
  return function* (path, ordinal) {
    const answer = script.odd.find((odd) => odd.ordinal === ordinal) ?? usual
    const { from, limit } = questionOf(path)
    const blocks = CHAINS[answer.chain] ?? []
    const [first, last] = {
      asked: [from - 1, from - 1 + limit],
      whole: [0, blocks.length],
      none: [0, 0],
      later: [from, from + limit],
      one: [from - 1, from],
    }[answer.part] ?? [0, 0]
    const texts = blocks
      .slice(first, last)
      .map(({ text }, i) => (i === answer.place ? CHANGES[answer.change]?.(text) : text))
    const said = answer.length === 'own' ? `${blocks.length}` : answer.length
    const length = said === 'none' ? '' : `, "length": ${said}`
    const events = [...told(`{"chain": [${texts.join()}]${length}}`, answer)]
    yield* answer.end === 'ended' ? events : events.slice(0, -1)
    if (answer.end === 'failed') yield { afterMs: 1, type: 'ask-failed', code: 'bad-http' }
  }
}

const worlds = fc.record({
  peers: fc.array(scripts, { minLength: 1, maxLength: 4 }),
  batchBlocks: fc.integer({ min: 1, max: 6 }),
  newsBlocks: fc.constantFrom(3, 7, 1_000),
  fetchers: fc.integer({ min: 1, max: 3 }),
  // Short ones, so that several sessions end in one moment.
  silenceMs: fc.constantFrom(600, 10_000),
  sessionMs: fc.constantFrom(1_000, 60_000),
  maxSideBytes: fc.constantFrom(0, 600, 1_000_000),
  resolveEveryMs: fc.constantFrom(undefined, 1_000),
})

describe('whatever other nodes answer', () => {
  it('a node reports on each, keeps a valid chain with no less work, and rests', () => {
    fc.assert(
      fc.property(worlds, ({ peers: all, maxSideBytes, resolveEveryMs, ...some }) => {
        const peers = Object.fromEntries(all.map((script, i) => [`p${i}:1`, peerOf(script)]))
        const syncLimits = limits(some)
        const options = { spec: FREE, syncLimits, maxSideBytes, resolveEveryMs }
        const network = new Network(peers, options)
        give(network.chain, OURS)
        network.runFor(2_500)
        const { report } = network.resolve()
        expect(report.map(verdictOf)).toHaveLength(all.length)
        expect(network.nowMs - START_MS).toBeLessThan(10 * 60_000)

        const { chain, store } = network
        expect(chain.length).toBeGreaterThanOrEqual(OURS.length)
        const blocks = Array.from({ length: chain.length }, (_, i) => chain.block(i + 1) ?? genesis)
        expect(chain.checkChain(blocks)).toMatchObject({ valid: true, length: chain.length })
        // One whose turn comes when its time is over is ended by a tick of the same moment.
        expect(network.wastedTicks).toBeLessThanOrEqual(all.length)
        expect(network.staleStops).toBe(0)
        if (resolveEveryMs !== undefined) return
        network.run()
        expect(network.node.wakeAtMs).toBeUndefined()
        expect(store.sideBytes()).toBeLessThanOrEqual(maxSideBytes)
      }),
      { numRuns: 400 },
    )
  })
})
