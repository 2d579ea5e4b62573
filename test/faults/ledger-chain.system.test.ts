/** The chain under rules that can say no late: work that differs, bodies apart, a ledger that refuses. */
import { describe, expect, it, onTestFinished } from 'vitest'
import { SqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts'
import type { Block, Transaction } from '../../src/core/block.ts'
import type { RuleError } from '../../src/core/errors.ts'
import { parseJson } from '../../src/core/json/json.ts'
import { BlockChain } from '../../src/node/chain/blockchain.ts'
import { MemoryStore } from '../../src/node/store/memory-store.ts'
import { atomically, type Store } from '../../src/node/store/store.ts'
import { refusal } from '../core/thrown.ts'
import { fc } from '../helpers/fast-check.ts'
import { temporaryFolder } from '../helpers/folders.ts'
import {
  blockOf,
  bodyPart,
  branchOf,
  headerPart,
  ledgerSpec,
  MAX_FUTURE_MS,
  MINT,
  paying,
  paymentJson,
} from '../node/rules/ledger-rules.ts'

const SPEC = ledgerSpec()
const { genesis } = SPEC.rules
const GENESIS = genesis.header

const STORES: [string, () => Store][] = [
  ['memory', () => new MemoryStore()],
  ['SQLite', () => sqliteStore(temporaryFolder())],
]

function sqliteStore(folder: string): SqliteStore {
  const store = SqliteStore.open(folder, SPEC)
  onTestFinished(() => store.close())
  return store
}

/** Gives a block in its two parts. */
function give(chain: BlockChain, block: Block) {
  chain.addHeader(headerPart(block))
  return chain.addBody(block.header.hash, bodyPart(block))
}

function giveAll(chain: BlockChain, blocks: readonly Block[]): void {
  for (const block of blocks) give(chain, block)
}

/** What a chain has come to: everything that a fresh node with the same blocks has too. */
function stateOf(chain: BlockChain, store: Store) {
  return {
    tip: chain.tip.hash,
    work: chain.tip.chainwork,
    pool: chain.currentTransactions.map(({ text }) => text),
    accounts: ['bank', 'Lea', 'Mark', 'Zoë', 'miner'].map((name) => store.account(name)),
  }
}

/** What a node has that was given the blocks of a branch and nothing else, and then payments. */
function freshState(blocks: readonly Block[], payments: readonly Transaction[]) {
  const store = new MemoryStore()
  const chain = new BlockChain({ spec: SPEC, store })
  giveAll(chain, blocks)
  for (const { text } of payments) chain.admit(parseJson(text))
  return stateOf(chain, store)
}

describe.each(STORES)('a chain under other rules, on %s', (_name, open) => {
  function opened(spec = SPEC) {
    const store = open()
    return { store, chain: new BlockChain({ spec, store }) }
  }

  it('is the branch with the most work, be it the shorter one', () => {
    const { chain } = opened()
    giveAll(chain, branchOf(genesis, 5))
    const heavy = blockOf(GENESIS, { work: 6 })
    expect(give(chain, heavy).disconnected).toHaveLength(5)
    expect([chain.tip.hash, chain.length]).toEqual([heavy.header.hash, 2])
  })

  it('stays, of equal work, where it was complete first: headers count for nothing', () => {
    const { chain } = opened()
    const [early, late] = [blockOf(GENESIS, { time: 1_001 }), blockOf(GENESIS, { time: 1_002 })]
    chain.addHeader(headerPart(early))
    chain.addHeader(headerPart(late))
    chain.addBody(late.header.hash, bodyPart(late))
    expect(chain.tip.hash).toBe(late.header.hash)
    chain.addBody(early.header.hash, bodyPart(early))
    expect(chain.tip.hash).toBe(late.header.hash)
  })

  it('takes bodies in any order, once every one before is here', () => {
    const { chain } = opened()
    const blocks = branchOf(genesis, 6)
    for (const block of blocks) chain.addHeader(headerPart(block))
    expect(chain.length).toBe(1)
    for (const block of blocks.slice(1).toReversed()) {
      expect(chain.addBody(block.header.hash, bodyPart(block)).connected).toEqual([])
    }
    const [first = genesis] = blocks
    const { connected, tip, added } = chain.addBody(first.header.hash, bodyPart(first))
    expect(connected.map(({ hash }) => hash)).toEqual(blocks.map(({ header }) => header.hash))
    expect([tip.index, added.index]).toEqual([7, 2])
  })

  it('takes the right body after one that belongs to another header, or is none', () => {
    const { chain } = opened()
    const block = blockOf(GENESIS, { transactions: [paying('bank', 'Lea', 5)] })
    const { hash } = chain.addHeader(headerPart(block))
    const wrong = [[paymentJson('bank', 'Mark', 5)], null, [paymentJson('bank', 'Lea', 0)]]
    const codes = wrong.map((json) => (refusal(() => chain.addBody(hash, json)) as RuleError).code)
    expect(codes).toEqual(['bad-txnmrklroot', 'bad-txnmrklroot', 'bad-amount'])
    expect(refusal(() => chain.addBody(hash, null))).toMatchObject({ kind: 'mutated' })
    expect(chain.addBody(hash, bodyPart(block)).tip.hash).toBe(hash)
    expect(refusal(() => chain.addBody(hash, bodyPart(block))).code).toBe('duplicate')
  })

  it('goes on where a body never comes', () => {
    const { chain } = opened()
    chain.addHeader(headerPart(blockOf(GENESIS, { work: 1_000 })))
    const honest = branchOf(genesis, 3)
    giveAll(chain, honest)
    expect(chain.tip.hash).toBe(honest[2]?.header.hash)
  })

  it('takes a block from the future when it is due, and holds nothing against it before', () => {
    const { chain } = opened()
    const block = blockOf(GENESIS, { time: 5_000 })
    const dueMs = 5_000_000 - MAX_FUTURE_MS
    const early = refusal(() => chain.addHeader(headerPart(block), dueMs - 1))
    expect(early).toMatchObject({ code: 'time-too-new', kind: 'future' })
    chain.addHeader(headerPart(block), dueMs)
    expect(chain.addBody(block.header.hash, bodyPart(block)).tip.hash).toBe(block.header.hash)
  })

  it('asks eleven ancestors, on a branch that was never the chain as well', () => {
    const { chain } = opened()
    giveAll(chain, branchOf(genesis, 20))
    const side = branchOf(genesis, 12, { time: 1_003 })
    giveAll(chain, side)
    const end = side[11] ?? genesis
    // Of the eleven before it, the sixth: that of the seventh block of the branch.
    const median = Number(side[6]?.header.timestamp)
    const at = (time: number) => blockOf(end.header, { time })
    expect(refusal(() => give(chain, at(median))).code).toBe('time-too-old')
    expect(give(chain, at(median + 1)).added.index).toBe(14)
  })

  it('is the same whichever way the blocks come', () => {
    const trunk = branchOf(genesis, 3, { work: 2 })
    const bad = blockOf(trunk[2]?.header, { work: 50, transactions: [paying('Zoë', 'Lea', 1)] })
    const onBad = branchOf(bad, 2, { work: 9 })
    const fork = trunk[0] ?? genesis
    const side = branchOf(fork, 4, { work: 3, time: 1_004 })
    const rich = blockOf(side[1]?.header, { work: 7, transactions: [paying('bank', 'Lea', 7)] })
    const blocks = [...trunk, bad, ...onBad, ...side, rich]
    const parts = blocks.flatMap((block) => [
      { block, isBody: false },
      { block, isBody: true },
    ])
    const order = fc.shuffledSubarray(parts, { minLength: parts.length })
    const best = [...trunk.slice(0, 1), ...side.slice(0, 2), rich]
    const expected = freshState(best, [])
    fc.assert(
      fc.property(order, (shuffled) => {
        const { chain, store } = opened()
        let waiting = shuffled
        // What comes before what it stands on is offered again, as a node asks again.
        for (let before = Number.POSITIVE_INFINITY; waiting.length < before; ) {
          before = waiting.length
          waiting = waiting.filter(({ block, isBody }) => !offer(chain, block, isBody))
        }
        for (const { block } of waiting) expect(onBad).toContain(block)
        expect(stateOf(chain, store)).toEqual(expected)
      }),
      { numRuns: 25 },
    )
  })
})

/** Whether a part of a block was taken, or refused for good. */
function offer(chain: BlockChain, block: Block, isBody: boolean): boolean {
  try {
    if (isBody) chain.addBody(block.header.hash, bodyPart(block))
    else chain.addHeader(headerPart(block))
    return true
  } catch (error) {
    const { code } = error as RuleError
    if (code !== 'prev-blk-not-found') expect(['bad-prevblk', 'insufficient-funds']).toContain(code)
    return code !== 'prev-blk-not-found'
  }
}

/** A branch of so many blocks, heavier than ours, that fails to connect at one of them. */
function failingBranch(from: Block, count: number, failing: number): Block[] {
  const blocks: Block[] = []
  let last = from
  for (let i = 0; i < count; i++) {
    const transactions =
      i === failing ? [paying('Zoë', 'Lea', 1)] : [paying('bank', 'Mark', 1), paying(MINT, 'miner')]
    // The last one makes the whole branch heavier than ours.
    const work = i === count - 1 ? 9 : 3
    last = blockOf(last.header, { work, time: 2_000 + 10 * i, transactions })
    blocks.push(last)
  }
  return blocks
}

const PLACES = [1, 10, 500].flatMap((count) => {
  const places = [...new Set([0, Math.floor(count / 2), count - 1])]
  return places.map((failing) => [failing + 1, count] as const)
})

describe.each(STORES)('a branch that fails to connect, on %s', (_name, open) => {
  describe.each(PLACES)('at block %i of %i', (place, count) => {
    const ours = branchOf(genesis, 2, { work: 4 })
    const branch = failingBranch(genesis, count, place - 1)
    const payments = [paying('bank', 'Lea', 2), paying('bank', 'Zoë', 3)]
    const next = blockOf(ours[1]?.header, { work: 1, transactions: payments.slice(0, 1) })

    /** All that comes, bodies last first so that the branch is complete at once, in one transaction. */
    function run() {
      const store = open()
      const chain = new BlockChain({ spec: SPEC, store })
      giveAll(chain, ours)
      const changes = atomically(store, () => {
        chain.admit(parseJson(payments[0]?.text ?? ''))
        for (const block of branch) chain.addHeader(headerPart(block))
        const all = branch.toReversed().map((b) => chain.addBody(b.header.hash, bodyPart(b)))
        chain.admit(parseJson(payments[1]?.text ?? ''))
        give(chain, next)
        return all
      })
      return { store, chain, last: changes.at(-1) }
    }

    it('leaves the best that stands, with ledger and pool as a fresh node has them', () => {
      const { store, chain, last } = run()
      const good = branch.slice(0, place - 1)
      const isPrefixBetter = 3 * good.length > 8
      const best = isPrefixBetter ? good : [...ours, next]
      const left = isPrefixBetter ? payments : payments.slice(1)
      expect(stateOf(chain, store)).toEqual(freshState(best, left))
      expect(last?.condemned.map(({ hash }) => hash)).toEqual([branch[place - 1]?.header.hash])
      expect(chain.length).toBe(best.length + 1)
    })

    it('is refused at once the second time, with the same words, and so is what stands on it', () => {
      const { chain } = run()
      const bad = branch[place - 1] ?? genesis
      expect(refusal(() => chain.addHeader(headerPart(bad)))).toMatchObject({
        code: 'insufficient-funds',
        data: { account: 'Zoë', expected: '1', got: 0, transaction: 0 },
      })
      const after = blockOf(bad.header, { time: 9_000_000 })
      expect(refusal(() => chain.addHeader(headerPart(after))).code).toBe('bad-prevblk')
    })
  })
})

describe('what was condemned', () => {
  it('is remembered by the data, and asked anew under another version of the rules', () => {
    const folder = temporaryFolder()
    const bad = blockOf(GENESIS, { work: 9, transactions: [paying('Zoë', 'Lea', 1)] })
    const code = (version: number) => {
      const store = SqliteStore.open(folder, SPEC)
      try {
        const chain = new BlockChain({ spec: ledgerSpec(version), store })
        return refusal(() => chain.addHeader(headerPart(bad))).code
      } finally {
        store.close()
      }
    }
    const store = SqliteStore.open(folder, SPEC)
    const chain = new BlockChain({ spec: SPEC, store })
    expect(give(chain, bad).condemned).toHaveLength(1)
    store.close()
    expect([code(1), code(1), code(2), code(2)]).toEqual([
      'insufficient-funds',
      'insufficient-funds',
      'duplicate',
      'duplicate',
    ])
  })
})
