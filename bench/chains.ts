/** Chains to measure on. Proofs cost nothing in them: finding those is another suite's subject. */
import { SqliteStore } from '../src/adapters/sqlite/sqlite-store.ts'
import type { Block, Header } from '../src/core/block.ts'
import { pastOf } from '../src/core/checks.ts'
import type { BlockContents } from '../src/core/consensus.ts'
import { CLASSIC, withDifficulty } from '../src/core/spec.ts'
import type { Store } from '../src/node/store/store.ts'
import { atomically } from '../src/node/store/store.ts'

export const FREE = withDifficulty(CLASSIC, 0)

/** Blocks that go into the store at once. */
const BATCH = 1_000

/** A chain of `length` blocks, each but the genesis with its reward. */
export function* chainOf(length: number, who = 'shared'): Generator<Block> {
  yield FREE.rules.genesis
  yield* after(FREE.rules.genesis, length - 1, who)
}

/** The next `count` blocks. */
export function* after(last: Block, count: number, who: string): Generator<Block> {
  let parent = last.header
  for (let i = 0; i < count; i++) {
    const timestampMs = 1_767_225_600_000 + 1_000 * parent.index
    const block = sealed(parent, { transactions: [], rewardTo: who }, timestampMs)
    yield block
    parent = block.header
  }
}

/** A block after another; its proof costs nothing. */
export function sealed(parent: Header, contents: BlockContents, nowMs: number): Block {
  const template = FREE.rules.template({ past: pastOf(parent), nowMs, extraNonce: 0n, contents })
  return template.seal({ proof: 0, nowMs, late: contents })
}

/** Puts blocks into a store as its active chain, unchecked. */
export function fill(store: Store, blocks: Iterable<Block>): void {
  let batch: Block[] = []
  const write = () => {
    atomically(store, () => {
      for (const block of batch) {
        store.putBlock(block, BigInt(block.header.index))
        store.connect(block)
      }
    })
    batch = []
  }
  for (const block of blocks) if (batch.push(block) === BATCH) write()
  write()
}

/** A data folder with a chain of `length` blocks. */
export function makeFolder(folder: string, length: number): void {
  const store = SqliteStore.open(folder, FREE)
  fill(store, chainOf(length))
  store.close()
}
