/**
 * Bitcoin's merkle tree over the ids of a block's transactions. Each node is the double SHA-256 of its two
 * children; where a level has an odd number, its last node is paired with itself. So another list can have the
 * same root (CVE-2012-2459):
 *
 *     1 2 3      and      1 2 3 3      both have the root  H(H(1,2), H(3,3))
 *
 * A list that was blown up this way has two equal nodes side by side, which no honest list has.
 * Source: Bitcoin Core, src/consensus/merkle.cpp; the branch of a leaf: BIP37 and the Bitcoin paper, section 8.
 */
import { areEqual, doubleSha256, joined } from './bytes.ts'

export interface MerkleTree {
  /** 32 bytes; zeros for a tree of no leaves. */
  readonly root: Uint8Array
  /** Whether two equal nodes stand side by side as a pair: the list is not the one that was committed to. */
  readonly isMutated: boolean
}

/** @param leaves ids of 32 bytes, as they are hashed (not as they are shown) */
export function merkleTree(leaves: readonly Uint8Array[]): MerkleTree {
  let level = leaves
  let isMutated = false
  while (level.length > 1) {
    isMutated ||= hasEqualPair(level)
    level = above(level)
  }
  return { root: level[0] ?? new Uint8Array(32), isMutated }
}

/**
 * The nodes that a leaf is hashed with on its way to the root, the lowest first.
 * @param position of the leaf, from 0; below the number of leaves
 */
export function merkleBranch(leaves: readonly Uint8Array[], position: number): Uint8Array[] {
  const branch: Uint8Array[] = []
  let level = leaves
  for (let at = position; level.length > 1; at >>= 1) {
    const sibling = level[at ^ 1] ?? level[at]
    if (sibling !== undefined) branch.push(sibling)
    level = above(level)
  }
  return branch
}

/** The root that a leaf's branch leads to: equal to the header's, it shows that the leaf is in the block. */
export function rootOfBranch(
  leaf: Uint8Array,
  branch: readonly Uint8Array[],
  position: number,
): Uint8Array {
  let node = leaf
  for (const [height, sibling] of branch.entries()) {
    const isRight = Math.floor(position / 2 ** height) % 2 === 1
    node = parentOf(isRight ? sibling : node, isRight ? node : sibling)
  }
  return node
}

function above(level: readonly Uint8Array[]): readonly Uint8Array[] {
  const parents: Uint8Array[] = []
  for (let i = 0; i < level.length; i += 2) {
    const left = level[i]
    const right = level[i + 1] ?? left
    if (left !== undefined && right !== undefined) parents.push(parentOf(left, right))
  }
  return parents
}

function parentOf(left: Uint8Array, right: Uint8Array): Uint8Array {
  return doubleSha256(joined([left, right]))
}

function hasEqualPair(level: readonly Uint8Array[]): boolean {
  for (let i = 1; i < level.length; i += 2) {
    const [left, right] = [level[i - 1], level[i]]
    if (left !== undefined && right !== undefined && areEqual(left, right)) return true
  }
  return false
}
