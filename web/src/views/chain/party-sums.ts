/** What a party has received and sent in sum, and the ways in which its name may have been written. */
import type { ServedPayment } from '../../../../src/api/client/client.ts'

/** Sums of decimal fractions are rounded to this many digits: 0.1 + 0.2 is 0.3. */
const DIGITS = 12

interface Sums {
  readonly received: number
  readonly sent: number
  readonly difference: number
  readonly count: number
}

export interface PartySums extends Sums {
  /** Whether older payments were left out. */
  readonly isCut: boolean
}

/** A payment to oneself is both received and sent. */
export function sumsOf(
  party: string,
  payments: readonly Pick<ServedPayment, 'transaction'>[],
): Sums {
  let received = 0
  let sent = 0
  for (const { transaction } of payments) {
    const amount = Number(transaction.amount)
    if (transaction.recipient === party) received += amount
    if (transaction.sender === party) sent += amount
  }
  return {
    received: rounded(received),
    sent: rounded(sent),
    difference: rounded(received - sent),
    count: payments.length,
  }
}

/** The ways in which a name is often written, but for the one that was typed. */
export function otherCases(party: string): readonly string[] {
  const lower = party.toLowerCase()
  const title = lower.replace(/^\p{L}/u, (letter) => letter.toUpperCase())
  return [...new Set([lower, title, party.toUpperCase()])].filter((name) => name !== party)
}

function rounded(sum: number): number {
  return Number(sum.toPrecision(DIGITS))
}
