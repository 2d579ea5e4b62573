import { describe, expect, it } from 'vitest'
import type { Block } from '../../../src/core/block.ts'
import { blockAfter, branch, EASY, payment } from '../../helpers/chains.ts'
import { fc } from '../../helpers/fast-check.ts'
import {
  FREE,
  foreignGenesis,
  give,
  honest,
  longBranch,
  questionOf,
  tutorial,
} from './peer-scripts.ts'
import { Network } from './scripted-peers.ts'
import { verdictOf, verdicts } from './verdict-texts.ts'

const { genesis } = EASY.rules
const PEER = 'peer:1'
const HEIGHT = 41
const OURS = [genesis, ...branch(genesis, HEIGHT - 1, 1)]
const PAID = payment('Lea', 'Mark', '10.0')

/** A chain of the same blocks as ours but for the last `depth`, and so many more. */
function forkedAt(depth: number, ahead: number, salt = 2): Block[] {
  const shared = OURS.slice(0, HEIGHT - depth)
  const last = shared.at(-1)
  const fork = last ?? foreignGenesis()
  const first = last === undefined ? [fork] : []
  return [...shared, ...first, ...branch(fork, HEIGHT + ahead - shared.length - first.length, salt)]
}

/** Questions that a fork may cost: the greeting, the looks at single blocks, and one batch. */
function mostAsks(depth: number): number {
  if (depth === 0) return 1
  return 1 + Math.floor(2 * Math.log2(depth) + 1) + 1
}

describe('a peer that forks below our tip', () => {
  it.each(Array.from({ length: HEIGHT + 1 }, (_, depth) => depth))(
    'by %i block(s) is adopted, within the bound of questions',
    (depth) => {
      const theirs = forkedAt(depth, 3)
      const network = new Network({ [PEER]: honest(theirs) })
      give(network.chain, OURS)
      const { replaced, report } = network.resolve()
      expect(verdicts(report)).toEqual({ [PEER]: 'adopted' })
      expect(report).toMatchObject([{ length: HEIGHT + 3, tip: theirs.at(-1)?.header.hash }])
      expect(replaced).toBe(true)
      expect(theirs.map((_, i) => network.chain.block(i + 1))).toEqual(theirs)
      // Where not even the genesis is shared, the search goes down to block 1 and no further.
      expect(network.asks.length).toBeLessThanOrEqual(mostAsks(depth))
    },
  )

  it.each([0, 1, 7, 40])(
    'by %i block(s), before it is as long as ours, costs one question',
    (depth) => {
      for (const ahead of [0, -1, -20]) {
        const network = new Network({ [PEER]: honest(forkedAt(depth, ahead)) })
        give(network.chain, OURS)
        network.resolve()
        expect(network.paths()).toEqual([`/chain?from=${HEIGHT}&limit=200`])
        expect(network.chain.tip.hash).toBe(OURS.at(-1)?.header.hash)
      }
    },
  )

  it('is left in the middle of its first answer once that is known, and looked at block by block', () => {
    const network = new Network({ [PEER]: honest(forkedAt(4, 5), { pieceChars: 50 }) })
    give(network.chain, OURS)
    network.resolve()
    const froms = network.paths().map((path) => questionOf(path))
    expect(froms).toEqual([
      { from: 41, limit: 200 },
      { from: 40, limit: 1 },
      { from: 38, limit: 1 },
      { from: 34, limit: 1 },
      { from: 36, limit: 1 },
      { from: 37, limit: 1 },
      { from: 38, limit: 200 },
    ])
    expect(network.asks[0]?.stoppedMs).toBeDefined()
    expect(network.asks[0]?.bytes).toBeLessThan(700)
  })

  it('far below is found with few questions and few bytes, however long the chain', () => {
    const long = [genesis, ...longBranch(genesis, 2_000)]
    const fork = long[1_996]
    if (fork === undefined) throw new Error('long enough')
    const network = new Network(
      { [PEER]: honest([...long.slice(0, 1_997), ...longBranch(fork, 7, 3)], { pieceChars: 500 }) },
      { spec: FREE },
    )
    give(network.chain, long)
    expect(verdicts(network.resolve().report)).toEqual({ [PEER]: 'adopted' })
    expect(network.asks.length).toBeLessThanOrEqual(mostAsks(4))
    expect(network.asks.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(10_000)
  })

  it('by several hundred blocks is read in batches', () => {
    const ours = [genesis, ...longBranch(genesis, 500, 1)]
    const fork = ours[20]
    if (fork === undefined) throw new Error('long enough')
    const theirs = [...ours.slice(0, 21), ...longBranch(fork, 900, 2)]
    const network = new Network({ [PEER]: honest(theirs) }, { spec: FREE })
    give(network.chain, ours)
    expect(verdicts(network.resolve().report)).toEqual({ [PEER]: 'adopted' })
    expect(network.chain.tip.hash).toBe(theirs.at(-1)?.header.hash)
    expect(network.asks.length).toBeLessThanOrEqual(mostAsks(480) - 1 + Math.ceil(900 / 200))
  })

  it('keeps every payment of the blocks that we abandon, once', () => {
    for (let depth = 1; depth < 8; depth++) {
      const network = new Network({ [PEER]: honest(paying('them', depth, 3)) })
      give(network.chain, paying('us', depth, 0))
      network.resolve()
      const inBlocks = Array.from(
        { length: network.chain.length },
        (_, i) => network.chain.block(i + 1)?.transactions ?? [],
      ).flat()
      const all = [...inBlocks, ...network.chain.currentTransactions]
      expect(all.filter(({ key }) => key === PAID.key)).toHaveLength(8)
      expect(all.filter(({ sender }) => sender === 'us')).toHaveLength(depth)
      expect(all.filter(({ sender }) => sender === 'them')).toHaveLength(depth + 3)
    }
  })

  /** Nine blocks; those after the fork are of one side. Each but the genesis pays PAID as well. */
  function paying(side: string, depth: number, ahead: number): Block[] {
    const blocks: Block[] = [genesis]
    let last = genesis
    for (let i = 1; i <= 8 + ahead; i++) {
      const own = i > 8 - depth ? [payment(side, 'x', `${i}`)] : []
      const both = i <= 8 ? [PAID] : []
      const salt = own.length === 0 ? 0 : side.length
      last = blockAfter(last, { transactions: [...own, ...both], salt })
      blocks.push(last)
    }
    return blocks
  }
})

describe('two peers that are both ahead', () => {
  it('leave us on the longest chain, however their answers are interleaved', () => {
    const manner = fc.record({
      afterMs: fc.integer({ min: 1, max: 9 }),
      pieceChars: fc.integer({ min: 40, max: 2_000 }),
    })
    const peer = fc.record({
      depth: fc.nat({ max: HEIGHT }),
      ahead: fc.integer({ min: 1, max: 6 }),
      manner,
      ignoresQuery: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.tuple(peer, peer, peer), (peers) => {
        const chains = peers.map(({ depth, ahead }, i) => forkedAt(depth, ahead, i + 2))
        const scripts = peers.map(({ manner, ignoresQuery }, i) => {
          const script = ignoresQuery ? tutorial : honest
          return [`p${i}:1`, script(chains[i] ?? [], manner)] as const
        })
        const network = new Network(Object.fromEntries(scripts))
        give(network.chain, OURS)
        const { report, replaced } = network.resolve()
        const longest = Math.max(...chains.map(({ length }) => length))
        expect(network.chain.length).toBe(longest)
        expect(chains.map((blocks) => blocks.at(-1)?.header.hash)).toContain(network.chain.tip.hash)
        expect(replaced).toBe(true)
        for (const [i, entry] of report.entries()) {
          const isLongest = chains[i]?.length === longest
          expect(isLongest ? ['adopted', 'tie', 'same'] : ['shorter']).toContain(verdictOf(entry))
        }
      }),
      { numRuns: 40 },
    )
  })
})
