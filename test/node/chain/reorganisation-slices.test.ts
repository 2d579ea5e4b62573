/** How much of a reorganisation is done in one turn: so many blocks, and so many bytes of them. */
import { describe, expect, it } from 'vitest'
import type { Block } from '../../../src/core/block.ts'
import { MAX_SLICE_BLOCKS, MAX_SLICE_BYTES } from '../../../src/core/limits.ts'
import { openParts } from '../../../src/node/chain/chain-parts.ts'
import { reorganise } from '../../../src/node/chain/reorganisation.ts'
import { MemoryStore } from '../../../src/node/store/memory-store.ts'
import { atomically } from '../../../src/node/store/store.ts'
import { blockAfter, branch, EASY, payment } from '../../helpers/chains.ts'

const { genesis } = EASY.rules

/** How often a move from one chain to another lets others have a turn. */
function rests(from: readonly Block[], to: readonly Block[]): number {
  const store = new MemoryStore()
  atomically(store, () => {
    let work = 0n
    for (const block of [genesis, ...from]) {
      store.putBlock(block, ++work)
      store.connect(block)
    }
    for (const [i, block] of to.entries()) store.putBlock(block, BigInt(i + 2))
  })
  const parts = openParts(store, EASY.rules, {})
  const tip = parts.tree.header(to.at(-1)?.header.hash ?? genesis.header.hash)
  if (tip === undefined) throw new Error('expected the tip to be kept')
  store.begin()
  const move = reorganise(tip, parts)
  const before = parts.tree.tip
  let count = 0
  while (!move.next().done) {
    // A move that takes more than a slice is a turn of its own: nothing is written in the one before.
    if (count++ === 0) expect(parts.tree.tip).toEqual(before)
  }
  expect(parts.tree.tip.hash).toBe(tip.hash)
  return count
}

/** A block whose text has so many bytes. */
function blockOf(bytes: number, parent: Block): Block {
  const large = payment('x'.repeat(1_000), 'y')
  const rest = bytes - blockAfter(parent).text.length
  // Between two of them stand a comma and a space.
  const each = large.text.length + 2
  const count = Math.floor(rest / each) - 1
  const last = rest - count * each - payment('', 'y').text.length
  const sender = 'x'.repeat(Math.min(last, 1_000))
  const recipient = 'y'.repeat(1 + last - sender.length)
  const transactions = [...new Array(count).fill(large), payment(sender, recipient)]
  const block = blockAfter(parent, { transactions })
  expect(block.text).toHaveLength(bytes)
  return block
}

describe('a slice of a reorganisation', () => {
  // Each block is looked at on the way down to the fork, and once more as it is connected.
  it(`has ${MAX_SLICE_BLOCKS} blocks`, () => {
    expect(rests([], branch(genesis, MAX_SLICE_BLOCKS / 2))).toBe(0)
  })

  it('has no more blocks', () => {
    expect(rests([], branch(genesis, MAX_SLICE_BLOCKS / 2 + 1))).toBe(1)
  })

  const joining = branch(genesis, 3, 7)
  const joiningBytes = joining.reduce((sum, { text }) => sum + text.length, 0)
  const first = blockOf(500_000, genesis)
  const leaving = (bytes: number) => [first, blockOf(bytes - 500_000, first)]

  it(`has ${MAX_SLICE_BYTES} bytes of blocks that leave and that join`, () => {
    expect(rests(leaving(MAX_SLICE_BYTES - joiningBytes), joining)).toBe(0)
  })

  it('has no more bytes', () => {
    // It rests before it writes, and once in between.
    expect(rests(leaving(MAX_SLICE_BYTES - joiningBytes + 1), joining)).toBe(2)
  })

  it('has one large block, and not two', () => {
    const full = blockOf(1_000_000, genesis)
    expect(rests([], [full])).toBe(0)
    expect(rests([], [full, blockOf(1_000_000, full)])).toBe(2)
  })
})
