/** Agreeing with other nodes: the longest valid chain wins, and nothing else does. */
import type { Block } from '../../core/block.ts'
import { JsonObject, parseJson } from '../../core/json/json.ts'
import { type CheckReport, failed, type Judgement, PASSED } from '../report/report.ts'
import type { Answer } from '../world/asker.ts'
import { anyChainIn, faultIn, isSameChain, member } from '../world/served-chain.ts'
import { cameOf, isOk, type World } from '../world/world.ts'
import { adopts, adoptsFork, everywhere, goodOf, hasTaken, resolveWith } from './adopts.ts'
import { longestOfThree } from './longest.ts'
import { minesOn } from './mine.ts'
import {
  type Check,
  hasFailed,
  hasHint,
  hasPassed,
  type Stage,
  TUTORIAL,
  withHint,
} from './stage.ts'

const ADOPTS = 'resolve/adopts-longer'
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
    {
      name: 'adopts-fork',
      why: 'a longer chain is longer wherever it has left one’s own',
      source: SOURCE,
      needs: ['resolve/adopts-longer'],
      judge: (world) => adoptsFork(world),
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
      'a chain of the same length was taken: only one that is longer may take its place (> and not >=)',
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
      'a change of a transaction changes the hash of its block: the "previous_hash" of the block after it has to be compared with that hash, taken over the whole block as the other node shows it',
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
    keeps(
      'broken-early',
      'the first blocks are as much worth checking as the last',
      `${VALID}: current_index = 1`,
      (good, world, more) => world.forge.withBrokenLink(good.slice(0, 1), good.length - 1 + more),
      'the first blocks of the other chain are not checked: block 2 has to fit block 1. Look where the loop begins',
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
  if (failedAt('adopts-longer', ...bad)) {
    return withHint(
      reports,
      ['adopts-longer', 'broken-early', 'changed-old-transaction', ...bad],
      'bad chains are taken, and a good one is left alone: what valid_chain says is turned round',
    )
  }
  if (failedAt('adopts-longer', 'keeps-shorter') && hasPassed(reports, 'keeps-equal')) {
    return withHint(
      reports,
      ['adopts-longer', 'keeps-shorter'],
      'shorter chains are taken and longer ones left alone: the lengths are compared the wrong way round',
    )
  }
  if (failedAt(...bad)) {
    const told = [FIRST_ONLY, OWN_ONLY].find((hint) => hasHint(reports, hint))
    return withHint(
      reports,
      told === FIRST_ONLY ? bad : [...bad, 'broken-early', 'changed-old-transaction'],
      told ??
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
  if (failedAt('keeps-shorter', 'keeps-equal') && !hasHint(reports, NOT_KEPT)) {
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
      if (!isOk(answer)) {
        const { replaced } = world.resolved
        if (replaced !== undefined && !isOk(replaced)) return { passed: null, restsOn: ADOPTS }
        return failed('status 200, and its own chain as before', cameOf(answer))
      }
      if (now !== undefined && !isTaken(blocks, bad, now.blocks.length)) {
        return stillHas(world, current)
      }
      const served = bad.map(({ text }) => ({ json: parseJson(text) }))
      const fault = faultIn({ blocks: served }, world.spec)
      return failed(
        `its own chain of ${current} blocks as before`,
        `the chain of its peer, of ${bad.length} blocks${fault === undefined ? '' : `, though block ${fault.block} breaks the rule ${fault.error.code}: ${fault.error.message}`}`,
        {
          block: fault?.block,
          rule: fault?.error.code,
          hint: (name === 'broken-link' ? await whichIsChecked(world, bad) : undefined) ?? hint,
        },
      )
    },
  }
}

const NOT_KEPT =
  'no longer valid chain was shown, and its own is another now: it stays as it is then'

/** Whether a node that has left a chain alone still has its own. */
function stillHas({ chain }: World, before: number): Judgement {
  const now = chain?.blocks.length ?? 0
  if (now === before) return PASSED
  return failed(`its own chain of ${before} blocks as before`, `a chain of ${now} blocks`, {
    hint: NOT_KEPT,
  })
}

const FIRST_ONLY =
  'only the first blocks of the other chain are checked: look where the loop returns. True comes after the loop, when every block has been looked at'

const OWN_ONLY =
  'its own chain is checked in place of the other one: valid_chain has to be given the chain of the other node'

/** What a node looks at that has taken a chain with a late fault, where other chains show it. */
async function whichIsChecked(
  world: World,
  { length }: readonly Block[],
): Promise<string | undefined> {
  const early = await world.forge.withBrokenLink(world.good.slice(0, 1), length)
  const { answer, now } = await resolveWith(world, everywhere(world, early))
  if (!isOk(answer) || now === undefined || isTaken(world.blocks, early, now.blocks.length)) {
    return undefined
  }
  const good = await world.forge.longer(world.good, length + 1 - world.good.length)
  await resolveWith(world, everywhere(world, good))
  // Its own chain is a bad one now: who checks that takes nothing more.
  return hasTaken(world, good) ? FIRST_ONLY : OWN_ONLY
}

/** Whether the node has the bad chain now; blocks of which the form is right are compared. */
function isTaken(now: readonly Block[], bad: readonly Block[], length: number): boolean {
  return length === bad.length && (now.length === 0 || isSameChain(now, bad))
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
