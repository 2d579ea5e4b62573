/** Agreeing with other nodes: the longest valid chain wins, and nothing else does. */
import type { Block } from '../../core/block.ts'
import { JsonObject, parseJson } from '../../core/json/json.ts'
import { type CheckReport, failed, type Judgement, PASSED } from '../report/report.ts'
import type { Answer } from '../world/asker.ts'
import type { JudgePeer } from '../world/peers.ts'
import { anyChainIn, faultIn, isSameChain, member } from '../world/served-chain.ts'
import { cameOf, isOk, type World } from '../world/world.ts'
import { adopts, everywhere, goodOf, resolveWith } from './adopts.ts'
import { minesOn } from './mine.ts'
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
    {
      name: 'mines-on',
      why: 'a chain that was taken is the node’s own: the next block is mined on its last one',
      source: `${TUTORIAL}, new_block and mine: self.last_block, len(self.chain) + 1`,
      needs: ['resolve/adopts-longer'],
      judge: async (world) => {
        const found = await minesOn(world)
        if (found.passed !== false) return found
        return {
          ...found,
          hint: `this block was mined after a chain of a peer was taken${found.hint === undefined ? '' : `; ${found.hint}`}. What the node remembers of its old chain (a last block, a counter) has to go with it`,
        }
      },
    },
  ],
  refine: refined,
}

/** What fails together has one mistake: the first failure says which. */
function refined(reports: readonly CheckReport[]): readonly CheckReport[] {
  const failedAt = (...names: string[]) => names.every((name) => hasFailed(reports, name))
  const bad = ['broken-link', 'wrong-proof', 'changed-transaction']
  if (failedAt(...bad)) {
    const isFirstOnly = reports.some((report) => 'hint' in report && report.hint === FIRST_ONLY)
    return withHint(
      reports,
      isFirstOnly ? bad : [...bad, 'changed-old-transaction'],
      isFirstOnly
        ? FIRST_ONLY
        : 'the other chain is not checked at all: valid_chain has to be called, and a chain that fails it left alone',
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
        {
          block: fault?.block,
          rule: fault?.error.code,
          hint: name === 'broken-link' && (await isFirstChecked(world, bad)) ? FIRST_ONLY : hint,
        },
      )
    },
  }
}

const FIRST_ONLY =
  'only the first blocks of the other chain are checked: look where the loop returns. True comes after the loop, when every block has been looked at'

/** Whether a node that has taken a chain with a late fault leaves one alone that is wrong from the start. */
async function isFirstChecked(world: World, { length }: readonly Block[]): Promise<boolean> {
  const early = await world.forge.withBrokenLink(world.good.slice(0, 1), length)
  const { answer, now } = await resolveWith(world, everywhere(world, early))
  return isOk(answer) && now !== undefined && !isTaken(world.blocks, early, now.blocks.length)
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
          hint: 'after a longer chain was found, the next has to be longer than that one, and the last found is the one to keep; the loop goes on until every peer was asked',
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
