import { describe, expect, it } from 'vitest'
import type { Block } from '../../../src/core/block.ts'
import { blockAfter, chainText, EASY } from '../../helpers/chains.ts'
import {
  answerTo,
  FREE,
  foreignGenesis,
  give,
  honest,
  limits,
  longBranch,
  questionOf,
  saying,
  told,
} from './peer-scripts.ts'
import { Network, type Peer } from './scripted-peers.ts'
import { verdictOf, verdicts } from './verdict-texts.ts'

const { genesis } = EASY.rules
const OURS = [genesis, ...longBranch(genesis, 9, 1)]
const THEIRS = [...OURS.slice(0, 3), ...longBranch(OURS[2] ?? genesis, 20, 2)]
const GREETING = '/chain?from=10&limit=5'
const FIRST_BATCH = '/chain?from=4&limit=5'
const LATER_BATCH = '/chain?from=9&limit=5'

function expectNothingOf(network: Network) {
  expect(network.chain.tip.hash).toBe(OURS[9]?.header.hash)
  expect(network.store.sideTips(9)).toEqual([])
  expect(network.store.sideBytes()).toBe(0)
}

/** The block with a link to nowhere. */
function unlinked({ text }: Block): string {
  return text.replace(/[0-9a-f]{64}/, 'f'.repeat(64))
}

function indexed({ text }: Block, index: number): string {
  return text.replace(/"index": \d+/, `"index": ${index}`)
}

/** Answers honestly but for one path, where a block at a place of the answer is changed. */
function changing(at: string, place: number, change: (block: Block) => string): Peer {
  return (path) => {
    const { from, limit } = questionOf(path)
    const blocks = THEIRS.slice(from - 1, from - 1 + limit)
    const texts = blocks.map((block, i) =>
      path === at && i === place ? change(block) : block.text,
    )
    return told(`{"chain": [${texts.join()}], "length": ${THEIRS.length}}`)
  }
}

function attempt(peer: Peer, ours = OURS, options = {}) {
  const network = new Network(
    { 'peer:1': peer },
    { spec: FREE, syncLimits: limits({ batchBlocks: 5 }), ...options },
  )
  give(network.chain, ours)
  const said = network.resolve().report.map(verdictOf).join()
  return {
    network,
    said,
    asked: (path: string) => network.paths().filter((p) => p === path).length,
  }
}

describe('a link that is broken', () => {
  it.each([
    ['a batch', FIRST_BATCH, 4],
    ['a later batch', LATER_BATCH, 9],
  ])(
    'at the first block of %s may be of a chain that changes: it is asked once more',
    (_, path, block) => {
      const { said, asked, network } = attempt(changing(path, 0, unlinked))
      expect(said, 'the same again is no change').toBe(`invalid bad-previous-hash at ${block}`)
      expect(asked(GREETING)).toBe(2)
      expect(asked(path)).toBe(2)
      expectNothingOf(network)
    },
  )

  it('inside of batches is broken the third time', () => {
    // Each time another chain, so that its blocks are none that came before.
    const chains = [4, 5, 6].map((salt) => [genesis, ...longBranch(genesis, 20, salt)])
    let greetings = 0
    const peer: Peer = (path) => {
      const { from, limit } = questionOf(path)
      if (path === GREETING) greetings++
      const chain = chains[greetings - 1] ?? []
      const texts = chain.map((block) => (block.header.index === 5 ? unlinked(block) : block.text))
      return told(`[${texts.slice(from - 1, from - 1 + limit).join()}]`)
    }
    const { said, asked, network } = attempt(peer)
    expect(said).toBe('invalid bad-previous-hash at 5')
    expect(asked(GREETING)).toBe(3)
    expectNothingOf(network)
  })

  it('of a chain that stays as it is is named, wherever it comes in an answer', () => {
    const texts = THEIRS.map((block, i) => (i === 5 ? unlinked(block) : block.text))
    const peer: Peer = (path) => {
      const { from, limit } = questionOf(path)
      return told(`[${texts.slice(from - 1, from - 1 + limit).join()}]`)
    }
    const { said, asked, network } = attempt(peer)
    expect(said).toBe('invalid bad-previous-hash at 6')
    expect([asked(GREETING), asked(FIRST_BATCH), asked('/chain?from=6&limit=5')]).toEqual([2, 1, 1])
    expectNothingOf(network)
  })

  it('in the greeting, after our tip, is asked for once more', () => {
    const [next = genesis] = longBranch(OURS[9] ?? genesis, 1, 1)
    const body = [OURS[9]?.text, unlinked(next)].join()
    const { said, asked } = attempt(saying(`[${body}]`))
    expect(said).toBe('invalid bad-previous-hash at 11')
    expect(asked(GREETING)).toBe(2)
  })

  it('is broken at once where the answer is the whole chain', () => {
    const texts = THEIRS.map((block, i) => (i === 14 ? unlinked(block) : block.text))
    const { said, network } = attempt(saying(`[${texts.join()}]`))
    expect(said).toBe('invalid bad-previous-hash at 15')
    expect(network.asks).toHaveLength(1)
  })

  it.each([
    [1, 2],
    [3, 4],
    [4, 5],
    [5, 6],
    [7, 8],
  ])('is broken at once in an answer from 1 on: at place %i, block %i', (place, index) => {
    const texts = THEIRS.map((block, i) => (i === place ? unlinked(block) : block.text))
    for (const count of [index, THEIRS.length]) {
      const { said, network } = attempt(saying(`[${texts.slice(0, count).join()}]`), [genesis])
      expect(said).toBe(`invalid bad-previous-hash at ${index}`)
      expect(network.asks).toHaveLength(1)
    }
  })

  it('and healed before it was asked a third time did no wrong', () => {
    const broken = changing(FIRST_BATCH, 2, unlinked)
    let batches = 0
    const peer: Peer = (path, ordinal) => {
      if (path === FIRST_BATCH) batches++
      return (batches <= 2 ? broken : honest(THEIRS))(path, ordinal)
    }
    expect(attempt(peer).said).toBe('adopted')
  })
})

describe('an index that is wrong', () => {
  it.each([
    ['at the first block of a batch', FIRST_BATCH, 0, 5, 'misbehaved wrong-part'],
    ['at the first block of a batch', FIRST_BATCH, 0, 3, 'misbehaved wrong-part'],
    ['at the first block of a later batch', LATER_BATCH, 0, 10, 'misbehaved wrong-part'],
    ['later in a batch', FIRST_BATCH, 1, 6, 'invalid bad-index at 5'],
    ['later in a batch, as if it came again', LATER_BATCH, 3, 11, 'invalid bad-index at 12'],
  ])('%s %s is so at once', (_, path, place, index, expected) => {
    const { said, asked } = attempt(changing(path, place, (block) => indexed(block, index)))
    expect(said).toBe(expected)
    expect(asked(GREETING)).toBe(1)
  })

  it('comes before a link that is broken as well', () => {
    const both = (block: Block) => unlinked(block).replace(/"index": \d+/, '"index": 99')
    expect(attempt(changing(FIRST_BATCH, 2, both)).said).toBe('invalid bad-index at 6')
    const texts = THEIRS.map((block, i) => (i === 14 ? both(block) : block.text))
    expect(attempt(saying(`[${texts.join()}]`)).said).toBe('invalid bad-index at 15')
  })

  it('is wrong in the same block as in a chain that is checked as one', () => {
    for (const change of [unlinked, (block: Block) => indexed(block, 3)]) {
      const texts = THEIRS.map((block, i) => (i === 7 ? change(block) : block.text))
      const { said, network } = attempt(saying(`[${texts.join()}]`))
      expect(network.chain.checkChain(`[${texts.join()}]`)).toMatchObject({
        valid: false,
        block: 8,
      })
      expect(said).toMatch(/ at 8$/)
    }
  })
})

describe('an answer that begins with block 1', () => {
  it('where a batch was asked for is the whole chain, and is read on as such', () => {
    const peer: Peer = (path, ordinal) =>
      path === FIRST_BATCH
        ? told(chainText(THEIRS))
        : honest(THEIRS, { pieceChars: 300 })(path, ordinal)
    const { said, network } = attempt(peer)
    expect(said).toBe('adopted')
    expect(network.paths().at(-1)).toBe(FIRST_BATCH)
  })

  it('where a later batch was asked for is the whole chain as well, and may be another', () => {
    const other = [genesis, ...longBranch(genesis, 30, 7)]
    const peer: Peer = (path, ordinal) =>
      path === LATER_BATCH ? told(chainText(other)) : honest(THEIRS)(path, ordinal)
    const { said, network } = attempt(peer)
    expect(said).toBe('adopted')
    expect(network.chain.tip.hash).toBe(other.at(-1)?.header.hash)
  })

  it('where a single block was asked for is none of it', () => {
    const peer: Peer = (path, ordinal) =>
      questionOf(path).limit === 1 ? told(chainText(THEIRS)) : honest(THEIRS)(path, ordinal)
    expect(attempt(peer).said).toBe('misbehaved wrong-part')
  })
})

describe('a batch with nothing in it', () => {
  it.each(['0', '1', '24', '"none"'])(
    'where not even the genesis is shared, and the length %s, is refused as the peer’s doing',
    (length) => {
      const other = foreignGenesis()
      const theirs = [other, ...longBranch(other, 23, 2)]
      const peer: Peer = (path, ordinal) =>
        path === '/chain?from=1&limit=5'
          ? told(`{"chain": [], "length": ${length}}`)
          : honest(theirs)(path, ordinal)
      const { said, network } = attempt(peer)
      expect(said).toMatch(/^(invalid|misbehaved) /)
      expect(network.paths()).toContain('/chain?from=1&limit=5')
      expectNothingOf(network)
    },
  )

  const empty = (length: number | string, times: number): Peer => {
    let batches = 0
    return (path, ordinal) => {
      if (path === LATER_BATCH) batches++
      return path === LATER_BATCH && batches <= times
        ? told(`{"chain": [], "length": ${length}}`)
        : honest(THEIRS)(path, ordinal)
    }
  }

  it.each([1, 2])('and fewer blocks said than came changed %i time(s), and is read', (times) => {
    const { said, asked } = attempt(empty(7, times))
    expect(said).toBe('adopted')
    expect(asked(GREETING)).toBe(times + 1)
  })

  it('and fewer blocks said than came is unstable the third time', () => {
    expect(attempt(empty(7, 9)).said).toBe('misbehaved unstable')
  })

  it.each([
    [8, 'shorter'],
    [9, 'shorter bad-length'],
    ['"none"', 'shorter'],
  ])('and the length %s is the end: %s', (length, expected) => {
    const { said, asked } = attempt(empty(length, 9))
    expect(said).toBe(expected)
    expect(asked(GREETING)).toBe(1)
  })
})

describe('a branch of ours that is forgotten while a session stands on it', () => {
  it('before that is known costs the node nothing: it is read from further below', () => {
    const side = longBranch(genesis, 1, 3)
    const theirs = [genesis, ...side, ...longBranch(side[0] ?? genesis, 20, 3)]
    const other = blockAfter(OURS[8] ?? genesis, { spec: FREE, salt: 8, rewardTo: 'other' })
    const network = new Network(
      { 'peer:1': (path) => told(answerTo(path, theirs), { afterMs: 10 }) },
      { spec: FREE, maxSideBytes: other.text.length + 99 },
    )
    give(network.chain, [...OURS, ...side])
    const id = network.request({ type: 'resolve' })
    while (network.paths().at(-1) !== '/chain?from=2&limit=1') network.runFor(1)
    // The one block of the answer has come, and its end has not.
    network.runFor(20)
    network.request({ type: 'add-block', block: other })
    expect(network.chain.header(side[0]?.header.hash ?? genesis.header.hash)).toBeUndefined()
    network.run()
    const { reply } = network.replyOf(id) ?? {}
    expect(reply?.type === 'resolved' && verdicts(reply.report)).toEqual({ 'peer:1': 'adopted' })
    expect(network.paths().filter((path) => path === '/chain?from=10&limit=200')).toHaveLength(2)
  })
})
