import { describe, expect, it } from 'vitest'
import type { Block } from '../../../src/core/block.ts'
import { MAX_SLICE_BLOCKS } from '../../../src/core/limits.ts'
import { BlockChain } from '../../../src/node/chain/blockchain.ts'
import { BlockTree, plantGenesis } from '../../../src/node/chain/blocktree.ts'
import { MemoryStore } from '../../../src/node/store/memory-store.ts'
import { blockAfter, EASY } from '../../helpers/chains.ts'
import { FREE, give, honest, limits, longBranch, told, tutorial } from '../pull/peer-scripts.ts'
import { Network, type NetworkOptions, type Peer, START_MS } from '../pull/scripted-peers.ts'
import { verdicts } from '../pull/verdict-texts.ts'

const { genesis } = EASY.rules
/** A block that is nowhere. */
const STRANGE = blockAfter(genesis, { spec: FREE, salt: 99 }).header.hash

/** Counts what it forgets. */
class CountingStore extends MemoryStore {
  deleted = 0
  override deleteBlock(...args: Parameters<MemoryStore['deleteBlock']>) {
    this.deleted++
    super.deleteBlock(...args)
  }
}

function treeWith(side: readonly Block[], maxSideBytes: number) {
  const store = new CountingStore()
  plantGenesis(store, FREE.rules)
  const tree = new BlockTree(store, FREE.rules, { maxSideBytes })
  for (const block of side) tree.put(block)
  return { store, tree }
}

describe('pruning', () => {
  it.each([
    [0, [0], [false]],
    [1, [1], [false]],
    [MAX_SLICE_BLOCKS, [MAX_SLICE_BLOCKS], [false]],
    [MAX_SLICE_BLOCKS + 1, [MAX_SLICE_BLOCKS, 1], [true, false]],
    [2 * MAX_SLICE_BLOCKS, [MAX_SLICE_BLOCKS, MAX_SLICE_BLOCKS], [true, false]],
  ])('of %i blocks forgets %j, and says whether more is left: %j', (count, sizes, more) => {
    const { store, tree } = treeWith(longBranch(genesis, count, 2), 0)
    for (const [i, size] of sizes.entries()) {
      const before = store.deleted
      expect(tree.prune()).toBe(more[i])
      expect(store.deleted - before).toBe(size)
    }
    expect(tree.isOverfull).toBe(false)
    expect(tree.prune()).toBe(false)
    expect(store.sideBytes()).toBe(0)
  })

  it('ends as soon as the rest fits', () => {
    const side = longBranch(genesis, 10, 2)
    const kept = side.slice(0, 7).reduce((sum, { text }) => sum + text.length, 0)
    const { store, tree } = treeWith(side, kept)
    expect(tree.prune()).toBe(false)
    expect(store.deleted).toBe(3)
    expect(store.sideBytes()).toBe(kept)
  })

  it('goes on with the next branch in the same slice, and spares what others stand on', () => {
    const [a, b, c] = [2, 3, 4].map((salt) => longBranch(genesis, salt, salt))
    const { store, tree } = treeWith([...(a ?? []), ...(b ?? []), ...(c ?? [])], 0)
    const reached = b?.[1]?.header.hash ?? STRANGE
    expect(tree.prune(new Set([reached]))).toBe(false)
    expect(store.sideTips(9).map(({ hash }) => hash)).toEqual([reached])
    expect(store.deleted).toBe(7)
    tree.prune()
    expect(store.sideTips(9)).toEqual([])
  })

  it('does not take what is named and not here for an end', () => {
    const { store, tree } = treeWith(longBranch(genesis, 2, 2), 0)
    expect(tree.prune(new Set([STRANGE, genesis.header.hash]))).toBe(false)
    expect(store.deleted).toBe(2)
  })
})

describe('forgetting', () => {
  it('takes the last first, and leaves what others follow, what is active, what is not here', () => {
    const side = longBranch(genesis, 6, 2)
    const other = blockAfter(side[1] ?? genesis, { spec: FREE, salt: 3 })
    const { store, tree } = treeWith([...side, other], 1_000_000)
    const hashes = [genesis, ...side].map(({ header }) => header.hash)
    tree.forget(new Set([...hashes, STRANGE]))
    expect(store.sideTips(9).map(({ hash }) => hash)).toEqual([other.header.hash])
    expect(tree.header(side[1]?.header.hash ?? STRANGE)).toBeDefined()
    expect(tree.header(side[2]?.header.hash ?? STRANGE)).toBeUndefined()
    expect(store.header(genesis.header.hash)).toBeDefined()
  })
})

describe('the class BlockChain', () => {
  it('forgets all that is too much after a candidate, and a slice after each block', () => {
    const store = new CountingStore()
    const chain = new BlockChain({ spec: FREE, store, maxSideBytes: 0 })
    give(chain, longBranch(genesis, 600, 1))
    const theirs = longBranch(genesis, 601, 2)
    chain.resolveConflicts([[genesis, ...theirs]])
    expect(store.deleted).toBe(600)

    const roomy = new BlockChain({ spec: FREE })
    expect(roomy.prune()).toBe(false)
  })

  it('spares what others are about to follow when a block comes', () => {
    const store = new CountingStore()
    const chain = new BlockChain({ spec: FREE, store, maxSideBytes: 0 })
    give(chain, longBranch(genesis, 3, 1))
    const [side] = longBranch(genesis, 1, 2)
    if (side === undefined) throw new Error('one block')
    chain.keep(side)
    const growing = new Set([side.header.hash])
    const [next, last] = longBranch(chain.lastBlock, 2, 1)
    if (next === undefined || last === undefined) throw new Error('two blocks')
    chain.addBlock(next, undefined, growing)
    expect(chain.prune(growing)).toBe(false)
    expect(chain.header(side.header.hash)).toBeDefined()
    chain.addBlock(last)
    expect(chain.header(side.header.hash)).toBeUndefined()
  })
})

describe('a node with much to forget', () => {
  const LONG = 3 * MAX_SLICE_BLOCKS

  /** The most blocks that one input made it forget, until nothing more happens. */
  function watched(peer: Peer, ours: readonly Block[], options: NetworkOptions = {}) {
    const store = new CountingStore()
    const network = new Network(
      { 'peer:1': peer },
      { spec: FREE, store, maxSideBytes: 1_000, ...options },
    )
    give(network.chain, ours)
    let most = 0
    const { step } = network.node
    network.node.step = (input, nowMs) => {
      const before = store.deleted
      const effects = step.call(network.node, input, nowMs)
      most = Math.max(most, store.deleted - before)
      return effects
    }
    network.resolve()
    const left = store.sideBytes()
    const asked = network.node.wakeAtMs
    network.run()
    return { network, store, most: () => most, left, asked }
  }

  it('does it in slices, one after each input, and asks for the next tick at once', () => {
    const theirs = [genesis, ...longBranch(genesis, LONG, 2)]
    const ours = [genesis, ...longBranch(genesis, LONG + 1, 1)]
    const { network, store, most, left, asked } = watched(tutorial(theirs), ours)
    expect(left).toBeGreaterThan(1_000)
    expect(asked).toBe(network.nowMs)
    expect(most()).toBe(MAX_SLICE_BLOCKS)
    expect(store.sideBytes()).toBeLessThanOrEqual(1_000)
    expect(network.node.wakeAtMs).toBeUndefined()
    expect(network.wastedTicks).toBe(0)
  })

  it('does it in slices where it is our own chain that lost', () => {
    const ours = [genesis, ...longBranch(genesis, LONG, 1)]
    const theirs = [genesis, ...longBranch(genesis, LONG + 1, 2)]
    const { network, store, most } = watched(honest(theirs), ours)
    expect(network.chain.tip.hash).toBe(theirs.at(-1)?.header.hash)
    expect(most()).toBe(MAX_SLICE_BLOCKS)
    expect(store.sideBytes()).toBeLessThanOrEqual(1_000)
  })

  it('does it at once where a node sent it and then did wrong: no more than may wait', () => {
    const text = [genesis, ...longBranch(genesis, LONG, 2)].map((block) => block.text).join(', ')
    const peer: Peer = () => told(`[${text}, {}]`, { pieceChars: 2_000 })
    const syncLimits = limits({ newsBlocks: 300 })
    const { most, store, network } = watched(peer, [genesis], { syncLimits })
    expect(network.chain.length).toBeLessThan(3 * 300)
    expect(store.sideBytes()).toBe(0)
    expect(most()).toBeLessThanOrEqual(300)
  })

  it('does not forget what is being read when a block is mined, nor what that stands on', () => {
    const shared = longBranch(genesis, 10, 2)
    const theirs = [...shared, ...longBranch(shared[9] ?? genesis, 60, 3)]
    const network = new Network(
      { 'peer:1': honest([genesis, ...theirs], { afterMs: 10 }) },
      { spec: FREE, maxSideBytes: 0, syncLimits: limits({ batchBlocks: 10 }) },
    )
    give(network.chain, longBranch(genesis, 40, 1))
    const id = network.request({ type: 'resolve' })
    for (let i = 0; i < 12; i++) {
      network.runFor(30)
      network.request({ type: 'mine' })
      const { search } = network.searches.at(-1) ?? { search: 0 }
      network.step({ type: 'found', search, proof: 0 })
    }
    expect(network.store.sideBytes()).toBeGreaterThan(0)
    network.run()
    const { reply } = network.replyOf(id) ?? {}
    expect(reply?.type === 'resolved' && verdicts(reply.report)).toEqual({ 'peer:1': 'adopted' })
    expect(network.chain.tip.hash).toBe(theirs.at(-1)?.header.hash)
    expect(network.chain.length).toBe(71)
    expect(network.nowMs).toBeGreaterThan(START_MS)
  })
})
