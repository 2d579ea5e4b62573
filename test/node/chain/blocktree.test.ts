import { describe, expect, it } from 'vitest'
import { BlockChain } from '../../../src/node/chain/blockchain.ts'
import { MemoryStore } from '../../../src/node/store/memory-store.ts'
import { blockAfter, branch, EASY, payment } from '../../helpers/chains.ts'
import { codeOf } from '../../helpers/errors.ts'
import { fc } from '../../helpers/fast-check.ts'

const { genesis } = EASY.rules

describe('side branches', () => {
  const [first] = branch(genesis, 1, 1)
  const bytes = first?.text.length ?? 0

  function chainWith(maxSideBytes: number) {
    const store = new MemoryStore()
    const chain = new BlockChain({ spec: EASY, store, maxSideBytes })
    for (const block of branch(genesis, 3, 0)) chain.addBlock(block)
    return { store, chain }
  }

  it('are kept to the last byte of their limit', () => {
    const { store, chain } = chainWith(2 * bytes)
    for (const salt of [1, 2])
      chain.addBlock(blockAfter(genesis, { salt, rewardTo: `miner-${salt}` }))
    expect(store.sideTips(10)).toHaveLength(2)
    expect(store.sideBytes()).toBe(2 * bytes)
  })

  it('go past it, least work first and of those the last come', () => {
    const { store, chain } = chainWith(2 * bytes)
    const tall = branch(genesis, 2, 1)
    for (const block of tall) chain.addBlock(block)
    const late = blockAfter(genesis, { salt: 2, rewardTo: 'miner-2' })
    chain.addBlock(late)
    expect(store.header(late.header.hash)).toBeUndefined()
    expect(store.sideTips(10).map(({ hash }) => hash)).toEqual([tall[1]?.header.hash])
    expect(chain.addBlock(late).added.hash).toBe(late.header.hash)
  })

  it('go from their end downwards, and stop where another branch needs the rest', () => {
    const { store, chain } = chainWith(4 * bytes)
    const [a, b] = branch(genesis, 2, 1)
    if (a === undefined || b === undefined) throw new Error('two blocks')
    const [c, d] = [3, 4].map((salt) => blockAfter(a, { salt, rewardTo: `miner-${salt}` }))
    for (const block of [a, b, c, d]) if (block !== undefined) chain.addBlock(block)
    for (const salt of [5, 6, 7])
      chain.addBlock(blockAfter(genesis, { salt, rewardTo: `miner-${salt}` }))
    expect(store.header(a.header.hash)).toBeDefined()
    expect(store.sideTips(10).map(({ hash }) => hash)).toEqual(
      [b, c, d].map((block) => block?.header.hash),
    )
  })

  it('may hang from another genesis, which goes with them', () => {
    const { store, chain } = chainWith(0)
    const foreign = chain.addBlock(genesis.text.replace('1767225600.0', '7')).added
    expect(store.header(foreign.hash)).toBeUndefined()
    expect(store.sideBytes()).toBe(0)
  })

  it('may be our own, after we lost', () => {
    const { store, chain } = chainWith(bytes)
    const theirs = branch(genesis, 4, 5)
    chain.resolveConflicts([[genesis, ...theirs]])
    expect(chain.tip.hash).toBe(theirs[3]?.header.hash)
    expect(store.sideBytes()).toBeLessThanOrEqual(bytes)
  })

  it('do not eat a candidate that is being adopted', () => {
    const { chain } = chainWith(bytes)
    const theirs = branch(genesis, 20, 6)
    expect(chain.resolveConflicts([[genesis, ...theirs]]).replaced).toBe(true)
    expect(chain.length).toBe(21)
  })
})

describe('the tree', () => {
  it('moves to a branch from another genesis: nothing is shared', () => {
    const chain = new BlockChain({ spec: EASY })
    const foreign = chain.addBlock(genesis.text.replace('1767225600.0', '7'))
    expect(foreign.connected).toEqual([])
    const text = chain.block(foreign.added.hash)
    if (text === undefined) throw new Error('the block is kept')
    const change = chain.addBlock(blockAfter(text))
    expect(change.fork).toBeUndefined()
    expect(change.disconnected.map(({ hash }) => hash)).toEqual([genesis.header.hash])
  })

  it('refuses a wrong proof on a side branch as on the chain', () => {
    const chain = new BlockChain({ spec: EASY })
    const [a, b] = branch(genesis, 2, 1)
    if (a === undefined || b === undefined) throw new Error('two blocks')
    chain.addBlock(a)
    chain.addBlock(b)
    const side = blockAfter(genesis, { salt: 4 })
    chain.addBlock(side)
    const child = blockAfter(side)
    const wrong = child.text.replace(`"proof": ${child.header.proof},`, '"proof": 0,')
    expect(codeOf(() => chain.addBlock(wrong))).toBe('high-hash')
  })
})

describe('any order of delivery', () => {
  /** A random tree: block i hangs from an earlier one, and some blocks carry payments. */
  const trees = fc.array(
    fc.record({ parent: fc.nat(), paid: fc.array(fc.nat(3), { maxLength: 2 }) }),
    { minLength: 1, maxLength: 14 },
  )

  function grow(shape: readonly { parent: number; paid: number[] }[]) {
    const blocks = [genesis]
    for (const [i, { parent, paid }] of shape.entries()) {
      const from = blocks[parent % blocks.length] ?? genesis
      const transactions = paid.map((n) => payment(`p${n}`, 'x'))
      blocks.push(blockAfter(from, { transactions, rewardTo: 'm', salt: i + 1 }))
    }
    return blocks.slice(1)
  }

  it('ends at the most work, with every payment confirmed or current exactly as often', () => {
    fc.assert(
      fc.property(trees, fc.infiniteStream(fc.nat()), (shape, order) => {
        const blocks = grow(shape)
        const chain = new BlockChain({ spec: EASY })
        const sent = blocks.flatMap(({ transactions }) => transactions.slice(0, -1))
        const waiting = [...blocks]
        while (waiting.length > 0) {
          const ready = waiting.filter(({ header }) => {
            return header.parent !== undefined && chain.block(header.parent) !== undefined
          })
          const next = ready[(order.next().value ?? 0) % ready.length]
          if (next === undefined) throw new Error('a block whose parent is there')
          waiting.splice(waiting.indexOf(next), 1)
          chain.addBlock(next)
        }
        const most = Math.max(...blocks.map(({ header }) => header.index))
        expect(chain.length).toBe(most)
        expect(chain.tip.chainwork).toBe(BigInt(most))
        // What is current came from a block that was abandoned, and is in none of the chain's.
        const confirmed = Array.from(
          { length: most },
          (_, i) => chain.block(i + 1)?.transactions ?? [],
        )
        const keys = new Set(sent.map(({ key }) => key))
        for (const { key } of chain.currentTransactions) expect(keys.has(key)).toBe(true)
        const total = (key: string) =>
          confirmed.flat().filter((t) => t.key === key).length +
          chain.currentTransactions.filter((t) => t.key === key).length
        for (const key of keys)
          expect(total(key)).toBeLessThanOrEqual(sent.filter((t) => t.key === key).length)
        expect(chain.checkChain(confirmed.map((_, i) => chain.block(i + 1) ?? genesis)).valid).toBe(
          true,
        )
      }),
    )
  })
})
