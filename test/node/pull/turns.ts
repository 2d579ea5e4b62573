/** A node with five blocks, and others with longer branches, who take turns to send them. */
import { EASY } from '../../helpers/chains.ts'
import { FREE, give, longBranch } from './peer-scripts.ts'
import { Network, type Peer } from './scripted-peers.ts'

const { genesis } = EASY.rules
export const OURS = [genesis, ...longBranch(genesis, 4)]
export const STALL_MS = 2_000

/** A chain that forks off ours at the genesis and is so much longer. */
export function forked(salt: number, ahead = 3) {
  return [genesis, ...longBranch(genesis, 4 + ahead, salt)]
}

export function network(peers: Record<string, Peer>, options = {}) {
  const made = new Network(peers, { spec: FREE, ...options })
  give(made.chain, OURS)
  return made
}
