/**
 * The class BlockChain by itself over a store of which each call fails in turn: what throws has
 * changed nothing, in the store and in memory, and works when the store does.
 */
import { describe, expect, it } from 'vitest'
import type { Block } from '../../src/core/block.ts'
import { BlockChain } from '../../src/node/chain/blockchain.ts'
import { MemoryStore } from '../../src/node/store/memory-store.ts'
import { StoreError } from '../../src/node/store/store.ts'
import { type Fault, Fuse, fused } from './fuse.ts'
import { blocksAfter, SPEC } from './operations.ts'
import { written } from './written.ts'

const { genesis } = SPEC.rules
const ours = blocksAfter(genesis, 4, 1)
const [first = genesis, second = genesis] = ours
const side = blocksAfter(first, 2, 2)
const more = blocksAfter(second, 1, 4)
const theirs = [genesis, first, ...blocksAfter(first, 5, 3)]
const payment = { sender: 's3-0', recipient: 'x', amount: 1 }

const OPERATIONS: readonly [string, (chain: BlockChain) => unknown][] = [
  ['a payment', (chain) => chain.addTransaction(payment)],
  [
    'a block of our own',
    (chain) => chain.newBlock({ proof: chain.proofOfWork(), timestampMs: 5, rewardTo: 'me' }),
  ],
  ['a block of a side branch, which pushes out another', (chain) => add(chain, more)],
  ['a longer chain, which makes ours a side branch too large', (chain) => resolve(chain)],
  ['pruning by itself', (chain) => chain.prune()],
  ['forgetting blocks', (chain) => chain.forget(new Set(side.map(({ header }) => header.hash)))],
  ['registering nodes', (chain) => chain.registerNodes(['a:1', 'b:2'])],
  ['removing a node', (chain) => chain.removeNode('known:1')],
]

function add(chain: BlockChain, blocks: readonly Block[]): void {
  for (const block of blocks) chain.addBlock(block)
}

function resolve(chain: BlockChain): void {
  expect(chain.resolveConflicts([theirs]).replaced).toBe(true)
}

/** A chain of five blocks, a side branch, and a payment that waits. */
function filled(): MemoryStore {
  const store = new MemoryStore()
  const chain = new BlockChain({ spec: SPEC, store })
  add(chain, [...ours, ...side])
  chain.addTransaction(payment)
  chain.registerNode('known:1')
  return store
}

const opened = (store: ConstructorParameters<typeof BlockChain>[0]) =>
  new BlockChain({ spec: SPEC, maxSideBytes: 400, ...store })

function seen(chain: BlockChain): string {
  const { tip, currentTransactions, nodes, lastBlock } = chain
  const blocks = Array.from({ length: tip.index }, (_, i) => chain.block(i + 1)?.text)
  const kept = side.map(({ header }) => chain.header(header.hash) !== undefined)
  return written({ tip, currentTransactions, nodes, lastBlock, blocks, kept })
}

describe.each(OPERATIONS)('each call of the store in turn, in %s', (_what, run) => {
  it.each<Fault>(['refuses', 'forgets', 'is gone'])('that %s', (fault) => {
    const sample = opened({ store: filled() })
    const before = seen(sample)
    run(sample)
    const after = seen(sample)
    expect(after, 'it has an effect').not.toBe(before)

    let call = 0
    for (let hasBurnt = true; hasBurnt; ) {
      const raw = filled()
      const fuse = new Fuse(fault)
      const chain = opened({ store: fused(raw, fuse) })
      fuse.arm(++call)
      const error = failure(() => run(chain))
      hasBurnt = fuse.hasBurnt
      fuse.repair()
      const at = `call ${call}: ${fuse.names[call - 1]}`
      expect(raw.inTransaction, at).toBe(false)
      expect(error === undefined, at).toBe(!hasBurnt)
      const now = seen(opened({ store: raw }))
      expect([before, after], at).toContain(now)
      expect(seen(chain), `${at}: memory is as the store`).toBe(now)
      if (now === before && hasBurnt) run(chain)
      expect(seen(chain), `${at}: it works again`).toBe(after)
      expect(seen(opened({ store: raw })), at).toBe(after)
    }
    expect(call).toBeGreaterThan(2)
  })
})

function failure(work: () => void): StoreError | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    if (error instanceof StoreError) return error
    throw error
  }
}
