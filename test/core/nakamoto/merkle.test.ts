import { describe, expect, it } from 'vitest'
import { type BlockHash, isBlockHash } from '../../../src/core/hash.ts'
import { doubleSha256, hashBytes, hashHex, joined } from '../../../src/core/nakamoto/bytes.ts'
import { merkleBranch, merkleTree, rootOfBranch } from '../../../src/core/nakamoto/merkle.ts'
import { describeShared, sharedVector } from '../../helpers/vectors.ts'

function leavesOf(ids: readonly string[]): readonly Uint8Array[] {
  return ids.map((id) => hashBytes(checked(id)))
}

function checked(id: string): BlockHash {
  if (!isBlockHash(id)) throw new Error(id)
  return id
}

function rootOf(ids: readonly string[]): string {
  return hashHex(merkleTree(leavesOf(ids)).root)
}

/** Leaves that differ. */
function someLeaves(count: number): readonly Uint8Array[] {
  return Array.from({ length: count }, (_, i) => leaf(i))
}

function leaf(number: number): Uint8Array {
  return doubleSha256(Uint8Array.of(number))
}

const [a, b, c] = [leaf(1), leaf(2), leaf(3)]

describeShared('real blocks', () => {
  const { blocks }: { blocks: { height: number; merkle_root: string; txids: string[] }[] } =
    JSON.parse(sharedVector('merkle/real_blocks_merkle.json'))

  it.each(blocks)('have the root of their transactions: $height', ({ merkle_root, txids }) => {
    expect(rootOf(txids)).toBe(merkle_root)
    expect(merkleTree(leavesOf(txids)).isMutated).toBe(false)
  })
})

describeShared('the first transactions of a real block', () => {
  const {
    first_64_txids: ids,
    roots,
  }: { first_64_txids: string[]; roots: { leaf_count: number; merkle_root: string }[] } =
    JSON.parse(sharedVector('merkle/prefix_roots_computed.json'))

  it.each(roots)('have their root: $leaf_count', ({ leaf_count, merkle_root }) => {
    expect(rootOf(ids.slice(0, leaf_count))).toBe(merkle_root)
  })
})

describeShared('CVE-2012-2459', () => {
  const {
    cases,
  }: {
    cases: { name: string; txids: string[]; original_count: number; merkle_root: string }[]
  } = JSON.parse(sharedVector('merkle/cve_2012_2459.json'))

  it.each(cases)('is told apart, with the same root: $name', (vector) => {
    const leaves = leavesOf(vector.txids)
    const honest = leaves.slice(0, vector.original_count)
    expect(hashHex(merkleTree(leaves).root)).toBe(vector.merkle_root)
    expect(hashHex(merkleTree(honest).root)).toBe(vector.merkle_root)
    expect(merkleTree(leaves).isMutated).toBe(true)
    expect(merkleTree(honest).isMutated).toBe(false)
  })
})

describe('merkleTree', () => {
  it('is the leaf itself for one, zeros for none', () => {
    expect(merkleTree([a])).toEqual({ root: a, isMutated: false })
    expect(merkleTree([])).toEqual({ root: new Uint8Array(32), isMutated: false })
  })

  it('pairs the last of an odd level with itself', () => {
    const pair = (x: Uint8Array, y: Uint8Array) => doubleSha256(joined([x, y]))
    expect(merkleTree([a, b, c]).root).toEqual(pair(pair(a, b), pair(c, c)))
  })

  it('tells equal leaves only where they are a pair: else it is another root anyway', () => {
    expect(merkleTree([a, a]).isMutated).toBe(true)
    expect(merkleTree([a, b, b]).isMutated).toBe(false)
    expect(merkleTree([a, b, c, c]).isMutated).toBe(true)
    expect(merkleTree([a, b, a, b]).isMutated).toBe(true)
  })

  it('is mutated for every list that a tail was repeated in, and has the honest root', () => {
    for (let count = 1; count <= 33; count++) {
      const leaves = someLeaves(count)
      // The tail is a whole subtree: as many leaves as the largest power of two that divides the count.
      const repeated = [...leaves, ...leaves.slice(-(count & -count))]
      const isWholeTree = (count & (count - 1)) === 0
      expect(merkleTree(leaves).isMutated).toBe(false)
      expect(merkleTree(repeated).isMutated).toBe(true)
      if (!isWholeTree) expect(merkleTree(repeated).root).toEqual(merkleTree(leaves).root)
    }
  })
})

describe('merkleBranch', () => {
  it.each([1, 2, 3, 4, 5, 7, 8, 13, 33])('leads from each of %i leaves to the root', (count) => {
    const leaves = someLeaves(count)
    const { root } = merkleTree(leaves)
    for (const [position, leaf] of leaves.entries()) {
      const branch = merkleBranch(leaves, position)
      expect(branch).toHaveLength(Math.ceil(Math.log2(count)))
      expect(rootOfBranch(leaf, branch, position)).toEqual(root)
      if (count > 1) {
        expect(rootOfBranch(root, branch, position)).not.toEqual(root)
      }
    }
  })
})
