import { describe, expect, it } from 'vitest'
import type { Block } from '../../../src/core/block.ts'
import type { Consensus } from '../../../src/core/consensus.ts'
import { BlockChain } from '../../../src/node/chain/blockchain.ts'
import { MemoryStore } from '../../../src/node/store/memory-store.ts'
import { SharedBlocks } from '../../../src/node/store/shared-blocks.ts'
import { EASY } from '../../helpers/chains.ts'
import {
  blockOf,
  bodyPart,
  branchOf,
  headerPart,
  ledgerRules,
  ledgerSpec,
  paying,
} from '../rules/ledger-rules.ts'
import { storeContract } from './store-contract.ts'

storeContract('MemoryStore', { open: () => new MemoryStore() })

// The blocks of one test are those of others too: most are there already when a store puts them.
const inCommon = new SharedBlocks()
storeContract('MemoryStore on blocks that others have', {
  open: () => new MemoryStore({ shared: inCommon }),
})

describe('nodes on shared blocks', () => {
  /** Rules that count how often they are asked. */
  function countingRules(): { rules: Consensus; asked: { place: number; connect: number } } {
    const asked = { place: 0, connect: 0 }
    const rules = ledgerRules()
    const counting: Consensus = {
      ...rules,
      checkPlace: (header, past) => {
        asked.place++
        rules.checkPlace(header, past)
      },
      connect: (block, ledger) => {
        asked.connect++
        return rules.connect(block, ledger)
      },
    }
    return { rules: counting, asked }
  }

  function nodes(count: number) {
    const { rules, asked } = countingRules()
    const shared = new SharedBlocks()
    const chains = Array.from({ length: count }, () => {
      const store = new MemoryStore({ shared })
      const chain = new BlockChain({ spec: { ...ledgerSpec(), rules }, store })
      return { chain, store }
    })
    return { chains, asked, genesis: rules.genesis }
  }

  function add({ chain }: { chain: BlockChain }, block: Block) {
    chain.keep(block)
    const header = chain.header(block.header.hash)
    if (header === undefined) throw new Error('the block is kept')
    for (const move = chain.activate(header); move.next().done !== true; );
  }

  /** As it comes: a header, then its body. */
  function deliver(chain: BlockChain, block: Block) {
    chain.addHeader(headerPart(block))
    return chain.addBody(block.header.hash, bodyPart(block))
  }

  it('check and connect a block once, and each has the ledger that it leaves', () => {
    const { chains, asked, genesis } = nodes(3)
    const block = blockOf(genesis.header, { transactions: [paying('bank', 'Lea', 7)] })
    const after = blockOf(block.header, { transactions: [paying('Lea', 'Mark', 2)] })
    const before = { ...asked }
    for (const node of chains) for (const each of [block, after]) add(node, each)
    expect(asked).toEqual({ place: before.place + 2, connect: before.connect + 2 })
    const [first, ...others] = chains.map(({ store }) =>
      ['bank', 'Lea', 'Mark'].map((name) => store.account(name)),
    )
    expect(first).toEqual(['993', '5', '2'])
    for (const other of others) expect(other).toEqual(first)
  })

  it('undo it each for itself', () => {
    const { chains, genesis } = nodes(2)
    const block = blockOf(genesis.header, { transactions: [paying('bank', 'Lea', 7)] })
    for (const node of chains) add(node, block)
    const [one, two] = chains
    if (one === undefined || two === undefined) throw new Error('two nodes')
    for (const each of branchOf(genesis, 2, { work: 5 })) deliver(one.chain, each)
    expect([one.store.account('Lea'), two.store.account('Lea')]).toEqual([undefined, '7'])
    expect([one.chain.length, two.chain.length]).toEqual([3, 2])
  })

  it('refuse a block that one has found wrong, each by its own account', () => {
    const { chains, asked, genesis } = nodes(2)
    const block = blockOf(genesis.header, { transactions: [paying('Zoë', 'Lea', 7)] })
    for (const { chain } of chains) {
      const before = asked.connect
      const change = deliver(chain, block)
      expect(change.condemned.map(({ condemned }) => condemned?.code)).toEqual([
        'insufficient-funds',
      ])
      expect(asked.connect - before).toBe(chain === chains[0]?.chain ? 1 : 0)
      expect(chain.length).toBe(1)
      expect(() => deliver(chain, block)).toThrow('an account pays more than it has')
    }
  })

  it('keep each its own text of a hash that several texts have', () => {
    const shared = new SharedBlocks()
    const [one, two] = [1, 2].map(() => {
      const store = new MemoryStore({ shared })
      return { chain: new BlockChain({ spec: EASY, store }), store }
    })
    if (one === undefined || two === undefined) throw new Error('two nodes')
    one.chain.addTransaction({ sender: 'Lea', recipient: 'Mark', amount: '10000000.0' })
    const { block } = one.chain.newBlock({ proof: one.chain.proofOfWork(), timestampMs: 0 })
    const other = block.text.replace('10000000.0', '1e7')
    expect(other).not.toBe(block.text)
    expect(two.chain.addBlock(other).tip.hash).toBe(block.header.hash)
    expect([one.store.text(block.header.hash), two.store.text(block.header.hash)]).toEqual([
      block.text,
      other,
    ])
  })
})
