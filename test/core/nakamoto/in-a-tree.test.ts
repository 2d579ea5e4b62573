/** These rules under the tree that every node has: blocks as JSON, forks, what the ledger refuses. */
import { describe, expect, it } from 'vitest'
import type { Consensus } from '../../../src/core/consensus.ts'
import { parseJson } from '../../../src/core/json/json.ts'
import type { NakamotoRules } from '../../../src/core/nakamoto/rules.ts'
import type { Spec } from '../../../src/core/spec.ts'
import { BlockChain } from '../../../src/node/chain/blockchain.ts'
import { MemoryStore } from '../../../src/node/store/memory-store.ts'
import { outcome } from '../thrown.ts'
import { usual } from './flaws.ts'
import { ALICE, BOB, CAROL, MINER, NOBODY, signed } from './people.ts'
import { World, type WorldOptions } from './world.ts'

const NO_PUZZLE = { type: 'decimal', before: '', after: '', zeros: 0 } as const

/** The rules as a node takes them, but for mining: a node has no puzzle for headers yet. */
function consensusOf(rules: NakamotoRules): Consensus {
  return {
    ...rules,
    puzzle: () => NO_PUZZLE,
    template: () => {
      throw new Error('these blocks are mined elsewhere')
    },
    apart: {
      decodeHeader: () => {
        throw new Error('a header alone does not say its index')
      },
      decodeBody: rules.decodeBody,
    },
    pool: { blockBytes: 1_000_000, returned: rules.returned },
  }
}

function chainOf(world: World): { chain: BlockChain; store: MemoryStore } {
  const store = new MemoryStore()
  const spec: Spec = { name: 'nakamoto', text: '{}', rules: consensusOf(world.rules) }
  return { chain: new BlockChain({ spec, store }), store }
}

function give(chain: BlockChain, { rules, blocks, timeSec }: World): void {
  for (const block of blocks.slice(1)) {
    chain.addBlock(rules.blockJson(block), 1_000 * timeSec)
  }
}

function statesIn(store: MemoryStore): Record<string, string | undefined> {
  const people = [ALICE, BOB, CAROL, MINER, NOBODY]
  return Object.fromEntries(people.map(({ address }) => [address, store.account(address)]))
}

function statesOf({ ledger }: World): Record<string, string | undefined> {
  const people = [ALICE, BOB, CAROL, MINER, NOBODY]
  return Object.fromEntries(people.map(({ address }) => [address, ledger.account(address)]))
}

describe.each<WorldOptions>([
  {},
  { difficulty: { type: 'lwma', spacingSec: 15, window: 5 }, pace: 12 },
  { difficulty: { type: 'asert', spacingSec: 15, halfLifeSec: 60 }, pace: 12 },
])('a tree of blocks: %j', (options) => {
  it('has the ledger that its blocks make', () => {
    const world = new World(options)
    const draft = world.draft()
    usual(draft, world)
    world.add(draft)
    const { chain, store } = chainOf(world)
    give(chain, world)
    expect(chain.tip.hash).toBe(world.tip.hash)
    expect(chain.lastBlock).toEqual(world.blocks.at(-1))
    expect(statesIn(store)).toEqual(statesOf(world))
    expect(chain.tip.chainwork).toBe(
      world.headers.reduce((sum, header) => sum + world.rules.work(header), 0n),
    )
  })

  it('reorganises to the branch with more work, and gives payments back', () => {
    const short = new World({ ...options, height: 10 })
    const draft = short.draft()
    usual(draft, short)
    short.add(draft)
    // Quicker, so never easier, and longer.
    const long = new World({ ...options, pace: (options.pace ?? 15) - 1, height: 14 })
    expect(long.rules.chain).toBe(short.rules.chain)
    const { chain, store } = chainOf(short)
    give(chain, short)
    give(chain, long)
    expect(chain.tip.hash).toBe(long.tip.hash)
    expect(statesIn(store)).toEqual(statesOf(long))
    const paid =
      short.blocks
        .at(-1)
        ?.transactions.slice(1)
        .map(({ key }) => key) ?? []
    const waiting = chain.currentTransactions.map(({ key }) => key)
    expect(waiting).toEqual(expect.arrayContaining(paid))
    // The other way round it is the same.
    const other = chainOf(long)
    give(other.chain, long)
    give(other.chain, short)
    expect(other.chain.tip.hash).toBe(long.tip.hash)
    expect(statesIn(other.store)).toEqual(statesOf(long))
  })

  it('condemns what the ledger refuses, and takes the next block as if nothing had been', () => {
    const world = new World(options)
    const { chain, store } = chainOf(world)
    give(chain, world)
    const before = statesIn(store)
    const draft = world.draft()
    usual(draft, world)
    const bad = {
      ...draft,
      payments: draft.payments.map((p) => ({ ...p, amount: 2_000_000_000n })),
    }
    const raw = world.build(bad)
    const header = world.rules.decodeHeader(raw.header, () => world.tip.index + 1)
    const block = world.rules.decodeBody(header, raw.body)
    chain.addBlock(world.rules.blockJson(block))
    expect(chain.tip.hash).toBe(world.tip.hash)
    expect(statesIn(store)).toEqual(before)
    const next = world.add(draft)
    chain.addBlock(world.rules.blockJson(next))
    expect(statesIn(store)).toEqual(statesOf(world))
  })
})

describe('a payment that waits', () => {
  it('is what its JSON says, signed', () => {
    const world = new World()
    const { chain } = chainOf(world)
    const draft = world.draft()
    usual(draft, world)
    const [first] = draft.payments
    if (first === undefined) throw new Error('no payment')
    const payment = world.rules.decodeTransaction(Buffer.from(signed(first)).toString('hex'))
    expect(chain.admit(parseJson(payment.text)).transaction).toEqual(payment)
    const forged = payment.text.replace('"amount": 100,', '"amount": 101,')
    expect(outcome(() => chain.admit(parseJson(forged)))).toBe('bad-txns-signature')
    expect(outcome(() => chain.addTransaction({ sender: 'a', recipient: 'b', amount: 1 }))).toBe(
      'bad-transaction-keys',
    )
  })
})
