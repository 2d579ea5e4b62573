/** Whether the longest valid chain of several is taken, in whichever order they are heard. */
import type { Block } from '../../core/block.ts'
import { failed, type Judgement, PASSED } from '../report/report.ts'
import type { JudgePeer } from '../world/peers.ts'
import { cameOf, isOk, type World } from '../world/world.ts'
import { goodOf, hasTaken, resolveWith } from './adopts.ts'

/** How many blocks more than the node each of three peers has; the first of them may have a broken link. */
interface Order {
  readonly more: readonly [number, number, number]
  readonly isFirstBroken?: true
  readonly hint: string
}

const ON_AND_ON =
  'after a longer chain was found, the next has to be longer than that one, and the last found is the one to keep; the loop goes on until every peer was asked'

const ORDERS: readonly Order[] = [
  { more: [1, 2, 3], hint: ON_AND_ON },
  { more: [3, 2, 1], hint: ON_AND_ON },
  { more: [1, 3, 2], hint: ON_AND_ON },
  {
    more: [0, 3, 1],
    hint: 'a peer whose chain is not longer ends the search: the loop goes on until every peer was asked (continue, and not break or return)',
  },
  {
    more: [4, 3, 1],
    isFirstBroken: true,
    hint: 'a bad chain that is longer hides a good one: the length to beat is set after the chain was checked, and not before',
  },
]

export async function longestOfThree(world: World): Promise<Judgement> {
  const { knownPeers, peers } = world
  const three = (knownPeers.length > 0 ? knownPeers : peers).slice(0, 3)
  if (three.length < 3) return { passed: null, restsOn: 'register/several' }
  for (const order of ORDERS) {
    const found = await longestIn(order, three, world)
    if (found.passed !== true) return found
  }
  return PASSED
}

async function longestIn(
  { more, isFirstBroken, hint }: Order,
  three: readonly JudgePeer[],
  world: World,
): Promise<Judgement> {
  const good = await goodOf(world)
  const ahead = (world.chain?.blocks.length ?? good.length) - good.length
  // The shorter ones begin as the longest does: what is forged costs time.
  const longest = await world.forge.longer(good, ahead + 3)
  const broken = isFirstBroken && (await world.forge.withBrokenLink(good, ahead + more[0]))
  const chains = new Map<JudgePeer, readonly Block[]>()
  for (const [i, peer] of three.entries()) {
    const chain = longest.slice(0, good.length + ahead + (more[i] ?? 0))
    chains.set(peer, (i === 0 && broken) || chain)
  }
  const { answer, blocks } = await resolveWith(world, chains)
  if (!isOk(answer)) return failed('status 200', cameOf(answer))
  if (hasTaken(world, longest)) return PASSED
  const said = more.map((count, i) => {
    return `${count} more${i === 0 && isFirstBroken ? ', with a broken link' : ''}`
  })
  return failed(
    `the longest valid one of three chains, of ${longest.length} blocks (its peers, in the order in which they were registered, have ${said.join('; ')})`,
    `a chain of ${blocks.length} blocks`,
    { hint },
  )
}
