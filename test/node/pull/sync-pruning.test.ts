import { describe, expect, it } from 'vitest'
import type { Block } from '../../../src/core/block.ts'
import { BlockTree, plantGenesis } from '../../../src/node/chain/blocktree.ts'
import { MemoryStore } from '../../../src/node/store/memory-store.ts'
import { branch, EASY } from '../../helpers/chains.ts'
import { FREE, give, honest, limits, longBranch } from './peer-scripts.ts'
import { Network } from './scripted-peers.ts'
import { verdicts } from './verdict-texts.ts'

const { genesis } = EASY.rules
const OURS = [genesis, ...longBranch(genesis, 60, 1)]

function sizeOf(blocks: readonly Block[]): number {
  return blocks.reduce((sum, { text }) => sum + text.length, 0)
}

describe('side branches', () => {
  it('that other nodes have sent and that lost are forgotten past the limit', () => {
    const store = new MemoryStore()
    const lying = honest([genesis, ...longBranch(genesis, 70, 2).slice(0, 59)], { pieceChars: 999 })
    const theirs = (salt: number) => [genesis, ...longBranch(genesis, 62, salt)]
    const maxSideBytes = 5_000
    const network = new Network(
      { 'a:1': lying, 'b:1': honest(theirs(3)), 'c:1': honest(theirs(4)) },
      { spec: FREE, store, maxSideBytes },
    )
    give(network.chain, OURS)
    network.resolve()
    expect(network.chain.length).toBe(63)
    expect(store.sideBytes()).toBeLessThanOrEqual(maxSideBytes)
  })

  it('that are being read stay while other sessions end, larger than the limit as they may be', () => {
    const network = new Network(
      {
        'a:1': honest([genesis, ...longBranch(genesis, 70, 2)], { afterMs: 10 }),
        ...Object.fromEntries(
          Array.from({ length: 20 }, (_, i) => [
            `b${i}:1`,
            honest(OURS.slice(0, 5), { afterMs: 7 * i + 1 }),
          ]),
        ),
      },
      { spec: FREE, maxSideBytes: 2_000, syncLimits: limits({ batchBlocks: 7 }) },
    )
    give(network.chain, OURS)
    expect(verdicts(network.resolve().report)).toMatchObject({ 'a:1': 'adopted' })
  })

  it('that end above a block that a session has reached are forgotten down to it and no further', () => {
    const store = new MemoryStore()
    plantGenesis(store, EASY.rules)
    const tree = new BlockTree(store, EASY.rules, { maxSideBytes: 10 })
    const side = branch(genesis, 6, 5)
    for (const block of side) tree.put(block)
    const reached = side[2]
    if (reached === undefined) throw new Error('six blocks')
    expect(tree.prune(new Set([reached.header.hash]))).toBe(false)
    expect(side.map(({ header }) => tree.header(header.hash) !== undefined)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ])
    expect(store.sideBytes()).toBe(sizeOf(side.slice(0, 3)))
  })

  it('that share blocks with another one are forgotten down to those, and these stay', () => {
    const store = new MemoryStore()
    plantGenesis(store, EASY.rules)
    const side = branch(genesis, 4, 5)
    const other = branch(side[1] ?? genesis, 1, 6)
    const tree = new BlockTree(store, EASY.rules, { maxSideBytes: sizeOf(side) })
    for (const block of [...side, ...other]) tree.put(block)
    tree.prune()
    expect(store.sideTips(9).map(({ hash }) => hash)).toEqual([side[3]?.header.hash])
    expect(store.sideBytes()).toBe(sizeOf(side))
  })
})
