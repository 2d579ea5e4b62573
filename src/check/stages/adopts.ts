/** Whether a node takes a longer chain of its peers, and what it makes of it. */
import type { Block } from '../../core/block.ts'
import { JsonObject, parseJson } from '../../core/json/json.ts'
import { failed, type Judgement, PASSED } from '../report/report.ts'
import type { JudgePeer } from '../world/peers.ts'
import {
  faultIn,
  isSameChain,
  isSameValue,
  member,
  type ServedBlock,
  type ServedChain,
  shown,
} from '../world/served-chain.ts'
import { cameOf, hintOnStatus, isOk, type World } from '../world/world.ts'

/** The last right chain of the node: as it is now, before anybody has resolved. */
export async function goodOf(world: World): Promise<readonly Block[]> {
  if (world.good.length === 0) {
    await world.readChain()
    world.good = world.blocks
  }
  return world.good
}

/** All peers have the same chain: it does not matter whom the node hears first or last. */
export function everywhere(
  { peers }: World,
  chain: readonly Block[],
): ReadonlyMap<JudgePeer, readonly Block[]> {
  return new Map(peers.map((peer) => [peer, chain]))
}

/** Resolves with peers that have other chains, and gives what the node's chain is then. */
export async function resolveWith(world: World, chains: ReadonlyMap<JudgePeer, readonly Block[]>) {
  const asked = () => world.peers.reduce((sum, peer) => sum + peer.asked, 0)
  const before = asked()
  world.showPeers(chains)
  const answer = await world.resolve()
  const isAsking = asked() > before
  return { answer, isAsking, now: world.chain, blocks: world.blocks }
}

/** Whether the node has a right chain of the judge's now: the next ones go on from that. */
export function hasTaken(world: World, chain: readonly Block[]): boolean {
  if (!isSameChain(world.blocks, chain)) return false
  world.good = chain
  return true
}

export async function adopts(world: World): Promise<Judgement> {
  const good = await goodOf(world)
  const fault = world.chain && faultIn(world.chain, world.spec)
  if (fault !== undefined) return { passed: null, restsOn: world.spoiltBy ?? 'chain/blocks' }
  if (world.peers.length === 0) return { passed: null, restsOn: 'register/accepted' }
  const longer = await world.forge.longer(good, 2)
  const { answer, isAsking } = await resolveWith(world, everywhere(world, longer))
  world.resolved.replaced = answer
  const expected = `its peer's chain of ${longer.length} blocks, which is valid and longer than its own of ${good.length}`
  if (!isOk(answer)) {
    return failed(`status 200, and ${expected}`, cameOf(answer), { hint: hintOnStatus(answer) })
  }
  if (hasTaken(world, longer)) return PASSED
  const changed = whatWasTaken(world.chain, { good, longer })
  if (changed !== undefined) return changed
  const other = world.peers.map(({ otherwise }) => otherwise).find((asked) => asked !== undefined)
  const got = `a chain of ${world.chain?.blocks.length ?? 0} blocks`
  const hint = isAsking
    ? ((await whyRefused(world, good)) ??
      'the peer was asked for its chain, and that is longer and valid, but it was not kept: after the check the own chain has to become the other one (self.chain = new_chain); or it was wrongly taken for invalid')
    : `no peer was asked for its chain at all${other === undefined ? '' : `: it was asked ${other}`}`
  return failed(expected, got, { hint })
}

/** Why a node that has asked for a right chain has left it alone, where another chain shows it. */
async function whyRefused(world: World, good: readonly Block[]): Promise<string | undefined> {
  const dearer = await world.forge.longer(good.slice(0, 1), good.length + 1, 1)
  await resolveWith(world, everywhere(world, dearer))
  if (!hasTaken(world, dearer)) return undefined
  return 'the proofs of the other chain are asked for one zero more than the node itself mines with: valid_proof has to be the same for both'
}

/** A longer chain that has left the node's own one block before its end. */
export async function adoptsFork(world: World): Promise<Judgement> {
  const good = await goodOf(world)
  const longer = await world.forge.longer(good.slice(0, -1), 2)
  const { answer } = await resolveWith(world, everywhere(world, longer))
  const expected = `its peer's chain of ${longer.length} blocks, which has left its own after block ${good.length - 1}`
  if (!isOk(answer)) return failed(`status 200, and ${expected}`, cameOf(answer))
  if (hasTaken(world, longer)) return PASSED
  return failed(expected, `a chain of ${world.chain?.blocks.length ?? 0} blocks`, {
    hint: 'the other chain takes the place of its own as a whole: a part of it does not fit blocks that it has left (self.chain = new_chain)',
  })
}

/** What the node has made of a longer chain, where it has neither taken it as it is nor left it alone. */
function whatWasTaken(
  now: ServedChain | undefined,
  { good, longer }: { good: readonly Block[]; longer: readonly Block[] },
): Judgement | undefined {
  const blocks = now?.blocks ?? []
  if (Array.isArray(blocks.at(-1)?.json)) {
    return failed(`the chain of its peer, of ${longer.length} blocks`, `${blocks.length} blocks`, {
      block: blocks.length,
      hint: 'the last one is a list: the other chain was appended as if it were one block, and takes the place of its own',
    })
  }
  if (blocks.length > longer.length) {
    return failed(`the chain of its peer, of ${longer.length} blocks`, `${blocks.length} blocks`, {
      hint: 'the blocks of the other chain were added to its own: the other chain takes the place of its own',
    })
  }
  if (blocks.length <= good.length || blocks.length < longer.length) return undefined
  const at = longer.findIndex(({ text }, i) => !isSameValue(parseJson(text), blocks[i]?.json))
  const [right, kept] = [parseJson(longer[at]?.text ?? 'null'), blocks[at]?.json]
  if (at < 0) return numbersChanged(blocks, longer)
  const keys = right instanceof JsonObject ? right.entries.map(([key]) => key) : []
  const key = keys.find((name) => !isSameValue(member(right, name), member(kept, name))) ?? ''
  return failed(
    `block ${at + 1} as its peer shows it, with "${key}": ${shown(member(right, key))}`,
    `"${key}": ${shown(member(kept, key))}`,
    {
      block: at + 1,
      hint: `the longer chain was taken, but changed on the way: a block is kept as it came, or its hash is another`,
    },
  )
}

/** A chain whose values are those of another, and not its numbers as they are written: 1 has become 1.0. */
function numbersChanged(
  blocks: readonly ServedBlock[],
  longer: readonly Block[],
): Judgement | undefined {
  const numbers = (text: string) => text.match(/-?\d[\d.eE+-]*/g) ?? []
  for (const [i, { text }] of longer.entries()) {
    const kept = blocks[i]?.block?.text
    if (kept === undefined || kept === text) continue
    const [right, written] = [numbers(text), numbers(kept)]
    const at = right.findIndex((token, place) => token !== written[place])
    return failed(`block ${i + 1} as its peer shows it, with ${right[at]}`, `${written[at]}`, {
      block: i + 1,
      hint: 'the longer chain was taken, but changed on the way: a number is kept as it was written, or the hash of its block is another',
    })
  }
  return undefined
}
