/** What a miner is paid. */
import type { Json } from '../../core/json/json.ts'
import { failed, type Judgement, PASSED } from '../report/report.ts'
import { member, numberOf, type ServedBlock, shown, transactionsOf } from '../world/served-chain.ts'
import type { World } from '../world/world.ts'

/** Who pays a miner. */
const NOBODY = '0'

export function rewardOf(block: ServedBlock, index: number, { remarks }: World): Judgement {
  const transactions = transactionsOf(block)
  const reward = rewardIn(block)
  if (reward === undefined) {
    const got = transactions.length === 0 ? 'no transaction' : shown(transactions)
    const isSwapped = transactions.some((each) => member(each, 'recipient') === NOBODY)
    return failed('a transaction whose sender is "0"', got, {
      block: index,
      hint: isSwapped
        ? 'sender and recipient of the reward have changed places: "0" pays, and the node’s id is paid'
        : 'there is no reward: before the block is made, a transaction from "0" to the node’s id, of 1, joins those that wait',
    })
  }
  const amount = member(reward, 'amount')
  if (!((numberOf(amount) ?? 0) > 0)) {
    return failed('a reward of 1, or of another amount above 0', shown(reward), {
      block: index,
      hint:
        typeof amount === 'string'
          ? 'the amount of the reward is a text: an amount is a number'
          : 'the reward is worth nothing: who mines is paid with new coins, 1 in the tutorial',
    })
  }
  if (reward !== transactions.at(-1)) {
    remarks.add('the reward is not the last transaction of its block')
  }
  if (transactions.filter(isReward).length > 1) remarks.add('a block has more than one reward')
  const recipient = member(reward, 'recipient')
  if (recipient === '') remarks.add('the reward goes to a recipient without a name')
  if (recipient === NOBODY) remarks.add('the reward goes to "0", who is nobody')
  return PASSED
}

/** Rewards of the blocks that were mined for us: of one miner, and of one amount. */
export function compareRewards({ mined, remarks }: World): void {
  const rewards = mined.flatMap(({ after }) => {
    const last = after?.blocks.at(-1)
    const reward = last && rewardIn(last)
    return reward === undefined ? [] : [reward]
  })
  const kinds = (key: string) => new Set(rewards.map((reward) => shown(member(reward, key)))).size
  if (kinds('recipient') > 1) remarks.add('the reward goes to another recipient in each block')
  if (kinds('amount') > 1) remarks.add('the reward has another amount in each block')
}

/** The last reward of a block. */
function rewardIn(block: ServedBlock): Json | undefined {
  return transactionsOf(block).findLast(isReward)
}

function isReward(transaction: Json): boolean {
  return member(transaction, 'sender') === NOBODY
}
