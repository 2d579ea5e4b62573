/** What a party has received and sent in sum, and names that differ in case. */
import { expect, it } from 'vitest'
import { otherCases, sumsOf } from '../../web/src/views/chain/party-sums.ts'

const paid = (sender: string, recipient: string, amount: string) => ({
  transaction: { sender, recipient, amount },
})

it('sums what came and what went, and a payment to oneself on both sides', () => {
  const payments = [
    paid('0', 'Lea', '1'),
    paid('Lea', 'Mark', '0.1'),
    paid('Lea', 'Mark', '0.2'),
    paid('Lea', 'Lea', '5'),
    paid('Ada', 'lea', '100'),
  ]
  expect(sumsOf('Lea', payments)).toEqual({ received: 6, sent: 5.3, difference: 0.7, count: 5 })
})

it('knows the other ways to write a name', () => {
  expect(otherCases('lea')).toEqual(['Lea', 'LEA'])
  expect(otherCases('Lea')).toEqual(['lea', 'LEA'])
  expect(otherCases('LEA')).toEqual(['lea', 'Lea'])
  expect(otherCases('小明')).toEqual([])
  expect(otherCases('ö')).toEqual(['Ö'])
})
