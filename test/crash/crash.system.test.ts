/**
 * The short form of `npm run test:crash`: a dozen rounds of each kind of work and kill, or one round of
 * each in a sample; and that the judge of the data sees what is wrong with them.
 */
import { describe, expect, it } from 'vitest'
import { isFull, SEED, volume } from '../helpers/volume.ts'
import { Campaign } from './campaign.ts'
import type { Plan } from './data.ts'
import { Ledger, type Seen } from './ledger.ts'
import { KINDS, type Kind } from './totals.ts'

const RECOVERIES = volume(2, 1)
const DECK: readonly Kind[] = [
  ...Array<Kind>(volume(3, 1)).fill('posting'),
  ...Array<Kind>(volume(3, 1)).fill('mining'),
  ...Array<Kind>(volume(4, 1)).fill('resolving'),
  ...Array<Kind>(RECOVERIES).fill('recovery'),
]
const SHORT_BRANCHES: Plan = { difficulty: 2, rounds: 6, branch: [2, 60] }
const LONG_BRANCHES: Plan = { difficulty: 1, rounds: 6, branch: [300, 900] }
const PLANS = isFull ? [SHORT_BRANCHES, LONG_BRANCHES] : [SHORT_BRANCHES]

describe('a node that is killed at moments of chance', () => {
  it(`has lost nothing that it had answered, and its data verify (seed ${SEED})`, {
    timeout: 180_000,
  }, async () => {
    const rounds = DECK.length
    const campaign = new Campaign({ rounds, seed: SEED, deck: DECK, plans: PLANS })
    await campaign.run()
    const { totals } = campaign
    for (const kind of KINDS) {
      expect(totals.count('rounds', [kind])).toBe(DECK.filter((each) => each === kind).length)
    }
    expect(totals.count('kills')).toBeGreaterThanOrEqual(rounds)
    expect(totals.moment('checks')).toBe(rounds - RECOVERIES + PLANS.length)
    expect(totals.answersPerRound).toBeGreaterThan(1)
  })
})

describe('the judge', () => {
  const HASH = 'a'.repeat(64)
  /** A ledger of two payments, the first of them answered, a block and a node; and data that fit. */
  function example(): { ledger: Ledger; seen: Seen } {
    const ledger = new Ledger()
    const [answered, unanswered] = [ledger.newPayment(), ledger.newPayment()]
    ledger.paymentAnswered(answered.sender)
    ledger.blockAnswered(HASH, 2)
    ledger.setNode('a:1', 'kept')
    ledger.setNode('b:1', 'gone')
    ledger.setNode('c:1', 'open')
    const payments = [
      { ...answered, place: 'block 2' },
      { ...unanswered, place: 'the current transactions' },
    ]
    const seen = { id: 'f', height: 2, tip: HASH, payments, hashes: new Set([HASH]) }
    return { ledger, seen: { ...seen, nodes: ['a:1'] } }
  }

  it('has nothing to say of data that hold what was answered, with or without the rest', () => {
    const { ledger, seen } = example()
    expect(ledger.judge({ ...seen, payments: seen.payments.slice(0, 1) })).toEqual([])
    expect(ledger.judge(seen)).toEqual([])
    expect(ledger.judge({ ...seen, nodes: ['a:1'] })).toEqual([])
  })

  it.each<[string, (seen: Seen) => Partial<Seen>, string]>([
    ['an answered payment', ({ payments }) => ({ payments: payments.slice(1) }), 'is lost'],
    ['an answered block', () => ({ hashes: new Set() }), 'was answered and is lost'],
    ['blocks at the end', () => ({ height: 1 }), 'had 2 blocks and has 1'],
    ['a registered node', () => ({ nodes: [] }), 'a:1 was registered and is lost'],
  ])('misses %s', (_name, change, said) => {
    const { ledger, seen } = example()
    expect(ledger.judge({ ...seen, ...change(seen) })).toEqual([expect.stringContaining(said)])
  })

  it.each<[string, (seen: Seen) => Partial<Seen>, string]>([
    [
      'a payment that is there twice',
      ({ payments }) => ({ payments: [...payments, ...payments.slice(1)] }),
      'is in the current transactions and in',
    ],
    [
      'a payment that nobody sent',
      ({ payments }) => ({
        payments: [...payments, { sender: 'Eve', amount: '1', place: 'block 2' }],
      }),
      'Eve was never sent',
    ],
    [
      'another amount',
      ({ payments }) => ({ payments: payments.map((payment) => ({ ...payment, amount: '7' })) }),
      'and it is 7',
    ],
    ['a removed node', () => ({ nodes: ['a:1', 'b:1'] }), 'b:1 was removed and is back'],
    ['an unknown node', () => ({ nodes: ['a:1', 'd:1'] }), 'd:1 was never registered'],
  ])('sees %s', (_name, change, said) => {
    const { ledger, seen } = example()
    const faults = ledger.judge({ ...seen, ...change(seen) })
    expect(faults).toContainEqual(expect.stringContaining(said))
  })

  it('misses later what was there once, answered or not, and knows the id again', () => {
    const { ledger, seen } = example()
    expect(ledger.judge({ ...seen, nodes: ['a:1', 'c:1'] })).toEqual([])
    const later = { ...seen, id: 'e', payments: seen.payments.slice(0, 1) }
    expect(ledger.judge(later)).toEqual([
      expect.stringContaining('payer-2'),
      'node c:1 was registered and is lost',
      "the node's id was f and is e",
    ])
  })
})
