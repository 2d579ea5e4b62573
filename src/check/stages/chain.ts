/** What `/chain` says of a node, before and after it mines. */
import { hintOn } from '../../core/hints.ts'
import type { Json } from '../../core/json/json.ts'
import { PRESETS, type Spec } from '../../core/spec.ts'
import { brokenRule, failed, type Judgement, PASSED, whichKey } from '../report/report.ts'
import {
  faultIn,
  formError,
  isSameValue,
  member,
  numberOf,
  type ServedChain,
  shown,
  transactionsOf,
} from '../world/served-chain.ts'
import { cameOf, hintOnStatus, isOk, type World } from '../world/world.ts'
import { type Stage, TUTORIAL } from './stage.ts'

export const chainStage: Stage = {
  name: 'chain',
  required: true,
  after: [],
  checks: [
    {
      name: 'answers',
      why: 'everybody who wants to see or to check the chain asks for it at /chain',
      source: `${TUTORIAL}, full_chain`,
      judge: async (world) => {
        const { answer } = await world.readChain()
        return isOk(answer)
          ? PASSED
          : failed('status 200', cameOf(answer), { hint: hintOnStatus(answer) })
      },
    },
    {
      name: 'form',
      why: 'other nodes read the blocks from the array "chain"',
      source: `${TUTORIAL}, full_chain`,
      needs: ['chain/answers'],
      judge: async (world) => {
        const { chain } = world.lastRead ?? (await world.readChain())
        if (!('blocks' in chain)) {
          return failed(chain.expected, chain.got, { hint: chain.hint })
        }
        return PASSED
      },
    },
    {
      name: 'length',
      why: 'other nodes compare lengths to find the longest chain, and a wrong one misleads them',
      source: `${TUTORIAL}, full_chain`,
      needs: ['chain/form'],
      judge: async ({ chain }) => lengthOf(chain),
    },
    {
      name: 'genesis',
      why: 'two chains can only be compared if their first blocks have the form that both sides know',
      source: `${TUTORIAL}, __init__: new_block(previous_hash='1', proof=100)`,
      needs: ['chain/form'],
      judge: async ({ chain, spec }) => genesisOf(chain, spec),
    },
    {
      name: 'blocks',
      why: 'a chain is worth as much as its weakest block: form, link and proof of each have to be right',
      source: `${TUTORIAL}, valid_chain`,
      needs: ['chain/genesis'],
      judge: async ({ chain, spec }) => {
        const fault = chain && faultIn(chain, spec)
        if (fault === undefined) return PASSED
        const { block, error } = fault
        return brokenRule(error, block, `${error.message}${hintOn(error, spec)}`)
      },
    },
    {
      name: 'after-mining',
      why: 'what /chain says has to stay true when the chain grows',
      source: `${TUTORIAL}, full_chain and mine`,
      needs: ['chain/genesis'],
      judge: afterMining,
    },
  ],
}

function lengthOf(chain: ServedChain | undefined): Judgement {
  if (chain === undefined) return failed('a chain', 'none')
  const { blocks, length } = chain
  if (numberOf(length) === blocks.length) return PASSED
  return failed(
    `"length": ${blocks.length}, as many as there are blocks in "chain"`,
    `"length": ${shown(length)}`,
    {
      hint: `${lengthHint(length, blocks.length)}: count the blocks when you answer, as len(chain) does`,
    },
  )
}

function lengthHint(length: Json | undefined, count: number): string {
  const said = numberOf(length)
  if (length === undefined) return 'the answer has no "length"'
  if (said === undefined) return '"length" is no number'
  return said === count - 1 ? 'the genesis counts as a block too' : `it is ${said - count} off`
}

function genesisOf(chain: ServedChain | undefined, spec: Spec): Judgement {
  const first = chain?.blocks[0]
  if (first === undefined) {
    return failed('a first block, the genesis, from the start on', 'a chain without any block', {
      block: 1,
      hint: 'the node makes its first block before anybody mines: with proof 100 and no transactions',
    })
  }
  if (first.error === undefined) {
    const index = numberOf(member(first.json, 'index'))
    if (index === 1) return PASSED
    return failed('"index": 1 in the first block', `"index": ${index}`, {
      block: 1,
      rule: 'bad-index',
    })
  }
  const { error } = first
  if (whichKey(error.details) !== undefined) return brokenRule(error, 1)
  const field = typeof error.details.field === 'string' ? `"${error.details.field}": ` : ''
  return failed(
    `${field}${error.details.expected ?? 'a genesis'}`,
    `${field}${error.details.got ?? shown(first.json)}`,
    {
      block: 1,
      rule: error.code,
      hint: `${error.message}${dialectHint(first.json, spec)}`,
    },
  )
}

/** The other preset of which this is the genesis. */
function dialectHint(genesis: Json, spec: Spec): string {
  for (const other of PRESETS.values()) {
    if (other.name === spec.name) continue
    try {
      other.rules.decodeBlock(genesis)
      return `; it is a genesis of the dialect "${other.name}": judge it with --chain ${other.name}`
    } catch {
      // It is none of that dialect either.
    }
  }
  return ''
}

/** Why the first block is another one after a block was mined. */
function genesisHint(genesis: Json, { blocks }: ServedChain): string {
  const first = blocks[0]
  if (isSameValue(genesis, blocks.at(-1)?.json)) {
    return 'the blocks are shown with the newest first: the genesis comes first'
  }
  const isFilled = first !== undefined && transactionsOf(first).length > 0
  return isFilled
    ? 'the first block and the transactions that wait share one list: give each block a list of its own, and make a new one for what waits'
    : 'a block that is in the chain never changes, and the first one is made once'
}

async function afterMining(world: World): Promise<Judgement> {
  const genesis = world.chain?.blocks[0]
  const { answer, after } = await world.mine()
  if (!isOk(answer)) return { passed: null, restsOn: 'mine/answers' }
  if (after === undefined) return failed('the chain, after a block was mined', 'no chain any more')
  if (genesis !== undefined && !isSameValue(genesis.json, after.blocks[0]?.json)) {
    return failed(
      `the first block as before: ${shown(genesis.json)}`,
      shown(after.blocks[0]?.json),
      { block: 1, hint: genesisHint(genesis.json, after) },
    )
  }
  const length = lengthOf(after)
  if (length.passed !== true) return length
  const wrong = after.blocks.findIndex((block) => formError(block) !== undefined)
  const error = after.blocks[wrong]?.error
  return error === undefined ? PASSED : brokenRule(error, wrong + 1)
}
