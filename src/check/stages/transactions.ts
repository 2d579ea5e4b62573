/** Payments: taken, kept waiting, and in the next block as they were sent. */
import { type Json, JsonNumber } from '../../core/json/json.ts'
import { failed, type Judgement, PASSED } from '../report/report.ts'
import type { Answer } from '../world/asker.ts'
import { member, numberOf, type ServedChain, shown, transactionsOf } from '../world/served-chain.ts'
import { cameOf, hintOnStatus, isOk, isRefused, type Payment, type World } from '../world/world.ts'
import { type Stage, TUTORIAL } from './stage.ts'

/** Whole numbers below 2^53 and decimals that every language prints alike; names beyond ASCII. */
const SENT: readonly Omit<Payment, 'answer'>[] = [
  { sender: 'judge-alice', recipient: 'judge-bob', amount: '5' },
  { sender: 'judge-Zoë', recipient: 'judge-李雷', amount: '12.5' },
  { sender: 'judge-bob', recipient: 'judge-😀', amount: '4503599627370497' },
]

/** The same under names that no block has: an earlier judgement may have sent them too. */
function paymentsFor({ chain }: World): readonly Omit<Payment, 'answer'>[] {
  const isKnown = chain !== undefined && SENT.some((payment) => placesOf(payment, chain).length > 0)
  if (!isKnown) return SENT
  const after = ` after ${chain.blocks.length}`
  return SENT.map((each) => ({ ...each, sender: each.sender + after }))
}

const NOT_WAITING =
  'a payment that is sent has to wait in a list of its own; here it is put into (or shown in) a block that has been mined already'
const MINED_AT_ONCE =
  'a block is mined for each payment as it comes: /transactions/new puts it into the list of those that wait, and /mine takes that list into a block'

const TAKES_JSON =
  'a payment comes as JSON in the body, with the content type application/json; the answer says what the node misses'

export const transactionsStage: Stage = {
  name: 'transactions',
  required: true,
  after: ['chain'],
  checks: [
    {
      name: 'accepted',
      why: 'a payment that a node does not take never comes into a block',
      source: `${TUTORIAL}, new_transaction`,
      needs: ['chain/form'],
      judge: async (world) => {
        for (const payment of paymentsFor(world)) {
          const { answer } = await world.pay(payment)
          if (!isOk(answer)) {
            return failed(`status 201 or 200 for ${textOf(payment)}`, cameOf(answer), {
              hint: hintOnStatus(answer) ?? (answer.status === 400 ? TAKES_JSON : undefined),
            })
          }
        }
        return PASSED
      },
    },
    {
      name: 'waits',
      why: 'a block that is in the chain never changes: a payment waits for the next one',
      source: `${TUTORIAL}, new_transaction: "into the next mined Block"`,
      needs: ['transactions/accepted'],
      judge: async (world) => {
        const before = world.chain?.blocks.length
        const { chain } = await world.readChain()
        if (!('blocks' in chain)) return failed('the chain', chain.got)
        world.minesPayments = before !== undefined && chain.blocks.length > before
        for (const payment of world.payments) {
          const [at] = placesOf(payment, chain)
          if (at !== undefined) {
            return failed(
              'no block with the payment before one is mined',
              `it is in block ${at} already`,
              {
                block: at,
                hint: world.minesPayments ? MINED_AT_ONCE : NOT_WAITING,
              },
            )
          }
        }
        return PASSED
      },
    },
    {
      name: 'arrives',
      why: 'who pays wants the amount and both names in the chain as they were sent',
      source: `${TUTORIAL}, new_transaction and new_block`,
      needs: ['transactions/accepted'],
      judge: async (world) => {
        const { answer, before, after } = await world.mine()
        if (!isOk(answer)) return { passed: null, restsOn: 'mine/answers' }
        if (after === undefined)
          return failed('the chain, after a block was mined', 'no chain any more')
        if (after.blocks.length <= before.blocks.length) {
          return { passed: null, restsOn: 'mine/one-more' }
        }
        for (const payment of world.payments) {
          const found = arrival(payment, after, world)
          if (found.passed !== true) return found
        }
        return PASSED
      },
    },
    {
      name: 'told',
      why: 'the answer names the block that will hold the payment, and who sent it looks there',
      source: `${TUTORIAL}, new_transaction: "Transaction will be added to Block {index}"`,
      needs: ['transactions/arrives', 'transactions/waits'],
      judge: async ({ payments, chain, remarks }) => {
        for (const payment of payments) {
          const told = blockTold(payment.answer)
          const [at] = chain === undefined ? [] : placesOf(payment, chain)
          if (told === undefined)
            remarks.add('/transactions/new does not say which block will hold the payment')
          else if (told !== at && !numbersIn(payment.answer.text).includes(at)) {
            return failed(
              `block ${at}, where the payment is`,
              `"${payment.answer.text.trim().slice(0, 120)}"`,
              {
                block: at,
                hint:
                  told === (at ?? 0) - 1
                    ? 'it names the last block; the payment comes into the one after it'
                    : 'the index of the last block and one more is right',
              },
            )
          }
        }
        return PASSED
      },
    },
    refusal(
      'missing-field',
      '{"sender": "judge-alice", "recipient": "judge-bob"}',
      '"amount" is missing',
    ),
    refusal(
      'misspelt-field',
      '{"sender": "judge-alice", "receiver": "judge-bob", "amount": 1}',
      '"recipient" is spelt "receiver"',
    ),
    {
      name: 'goes-on',
      why: 'one bad request must not end the service for everybody else',
      source: 'RFC 9110, section 15.5: a client error concerns its request alone',
      needs: ['chain/form'],
      judge: async (world) => {
        const before = world.chain
        const { answer, chain } = await world.readChain()
        if (!('blocks' in chain))
          return failed('the chain, after the requests that were refused', cameOf(answer))
        if (before !== undefined) world.expectStill(before, chain)
        return PASSED
      },
    },
  ],
}

/** A payment that lacks something is refused as the sender's fault. */
function refusal(name: string, body: string, what: string): Stage['checks'][number] {
  return {
    name,
    why: 'a payment without a sender, a recipient or an amount means nothing, and its sender has to hear of it',
    source: `${TUTORIAL}, new_transaction: "Missing values", 400`,
    needs: ['chain/answers'],
    judge: async (world) => {
      const answer = await world.asker.post('/transactions/new', body)
      if (isRefused(answer)) return PASSED
      if (await isCutOff(world, answer)) return PASSED
      if (isOk(answer)) world.spoiltBy ??= `transactions/${name}`
      const hint =
        answer.status !== undefined && answer.status >= 500
          ? 'the program fell over it: look whether all three keys are there before you use them'
          : 'look whether all three keys are there before you take the payment'
      return failed(`a status from 400 to 499, since ${what} in ${body}`, cameOf(answer), { hint })
    },
  }
}

/** Whether the node hung up without a word and goes on, as the tutorial's program does over some servers. */
export async function isCutOff(
  world: World,
  { status, isLate, request }: Answer,
): Promise<boolean> {
  if (status !== undefined || isLate) return false
  const { answer } = await world.readChain()
  if (!isOk(answer)) return false
  world.remarks.add(`${request} with a bad body is not answered: the connection is closed instead`)
  return true
}

/** Indices of the blocks that hold a payment, once for each time. */
export function placesOf(payment: Omit<Payment, 'answer'>, { blocks }: ServedChain): number[] {
  return blocks.flatMap((block, i) =>
    transactionsOf(block)
      .filter((each) => isSame(each, payment))
      .map(() => i + 1),
  )
}

function arrival(payment: Payment, chain: ServedChain, world: World): Judgement {
  const [at] = placesOf(payment, chain)
  if (at !== undefined) {
    const kept = chain.blocks[at - 1]
    const amount =
      kept && transactionsOf(kept).find((each) => member(each, 'sender') === payment.sender)
    const written = member(amount, 'amount')
    if (written instanceof JsonNumber && written.token !== payment.amount) {
      world.remarks.add(
        `an amount is stored in another form than it was sent: ${payment.amount} as ${written.token}`,
      )
    }
    return PASSED
  }
  const all = chain.blocks.flatMap((block, i) =>
    transactionsOf(block).map((each) => ({ each, at: i + 1 })),
  )
  const isOther = (each: Json) => world.payments.some((other) => isSame(each, other))
  const near = all.find(({ each }) => !isOther(each) && isNear(each, payment))
  if (near === undefined) {
    return failed(`a block with the payment ${textOf(payment)}`, 'no block has it', {
      block: chain.blocks.length,
      hint: 'the transactions that wait have to go into the block that is mined next',
    })
  }
  return failed(textOf(payment), shown(near.each), {
    block: near.at,
    hint: whatHappened(near.each, payment),
  })
}

/** Whether a transaction has a payment's names to the letter, and its amount. */
function isSame(
  transaction: Json,
  { sender, recipient, amount }: Omit<Payment, 'answer'>,
): boolean {
  return (
    member(transaction, 'sender') === sender &&
    member(transaction, 'recipient') === recipient &&
    numberOf(member(transaction, 'amount')) === Number(amount)
  )
}

/** Whether a transaction may be what became of a payment. */
function isNear(transaction: Json, { sender, recipient, amount }: Payment): boolean {
  const values = ['sender', 'recipient', 'amount'].map((key) => member(transaction, key))
  if (values[0] === '0') return false
  if (values.includes(sender) || values.includes(recipient)) return true
  return values[2] instanceof JsonNumber && Number(values[2].token) === Number(amount)
}

function whatHappened(transaction: Json, { sender, recipient, amount }: Payment): string {
  const [from, to, value] = ['sender', 'recipient', 'amount'].map((key) => member(transaction, key))
  if (from === recipient && to === sender) return 'sender and recipient have changed places'
  if (from === sender && to === recipient) {
    if (typeof value === 'string') return 'the amount has become a text'
    if (numberOf(value) === Math.trunc(Number(amount))) return 'the amount has lost its decimals'
    return 'the amount is another'
  }
  if (from === sender && to === sender)
    return 'the sender’s name was put in place of the recipient’s'
  if (from === recipient && to === recipient)
    return 'the recipient’s name was put in place of the sender’s'
  const names: readonly [Json | undefined, string][] = [
    [from, sender],
    [to, recipient],
  ]
  const changed = names.filter(([is, was]) => is !== was)
  for (const [is, was] of changed) {
    if (is === undefined) return 'a name is missing'
    if (typeof is !== 'string') return 'a name has become another type of value: it stays a text'
    if (is.toLowerCase() === was.toLowerCase())
      return 'capitals and small letters have changed: a name stays as it was sent'
    if (is.trim() === was.trim()) return 'a name has got or lost blanks'
    if (is === Buffer.from(was).toString('latin1'))
      return 'the names were read as Latin-1: JSON is UTF-8 (RFC 8259, section 8.1)'
  }
  const isBeyondAscii = changed.every(([, was]) => /[^ -~]/.test(was))
  return isBeyondAscii
    ? 'a name has changed on the way: JSON is UTF-8 (RFC 8259, section 8.1)'
    : 'a name has changed on the way: it is kept to the letter'
}

/** The block that an answer names, in its text or in a key of its own. */
function blockTold({ json, text }: Answer): number | undefined {
  for (const key of ['index', 'block', 'block_index']) {
    const value = numberOf(member(json, key))
    if (value !== undefined) return value
  }
  // "Block 3", "Bloco 3", "3. block": whatever number stands by the word.
  const said = /blo(?:ck|co|c|que)\D{0,20}(\d+)|(\d+)\D{0,4}block/i.exec(text)
  const number = said?.[1] ?? said?.[2]
  return number === undefined ? undefined : Number(number)
}

/** Whole numbers in a text: the right one may stand among others, such as the length of the chain. */
function numbersIn(text: string): (number | undefined)[] {
  return Array.from(text.matchAll(/(?<![\w.])\d{1,15}(?![\w]|\.\d)/g), ([digits]) => Number(digits))
}

function textOf({ sender, recipient, amount }: Omit<Payment, 'answer'>): string {
  return `{"sender": "${sender}", "recipient": "${recipient}", "amount": ${amount}}`
}
