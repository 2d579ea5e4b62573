/**
 * What `/network` answered, as the view shows it: each other node once, in an order that does not
 * change by itself, with how its chain agrees with this node's; and who knows whom.
 */
import type { NetworkNode } from '../../../src/api/client/client.ts'
import { addressIn } from '../../../src/node/peers/address.ts'

/** This node, as it says. */
export interface Self {
  readonly id: string
  readonly chain: string
  readonly height: number
  readonly tip: string
}

/** One answer of `/network`. */
export interface Surveyed {
  readonly self: Self
  readonly nodes: readonly NetworkNode[]
}

/** How a node's chain compares with this node's, those that differ most in kind last. */
export const AGREEMENTS = [
  'self',
  'same',
  'fork',
  'shorter',
  'longer',
  'other-chain',
  'unknown',
  'unreachable',
] as const
export type Agreement = (typeof AGREEMENTS)[number]

/** A node of the picture. */
export interface Pictured extends NetworkNode {
  readonly agreement: Agreement
  /** Blocks by which its chain is longer or shorter. */
  readonly difference: number
  /** Another address of the picture that leads to the same node. */
  readonly sameAs: string | undefined
  /** Where its own page is; undefined for an address that is none. */
  readonly href: string | undefined
}

/** Who knows whom; `SELF` stands for this node. */
export interface Edge {
  readonly from: string
  readonly to: string
  /** Whether this node has registered the other. */
  readonly isOurs: boolean
}

export interface Picture {
  readonly self: Self
  readonly nodes: readonly Pictured[]
  readonly edges: readonly Edge[]
}

/** A node whose last blocks are drawn as a strip. */
export interface StripNode {
  readonly address: string
  readonly isSelf: boolean
  readonly height: number
  readonly tip: string
}

/** This node's end of an edge: no address is empty. */
export const SELF = ''

export function pictureOf({ self, nodes }: Surveyed): Picture {
  const sorted = nodes.toSorted(registeredFirst)
  const firstOfId = new Map<string, string>()
  const pictured = sorted.map((node) => {
    const { id } = node
    const first = id === undefined ? undefined : firstOfId.get(id)
    if (id !== undefined && first === undefined) firstOfId.set(id, node.node)
    return {
      ...node,
      agreement: agreementOf(node, self),
      difference: Math.abs((node.height ?? self.height) - self.height),
      sameAs: node.isSelf ? undefined : first,
      href: hrefOfNode(node.node),
    }
  })
  return { self, nodes: pictured, edges: edgesOf(sorted) }
}

/** How many different nodes there are of each kind, this one left out. */
export function countsOf({ nodes }: Picture): ReadonlyMap<Agreement, number> {
  const counts = new Map<Agreement, number>()
  for (const { agreement, sameAs } of nodes) {
    if (agreement === 'self' || sameAs !== undefined) continue
    counts.set(agreement, (counts.get(agreement) ?? 0) + 1)
  }
  return counts
}

/** The same answer with a node no longer registered: what only it made known is gone with it. */
export function withoutNode({ self, nodes }: Surveyed, address: string): Surveyed {
  // Nodes that are not registered are not asked whom they know.
  const changed = nodes.map((node) =>
    node.node === address ? { ...node, isRegistered: false, nodes: [] } : node,
  )
  const heard = new Set(changed.flatMap((node) => (node.isRegistered ? node.nodes : [])))
  return { self, nodes: changed.filter((node) => node.isRegistered || heard.has(node.node)) }
}

function registeredFirst(a: NetworkNode, b: NetworkNode): number {
  const byKind = Number(b.isRegistered) - Number(a.isRegistered)
  // By code units, not by a language's rules: the same order for everybody.
  return byKind === 0 ? (a.node < b.node ? -1 : Number(a.node > b.node)) : byKind
}

function agreementOf(node: NetworkNode, self: Self): Agreement {
  const { height, tip, chain } = node
  if (node.isSelf) return 'self'
  if (!node.isReachable) return 'unreachable'
  if (tip !== undefined && tip === self.tip) return 'same'
  if (chain !== undefined && chain !== self.chain) return 'other-chain'
  if (height === undefined) return 'unknown'
  if (height !== self.height) return height < self.height ? 'shorter' : 'longer'
  return tip === undefined ? 'unknown' : 'fork'
}

function edgesOf(nodes: readonly NetworkNode[]): Edge[] {
  const ends = new Map(nodes.map(({ node, isSelf }) => [node, isSelf ? SELF : node]))
  const edges = new Map<string, Edge>()
  for (const { node, isRegistered, isSelf } of nodes) {
    if (isRegistered && !isSelf) add({ from: SELF, to: node, isOurs: true })
  }
  for (const { node, nodes: known, isSelf } of nodes) {
    if (isSelf) continue
    for (const other of known) {
      const to = ends.get(other)
      if (to !== undefined && to !== node) add({ from: node, to, isOurs: false })
    }
  }
  return [...edges.values()]

  /** One line for two nodes, whoever of them knows the other; ours come first and stay. */
  function add(edge: Edge): void {
    const key = [edge.from, edge.to].sort().join(' ')
    if (!edges.has(key)) edges.set(key, edge)
  }
}

/** Strangers chose the addresses: only what is one in every detail becomes a link. */
function hrefOfNode(address: string): string | undefined {
  return addressIn(address) === address ? `http://${address}/` : undefined
}

/** This node first, then each other one whose chain's end is known, once. */
export function stripNodesOf({ self, nodes }: Picture, address: string): readonly StripNode[] {
  const own = { address, isSelf: true, height: self.height, tip: self.tip }
  const others = nodes.flatMap(({ node, agreement, height, tip, chain, sameAs }): StripNode[] => {
    if (agreement === 'self' || sameAs !== undefined) return []
    if (height === undefined || tip === undefined) return []
    if (chain !== undefined && chain !== self.chain) return []
    return [{ address: node, isSelf: false, height, tip }]
  })
  return [own, ...others]
}
