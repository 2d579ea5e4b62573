/** A node with six blocks, and one other node, which may have sixty more on another branch. */
import { EASY } from '../../helpers/chains.ts'
import { FREE, give, longBranch } from './peer-scripts.ts'
import { Network, type NetworkOptions, type Peer } from './scripted-peers.ts'

const { genesis } = EASY.rules
export const OURS = [genesis, ...longBranch(genesis, 5, 1)]
export const THEIRS = [genesis, ...longBranch(genesis, 60, 2)]

export function pair(peer: Peer, options: NetworkOptions = {}) {
  const network = new Network({ 'peer:1': peer }, { spec: FREE, ...options })
  give(network.chain, OURS)
  return network
}
