/** Agreeing with other nodes: the longest valid chain wins, and nothing else does. */
import type { Block } from '../../core/block.ts'
import { JsonObject, parseJson } from '../../core/json/json.ts'
import { type CheckReport, failed, type Judgement, PASSED } from '../report/report.ts'
import type { Answer } from '../world/asker.ts'
import type { JudgePeer } from '../world/peers.ts'
import { anyChainIn, faultIn, isSameChain, member } from '../world/served-chain.ts'
import { cameOf, isOk, type World } from '../world/world.ts'
import { type Check, hasFailed, hasPassed, type Stage, TUTORIAL, withHint } from './stage.ts'

const SOURCE = `${TUTORIAL}, resolve_conflicts`
const VALID = `${TUTORIAL}, valid_chain`
const SOUND = [
  'chain/blocks',
  'mine/link',
  'mine/proof',
  'mine/older',
  'transactions/waits',
  'register/accepted',
  'register/one',
]

export const resolveStage: Stage = {
  name: 'resolve',
  required: true,
  after: ['chain', 'transactions', 'mine', 'register'],
  checks: [
    {
      name: 'adopts-longer',
      why: 'this is how nodes come to one chain: the longest valid one is everybody’s',
      source: SOURCE,
      needs: SOUND,
      judge: (world) => adopts(world),
    },
    keeps(
      'keeps-shorter',
      'a shorter chain holds less work: to take it would undo payments',
      SOURCE,
      async (good) => good.slice(0, -1),
    ),
    keeps(
      'keeps-equal',
      'of two chains of one length the first stays, or nodes would swap for ever',
      SOURCE,
      (good, world) => world.forge.longer(good.slice(0, -1), 1),
    ),
    keeps(
      'broken-link',
      'a block that does not carry the hash of the block before could have any history beneath it',
      `${VALID}: block['previous_hash'] != last_block_hash`,
      (good, world, more) => world.forge.withBrokenLink(good, more),
      'the node has to compare "previous_hash" with the hash of the block before, for each block of the other chain',
    ),
    keeps(
      'wrong-proof',
      'a chain without work costs nothing: anybody could make the longest one',
      `${VALID}: valid_proof(last_block['proof'], block['proof'], last_block_hash)`,
      (good, world, more) => world.forge.withWrongProof(good, more),
      'the node has to check the proof of each block of the other chain',
    ),
    keeps(
      'changed-transaction',
      'whoever changes a payment changes the hash of its block, and the block after it no longer fits',
      `${VALID}: self.hash(last_block)`,
      async (good, world, more) => {
        const chain = await world.forge.longer(good, more)
        return world.forge.withChangedTransaction(chain, chain.length - 1)
      },
      'the hash has to be taken over the whole block, transactions included, as the other node shows it',
    ),
    keeps(
      'changed-old-transaction',
      'the same holds for a block that both chains have had for long',
      `${VALID}: self.hash(last_block)`,
      async (good, world, more) => {
        const chain = await world.forge.longer(good, more)
        const index = good.findIndex(({ transactions }, i) => i > 0 && transactions.length > 0) + 1
        return index === 0 || index >= chain.length
          ? undefined
          : world.forge.withChangedTransaction(chain, index)
      },
      'every block of the other chain has to be checked, those that look like our own included',
    ),
    {
      name: 'longest',
      why: 'of several longer chains the longest is taken, whoever was registered first',
      source: `${SOURCE}: max_length = length`,
      needs: ['resolve/adopts-longer', 'register/several', 'register/two-calls'],
      judge: (world) => longestOfThree(world),
    },
    {
      name: 'answers',
      why: 'who calls /nodes/resolve wants to see which chain it is now',
      source: `${TUTORIAL}, consensus: "new_chain" or "chain"`,
      needs: ['resolve/adopts-longer'],
      judge: async (world) => answersOf(world),
    },
  ],
  refine: refined,
}

/** What fails together has one mistake: the first failure says which. */
function refined(reports: readonly CheckReport[]): readonly CheckReport[] {
  const failedAt = (...names: string[]) => names.every((name) => hasFailed(reports, name))
  const bad = ['broken-link', 'wrong-proof', 'changed-transaction']
  if (failedAt(...bad)) {
    return withHint(
      reports,
      [...bad, 'changed-old-transaction'],
      'the other chain is not checked at all: valid_chain has to be called, and a chain that fails it left alone',
    )
  }
  const seesOldChanges = hasPassed(reports, 'changed-old-transaction')
  if (failedAt('changed-transaction') && seesOldChanges && hasPassed(reports, 'broken-link')) {
    return withHint(
      reports,
      ['changed-transaction'],
      'the last block of the other chain is not checked: its "previous_hash" no longer fits the block before, which was changed. Look at where the loop ends',
    )
  }
  if (failedAt('keeps-shorter', 'keeps-equal')) {
    return withHint(
      reports,
      ['keeps-shorter', 'keeps-equal'],
      'the lengths are not compared: only a chain that is longer than its own may take its place',
    )
  }
  return reports
}

/** The last right chain of the node: as it is now, before anybody has resolved. */
async function goodOf(world: World): Promise<readonly Block[]> {
  if (world.good.length === 0) {
    await world.readChain()
    world.good = world.blocks
  }
  return world.good
}

/** All peers have the same chain: it does not matter whom the node hears first or last. */
function everywhere(
  { peers }: World,
  chain: readonly Block[],
): ReadonlyMap<JudgePeer, readonly Block[]> {
  return new Map(peers.map((peer) => [peer, chain]))
}

/** Resolves with peers that have other chains, and gives what the node's chain is then. */
async function resolveWith(world: World, chains: ReadonlyMap<JudgePeer, readonly Block[]>) {
  const asked = () => world.peers.reduce((sum, peer) => sum + peer.asked, 0)
  const before = asked()
  world.showPeers(chains)
  const answer = await world.resolve()
  const isAsking = asked() > before
  return { answer, isAsking, now: world.chain, blocks: world.blocks }
}

async function adopts(world: World): Promise<Judgement> {
  const good = await goodOf(world)
  const fault = world.chain && faultIn(world.chain, world.spec)
  if (fault !== undefined) return { passed: null, restsOn: world.spoiltBy ?? 'chain/blocks' }
  if (world.peers.length === 0) return { passed: null, restsOn: 'register/accepted' }
  const longer = await world.forge.longer(good, 2)
  const { answer, blocks, isAsking } = await resolveWith(world, everywhere(world, longer))
  world.resolved.replaced = answer
  const expected = `its peer's chain of ${longer.length} blocks, which is valid and longer than its own of ${good.length}`
  if (!isOk(answer)) return failed(`status 200, and ${expected}`, cameOf(answer))
  if (isSameChain(blocks, longer)) {
    world.good = longer
    return PASSED
  }
  const hint = isAsking
    ? 'the peer was asked for its chain, and that is longer and valid, but it was not kept: after the check the own chain has to become the other one (self.chain = new_chain); or it was wrongly taken for invalid'
    : 'no peer was asked for its chain at all'
  return failed(expected, `a chain of ${world.chain?.blocks.length ?? 0} blocks`, { hint })
}

type Bad = (
  good: readonly Block[],
  world: World,
  more: number,
) => Promise<readonly Block[] | undefined>

/** A chain that the node must not take. */
function keeps(name: string, why: string, source: string, make: Bad, hint?: string): Check {
  return {
    name,
    why,
    source,
    needs: SOUND,
    judge: async (world) => {
      const good = await goodOf(world)
      // A node that has taken a bad chain before may have more blocks than its last right chain.
      const current = world.chain?.blocks.length ?? good.length
      const bad = await make(good, world, current - good.length + 2)
      if (bad === undefined) return { passed: null, restsOn: 'mine/reward' }
      const { answer, blocks, now } = await resolveWith(world, everywhere(world, bad))
      world.resolved.kept ??= answer
      if (!isOk(answer)) return failed('status 200, and its own chain as before', cameOf(answer))
      if (now !== undefined && !isTaken(blocks, bad, now.blocks.length)) return PASSED
      const served = bad.map(({ text }) => ({ json: parseJson(text) }))
      const fault = faultIn({ blocks: served }, world.spec)
      return failed(
        `its own chain of ${current} blocks as before`,
        `the chain of its peer, of ${bad.length} blocks${fault === undefined ? '' : `, though block ${fault.block} breaks the rule ${fault.error.code}: ${fault.error.message}`}`,
        { block: fault?.block, rule: fault?.error.code, hint },
      )
    },
  }
}

/** Whether the node has the bad chain now; blocks of which the form is right are compared. */
function isTaken(now: readonly Block[], bad: readonly Block[], length: number): boolean {
  return length === bad.length && (now.length === 0 || isSameChain(now, bad))
}

async function longestOfThree(world: World): Promise<Judgement> {
  const { knownPeers, peers } = world
  const three = (knownPeers.length > 0 ? knownPeers : peers).slice(0, 3)
  if (three.length < 3) return { passed: null, restsOn: 'register/several' }
  for (const more of [
    [1, 2, 3],
    [3, 2, 1],
    [1, 3, 2],
  ]) {
    const good = await goodOf(world)
    const ahead = (world.chain?.blocks.length ?? good.length) - good.length
    const chains = new Map<JudgePeer, readonly Block[]>()
    for (const [i, peer] of three.entries()) {
      chains.set(peer, await world.forge.longer(good, ahead + (more[i] ?? 0)))
    }
    const longest = [...chains.values()].find(({ length }) => length === good.length + ahead + 3)
    const { answer, blocks } = await resolveWith(world, chains)
    if (!isOk(answer) || longest === undefined) return failed('status 200', cameOf(answer))
    if (!isSameChain(blocks, longest)) {
      const order = more.map((count) => `${count} more`).join(', ')
      return failed(
        `the longest of three chains, of ${longest.length} blocks (its peers, in the order in which they were registered, have ${order})`,
        `a chain of ${blocks.length} blocks`,
        {
          hint: 'after a longer chain was found, the next has to be longer than that one, and the last found is the one to keep',
        },
      )
    }
    world.good = longest
  }
  return PASSED
}

function answersOf(world: World): Judgement {
  const { replaced, kept } = world.resolved
  if (replaced === undefined) return PASSED
  if (anyChainIn(replaced, world.spec) === undefined) {
    return failed('a JSON object with the chain under "new_chain" or "chain"', cameOf(replaced))
  }
  if (kept !== undefined && sayOf(replaced) === sayOf(kept)) {
    world.remarks.add('/nodes/resolve does not say whether the chain was replaced')
  }
  return PASSED
}

/** What an answer says beside the chain: its message and its keys. */
function sayOf({ json }: Answer): string {
  const keys = json instanceof JsonObject ? json.entries.map(([key]) => key) : []
  return JSON.stringify([member(json, 'message') ?? null, keys])
}
