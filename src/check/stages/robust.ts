/** What real networks do to a node. A good node passes; the tutorial's own program does not. */
import type { Block } from '../../core/block.ts'
import { brokenRule, failed, type Judgement, PASSED } from '../report/report.ts'
import type { Manner } from '../world/peers.ts'
import { formError, isSameChain } from '../world/served-chain.ts'
import { cameOf, isOk, isRefused, type Payment, type World } from '../world/world.ts'
import { type Check, type Stage, TUTORIAL } from './stage.ts'
import { placesOf } from './transactions.ts'

const PREPARED = 'RFC 1122, section 1.2.2: be prepared for whatever the other side does'
/** Below this a node is quick, and gets more to do. */
const QUICK_MS = 50
const MANY_PAYMENTS = 60
const FEW_PAYMENTS = 8
/** Looks at the chain while a block is mined. */
const MAX_LOOKS = 50
const LONG_BODY_CHARS = 6_000

export const robustStage: Stage = {
  name: 'robust',
  required: false,
  after: ['chain', 'transactions', 'mine', 'register', 'resolve'],
  checks: [
    despite(
      'rubbish-peer',
      'a peer that sends rubbish must not keep the node from hearing the others',
      () => ({ type: 'says', text: '<html>It works!</html>' }),
    ),
    despite('odd-peer', 'JSON of another form is rubbish too', () => ({
      type: 'says',
      text: '{"chain": [null, 7, {"index": "x"}], "length": "many"}',
    })),
    despite(
      'hanging-peer',
      'a peer that hangs and closes must not keep the node from hearing the others',
      ({ hangMs }) => ({ type: 'hangs', ms: hangMs }),
    ),
    {
      name: 'returns',
      why: 'payments of blocks that lost are not done, and wait for a block again',
      source:
        'Bitcoin Core, validation.cpp: transactions of disconnected blocks return to the mempool',
      needs: ['resolve/adopts-longer', 'resolve/mines-on', 'mine/payments'],
      judge: returns,
    },
    {
      name: 'malformed-json',
      why: 'a body that is no JSON is its sender’s mistake, and not the node’s',
      source: 'RFC 9110, section 15.5.1',
      needs: ['chain/form'],
      judge: async (world) => {
        for (const path of ['/transactions/new', '/nodes/register']) {
          const answer = await world.asker.post(path, '{"sender": "judge-alice", ')
          if (!isRefused(answer))
            return failed(`a status from 400 to 499 for malformed JSON to ${path}`, cameOf(answer))
        }
        const { answer } = await world.readChain()
        return isOk(answer) ? PASSED : failed('status 200 for /chain afterwards', cameOf(answer))
      },
    },
    {
      name: 'long-body',
      why: 'a body comes in pieces: it is over where Content-Length says so, and not where a read ends',
      source: 'RFC 9112, section 6.2',
      needs: ['transactions/accepted'],
      judge: async (world) => {
        const payment = { sender: 'judge-long', recipient: 'judge-bob', amount: '2' }
        const { answer } = await world.pay(payment, LONG_BODY_CHARS)
        if (isOk(answer)) return PASSED
        return failed(
          `status 201 or 200 for a payment with ${LONG_BODY_CHARS} blanks before it`,
          cameOf(answer),
          { hint: 'read the body until all its bytes have come' },
        )
      },
    },
    {
      name: 'many-transactions',
      why: 'a busy day is a normal day: all that waits goes into the next block',
      source: `${TUTORIAL}, new_block: 'transactions': self.current_transactions`,
      needs: ['transactions/arrives', 'mine/payments'],
      judge: manyTransactions,
    },
    {
      name: 'while-mining',
      why: 'others read the chain while somebody mines, and have to see whole blocks',
      source: `${TUTORIAL}, full_chain`,
      needs: ['mine/one-more', 'mine/form'],
      judge: whileMining,
    },
    {
      name: 'dead-peer',
      why: 'a peer that is down is the most normal thing of a network',
      source: PREPARED,
      needs: ['resolve/adopts-longer', 'resolve/mines-on'],
      judge: async (world) => {
        const peer = await world.makePeer()
        world.showPeers(new Map())
        const answer = await world.register(peer)
        if (!isOk(answer)) return failed('status 201 or 200 for one node more', cameOf(answer))
        await peer.stop()
        return hearsTheOthers(world, 'a peer that is down')
      },
    },
  ],
}

/** One peer misbehaves, and another has a longer chain. */
function despite(name: string, why: string, manner: (world: World) => Manner): Check {
  return {
    name,
    why,
    source: PREPARED,
    needs: ['resolve/adopts-longer', 'resolve/mines-on'],
    judge: (world) => hearsTheOthers(world, name.replace('-', ' '), manner(world)),
  }
}

async function hearsTheOthers(world: World, what: string, manner?: Manner): Promise<Judgement> {
  const own = await blocksNow(world)
  const [bad, good] = world.knownPeers
  if (bad === undefined || good === undefined || own.length === 0) {
    return { passed: null, restsOn: 'register/several' }
  }
  const longer = await world.forge.longer(own, 1)
  world.showPeers(new Map([[good, longer]]))
  if (manner !== undefined) bad.manner = manner
  const answer = await world.resolve()
  const { blocks } = world
  bad.manner = { type: 'chain', blocks: own }
  const hint = `catch what goes wrong with one peer (${what}) and go on with the next`
  if (!isOk(answer)) {
    return failed('status 200, and the longer chain of another peer', cameOf(answer), { hint })
  }
  if (isSameChain(blocks, longer)) return PASSED
  return failed(
    `the chain of another peer, of ${longer.length} blocks`,
    `a chain of ${blocks.length} blocks`,
    { hint },
  )
}

async function blocksNow(world: World): Promise<readonly Block[]> {
  await world.readChain()
  return world.blocks
}

async function returns(world: World): Promise<Judgement> {
  const base = await blocksNow(world)
  const [peer] = world.knownPeers
  if (peer === undefined || base.length === 0) return { passed: null, restsOn: 'register/one' }
  const payment = { sender: 'judge-frank', recipient: 'judge-grace', amount: '3' }
  const paid = await world.pay(payment)
  if (!isOk(paid.answer)) return failed('status 201 or 200 for a payment', cameOf(paid.answer))
  const { after } = await world.mine()
  if (after === undefined || placesOf(payment, after).length === 0)
    return { passed: null, restsOn: 'mine/payments' }
  world.showPeers(new Map([[peer, await world.forge.longer(base, 2)]]))
  await world.resolve()
  const { after: then } = await world.mine()
  const places = then === undefined ? [] : placesOf(payment, then)
  if (places.length === 1) return PASSED
  return failed(
    'a payment whose block lost in the next block that is mined',
    places.length === 0 ? 'it is in no block any more' : `it is there ${places.length} times`,
    {
      hint: 'when a chain is replaced, transactions of the old blocks that the new ones lack have to wait again',
    },
  )
}

async function manyTransactions(world: World): Promise<Judgement> {
  const count = world.asker.paceMs < QUICK_MS ? MANY_PAYMENTS : FEW_PAYMENTS
  const payments = Array.from({ length: count }, (_, i) => ({
    sender: 'judge-many',
    recipient: `judge-many-${i}`,
    amount: String(i + 1),
  }))
  for (const payment of payments) {
    const { answer } = await world.pay(payment)
    if (!isOk(answer)) return failed('status 201 or 200 for each payment', cameOf(answer))
  }
  const { answer, after } = await world.mine()
  if (!isOk(answer) || after === undefined)
    return failed('a block with all of them', cameOf(answer))
  const missing = payments.filter((payment) => placesOf(payment, after).length !== 1)
  if (missing.length === 0) return PASSED
  return failed(`${count} payments, each in the block once`, `${missing.length} of them are not`, {
    hint: 'all that waits goes into the next block',
  })
}

async function whileMining(world: World): Promise<Judgement> {
  await world.readChain()
  const before = world.chain?.blocks.length ?? 0
  let isMining = true
  const mining = world.askToMine().finally(() => {
    isMining = false
  })
  const payment = { sender: 'judge-meanwhile', recipient: 'judge-bob', amount: '4' }
  const isPaid = isOk((await world.pay(payment)).answer)
  try {
    for (let look = 0; look < MAX_LOOKS && isMining; look++) {
      const { answer, chain } = await world.readChain()
      if (!('blocks' in chain)) return failed('the chain, while a block is mined', cameOf(answer))
      const { length } = chain.blocks
      if (length !== before && length !== before + 1) {
        return failed(`${before} or ${before + 1} blocks`, `${length}`)
      }
      const newest = chain.blocks[before]
      const error = newest && formError(newest)
      if (error !== undefined) {
        return brokenRule(
          error,
          before + 1,
          'the new block is shown before it is done: append it once its proof is found',
        )
      }
    }
  } finally {
    await mining
    await world.readChain()
  }
  return isPaid ? hasArrived(payment, world) : PASSED
}

/** A payment that was sent while a block was mined is in that block, or in the next. */
async function hasArrived(payment: Omit<Payment, 'answer'>, world: World): Promise<Judgement> {
  const { chain } = world
  if (chain !== undefined && placesOf(payment, chain).length === 1) return PASSED
  const { after } = await world.mine()
  const places = after === undefined ? [] : placesOf(payment, after)
  if (places.length === 1) return PASSED
  return failed(
    'a payment that was sent while a block was mined, in that block or in the next',
    places.length === 0 ? 'it is in neither' : `it is there ${places.length} times`,
    {
      hint: 'what waits is taken for the block and emptied at one moment: what comes in between is lost',
    },
  )
}
