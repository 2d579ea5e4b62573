/** The blocks that the node has mined for us: in place, linked, proved, paid. */
import { pastOf } from '../../core/checks.ts'
import { attempt } from '../../core/errors.ts'
import { formatJson } from '../../core/json/json.ts'
import { puzzleDigest, puzzleText } from '../../core/puzzle.ts'
import { brokenRule, failed, type Judgement, PASSED } from '../report/report.ts'
import { whyThisLink } from '../suspects/link.ts'
import { whyTheseProofs, wrongProofs } from '../suspects/proof.ts'
import {
  formError,
  isSameBlock,
  isSameValue,
  member,
  type ServedBlock,
  type ServedChain,
  shown,
  transactionsOf,
} from '../world/served-chain.ts'
import { cameOf, hintOnStatus, isOk, type Mined, type Payment, type World } from '../world/world.ts'
import { whyNotOneMore } from './one-more.ts'
import { compareRewards, rewardOf } from './reward.ts'
import { type Stage, TUTORIAL } from './stage.ts'
import { placesOf } from './transactions.ts'

/** Those that earlier stages had mined count. */
const BLOCKS = 4
const BLOCK_KEYS = ['index', 'timestamp', 'transactions', 'proof', 'previous_hash']

export const mineStage: Stage = {
  name: 'mine',
  required: true,
  after: ['chain', 'transactions'],
  checks: [
    {
      name: 'answers',
      why: 'mining is how a chain grows',
      source: `${TUTORIAL}, mine`,
      needs: ['chain/form'],
      judge: async (world) => {
        while (world.mined.length < BLOCKS && world.mined.every(({ answer }) => isOk(answer))) {
          const nth = world.mined.length
          if (nth % 2 === 0)
            await world.pay({ sender: 'judge-eve', recipient: `judge-${nth}`, amount: '0.25' })
          await world.mine()
        }
        const bad = world.mined.find(({ answer }) => !isOk(answer))
        return bad === undefined
          ? PASSED
          : failed('status 200 for GET /mine', cameOf(bad.answer), {
              hint: hintOnStatus(bad.answer),
            })
      },
    },
    {
      name: 'one-more',
      why: 'a call to mine adds one block at the end, with the next index',
      source: `${TUTORIAL}, new_block: 'index': len(self.chain) + 1`,
      needs: ['mine/answers'],
      judge: (world) => ofEach(world, oneMore),
    },
    {
      name: 'same',
      why: 'who mines believes the answer: the block in the chain has to be that one',
      source: `${TUTORIAL}, mine: the response's keys are the block's`,
      needs: ['mine/one-more'],
      judge: (world) => ofEach(world, sameAsAnswered),
    },
    {
      name: 'older',
      why: 'a block that is in the chain never changes: all that follows was made for it as it was',
      source: `${TUTORIAL}, new_block appends`,
      needs: ['mine/one-more', 'transactions/waits'],
      judge: (world) => ofEach(world, olderUnchanged),
    },
    {
      name: 'form',
      why: 'a block has exactly five keys, and each value its type',
      source: `${TUTORIAL}, new_block`,
      needs: ['mine/one-more', 'chain/genesis'],
      judge: (world) => ofEach(world, formOf),
    },
    {
      name: 'link',
      why: 'each block carries the hash of the block before it: that is what makes it a chain',
      source: `${TUTORIAL}, hash: SHA-256 of json.dumps(block, sort_keys=True)`,
      needs: ['mine/form', 'chain/blocks'],
      judge: (world) => ofEach(world, linkOf),
    },
    {
      name: 'proof',
      why: 'a proof costs work, which is what keeps others from writing the chain anew',
      source: `${TUTORIAL}, valid_proof`,
      needs: ['mine/link'],
      judge: (world) => ofEach(world, proofOf),
    },
    {
      name: 'payments',
      why: 'a payment that waited is in one block and in no other: else it is lost, or paid twice',
      source: `${TUTORIAL}, new_block: self.current_transactions = []`,
      needs: ['mine/one-more', 'transactions/arrives', 'transactions/waits'],
      judge: async (world) => paymentsOf(world),
    },
    {
      name: 'reward',
      why: 'who mines is paid for it with a new coin, which comes from "0"',
      source: `${TUTORIAL}, mine: new_transaction(sender="0", recipient=node_identifier, amount=1)`,
      needs: ['mine/one-more'],
      judge: async (world) => {
        const found = await ofEach(world, ({ block, index }) => rewardOf(block, index, world))
        if (found.passed === true) compareRewards(world)
        return found
      },
    },
  ],
}

interface Seen {
  readonly mined: Mined
  readonly after: ServedChain
  /** The block that was mined, and its index. */
  readonly block: ServedBlock
  readonly index: number
}

type Look = (seen: Seen, world: World) => Judgement

async function ofEach(world: World, look: Look): Promise<Judgement> {
  for (const mined of world.mined) {
    const found = await lookAt(mined, world, look)
    if (found.passed !== true) return found
  }
  return PASSED
}

async function lookAt(mined: Mined, world: World, look: Look): Promise<Judgement> {
  const { after } = mined
  if (after === undefined) return failed('the chain, after a block was mined', 'no chain any more')
  const index = mined.before.blocks.length + 1
  const block = after.blocks[index - 1]
  if (block !== undefined && after.blocks.length === index) {
    return look({ mined, after, block, index }, world)
  }
  await world.watch()
  return failed(`${index} blocks after the call, one more than before`, `${after.blocks.length}`, {
    hint: whyNotOneMore(mined, world),
  })
}

/** One more block on whatever chain the node has now: its place, form, link and proof, and those before it. */
export async function minesOn(world: World): Promise<Judgement> {
  const mined = await world.mine()
  const { answer } = mined
  if (!isOk(answer)) return failed('status 200 for GET /mine', cameOf(answer))
  for (const look of [oneMore, olderUnchanged, formOf, linkOf, proofOf]) {
    const found = await lookAt(mined, world, look)
    if (found.passed !== true) return found
  }
  return PASSED
}

function oneMore({ block, index }: Seen): Judgement {
  const said = member(block.json, 'index')
  if (formatJson(said ?? null) === String(index)) return PASSED
  return failed(`"index": ${index}`, `"index": ${shown(said)}`, { block: index, rule: 'bad-index' })
}

function sameAsAnswered({ mined: { answer }, block, index }: Seen): Judgement {
  const told = member(answer.json, 'block') ?? answer.json
  for (const key of BLOCK_KEYS) {
    const [said, kept] = [member(told, key), member(block.json, key)]
    if (said === undefined || kept === undefined) continue
    if (!isSameValue(said, kept)) {
      return failed(
        `"${key}": ${shown(kept)}, as in the chain`,
        `"${key}": ${shown(said)} in the answer to /mine`,
        { block: index },
      )
    }
  }
  return PASSED
}

function olderUnchanged({ mined: { before }, after }: Seen): Judgement {
  const changed = before.blocks.findIndex((block, i) => {
    const now = after.blocks[i]
    return now === undefined || !isSameBlock(block, now)
  })
  if (changed < 0) return PASSED
  return failed(shown(before.blocks[changed]?.json), shown(after.blocks[changed]?.json), {
    block: changed + 1,
    hint: 'an older block is not what it was before the last one was mined',
  })
}

function formOf({ block, index }: Seen, { spoiltBy }: World): Judgement {
  const error = formError(block)
  if (error === undefined) return PASSED
  if (spoiltBy !== undefined && 'transaction' in error.details)
    return { passed: null, restsOn: spoiltBy }
  return brokenRule(error, index)
}

function linkOf({ block, after, index }: Seen, { spec, chain }: World): Judgement {
  const parent = after.blocks[index - 2]?.block
  if (parent === undefined) return { passed: null, restsOn: 'chain/blocks' }
  const got = member(block.json, 'previous_hash')
  const { hash } = parent.header
  if (got === hash) return PASSED
  const before = after.blocks.slice(0, index - 1)
  const evidence = { before, all: chain?.blocks ?? before }
  const found = typeof got === 'string' ? whyThisLink(got, evidence, spec) : undefined
  const isHash = typeof got === 'string' && /^[0-9a-f]{64}$/.test(got)
  const right = spec.rules.hashedText(parent)
  return failed(hash, typeof got === 'string' ? got : shown(got), {
    block: index,
    rule: 'bad-previous-hash',
    hint: found?.why ?? (isHash ? NOT_THIS_BLOCK : NO_HASH),
    texts: { right, hashed: found?.hashed },
  })
}

const NO_HASH = 'a hash is written as 64 lowercase hex digits (hexdigest)'
const NOT_THIS_BLOCK = 'it is not SHA-256 of the block before as Python prints it'

function proofOf({ block: { block }, index, after }: Seen, { spec, chain }: World): Judgement {
  const parent = after.blocks[index - 2]?.block
  if (block === undefined || parent === undefined) return { passed: null, restsOn: 'mine/form' }
  const { error } = attempt(() => spec.rules.checkPlace(block.header, pastOf(parent.header)))
  if (error === undefined) return PASSED
  const { proof } = block.header
  const puzzle = spec.rules.puzzle(parent.header)
  const hint = whyTheseProofs(wrongProofs((chain ?? after).blocks, index, spec), spec)
  const text = puzzleText(puzzle, proof)
  return failed(
    `a digest that begins with ${puzzle.zeros} zeros, of the text ${text}`,
    puzzleDigest(puzzle, proof),
    { block: index, rule: error.code, hint },
  )
}

/** What became of a payment that is in no block as it was sent. */
function whyNowhere(payment: Payment, chain: ServedChain | undefined): string {
  const { sender, recipient } = payment
  const at = chain?.blocks.findIndex((block) =>
    transactionsOf(block).some((each) => {
      return member(each, 'sender') === sender && member(each, 'recipient') === recipient
    }),
  )
  if (at === undefined || at < 0) return 'what waits when a block is mined has to be in it'
  return `block ${at + 1} has a payment between these two, of another amount: it is kept as it was sent`
}

function paymentsOf({ payments, chain }: World): Judgement {
  for (const payment of payments) {
    const places = chain === undefined ? [] : placesOf(payment, chain)
    if (places.length === 1) continue
    const text = `the payment of ${payment.amount} from "${payment.sender}" to "${payment.recipient}"`
    if (places.length === 0)
      return failed(`${text} in one block`, 'it is in none', {
        hint: whyNowhere(payment, chain),
      })
    const blocks = [...new Set(places)].join(' and ')
    return failed(
      `${text} in one block`,
      `it is ${places.length} times in the chain: in block ${blocks}`,
      {
        block: places[1],
        hint: 'the list of waiting transactions has to be emptied when a block takes them',
      },
    )
  }
  return PASSED
}
