/**
 * Which branch is the chain: the one with the most summed work among those that are complete and not
 * condemned; of equal work the one that is the chain already. Every comparison of two tips is here.
 */
import { faultOf, RuleError } from '../../core/errors.ts'
import type { TreeHeader } from '../store/store.ts'
import type { BlockTree } from './blocktree.ts'

/** What decides between branches of equal work: which was first, or also the lower hash. */
export type Tie = 'first' | 'lower-hash'

/** The end of a branch, as far as a choice looks at it. */
export type Tip = Pick<TreeHeader, 'hash' | 'chainwork'>

/**
 * Whether a branch should be the chain in place of another.
 * @param tie `lower-hash` where nodes that only ask each other have to come to one
 */
export function isBetter(branch: Tip, chain: Tip, tie: Tie = 'first'): boolean {
  if (branch.chainwork !== chain.chainwork) return branch.chainwork > chain.chainwork
  return tie === 'lower-hash' && branch.hash < chain.hash
}

/** How a branch stands beside the chain. */
export function standing(branch: Tip, chain: Tip): 'same' | 'more' | 'equal' | 'less' {
  if (branch.hash === chain.hash) return 'same'
  if (branch.chainwork === chain.chainwork) return 'equal'
  return branch.chainwork > chain.chainwork ? 'more' : 'less'
}

/** The first of those with the most work that are better than the chain; its position. */
export function bestOf(branches: readonly (Tip | undefined)[], chain: Tip): number | undefined {
  let best: number | undefined
  let toBeat = chain
  for (const [i, branch] of branches.entries()) {
    if (branch === undefined || !isBetter(branch, toBeat)) continue
    toBeat = branch
    best = i
  }
  return best
}

/** The branch that should be the chain now that a block has come: others may have waited for it. */
export function takenOverBy(added: TreeHeader, tree: BlockTree): TreeHeader | undefined {
  if (added.complete === undefined) return undefined
  const end = tree.hasChildren(added.hash) ? tree.sideTips(1)[0] : added
  return end !== undefined && isBetter(end, tree.tip) ? end : undefined
}

/**
 * Where the chain should go on after a block of the branch that it moved along was condemned: to the best end
 * of another branch, or nowhere (undefined) where it stands well. Condemns on its way what stands on a
 * condemned block.
 */
export function nextBest(tree: BlockTree): TreeHeader | undefined {
  for (;;) {
    const [candidate] = tree.sideTips(1)
    if (candidate === undefined || !wasFirst(candidate, tree.tip)) return undefined
    const { bad, above } = condemnedBelow(candidate, tree)
    if (bad === undefined) return candidate
    const fault = faultOf(new RuleError('bad-prevblk', { previous_hash: bad.hash }))
    for (const header of above) tree.condemn(header, fault)
  }
}

/** Of two branches neither of which has a right to stay, the one with more work, then the one that was first. */
function wasFirst(a: TreeHeader, b: TreeHeader): boolean {
  if (a.chainwork !== b.chainwork) return a.chainwork > b.chainwork
  return (a.complete ?? Number.POSITIVE_INFINITY) < (b.complete ?? Number.POSITIVE_INFINITY)
}

/** The first condemned block that a branch stands on, if there is one, and its blocks above that. */
function condemnedBelow(end: TreeHeader, tree: BlockTree) {
  const above: TreeHeader[] = []
  let header: TreeHeader | undefined = end
  while (header !== undefined && !tree.isActive(header)) {
    if (header.condemned !== undefined) return { bad: header, above }
    above.push(header)
    header = header.parent === undefined ? undefined : tree.header(header.parent)
  }
  return { bad: undefined, above }
}
