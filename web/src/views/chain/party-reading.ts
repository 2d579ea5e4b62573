/** Asks the node for a party's payments to sum them, and for names that differ only in case. */
import type { PaymentsPlace, ServedPayment } from '../../../../src/api/client/client.ts'
import { MAX_PAYMENTS_LISTED } from '../../../../src/core/limits.ts'
import { client } from '../../node/client.ts'
import { otherCases, type PartySums, sumsOf } from './party-sums.ts'

/** Payments that are summed at most: the newest. */
export const MAX_SUMMED = 10 * MAX_PAYMENTS_LISTED

/** @throws NodeUnreachable, NodeRefusal */
export async function sumPayments(party: string): Promise<PartySums> {
  const payments: ServedPayment[] = []
  let before: PaymentsPlace | undefined
  do {
    const place = before === undefined ? {} : { before }
    const page = await client.payments({ party, limit: MAX_PAYMENTS_LISTED, ...place })
    for (const payment of page.payments) payments.push(payment)
    before = page.next
  } while (before !== undefined && payments.length < MAX_SUMMED)
  return { ...sumsOf(party, payments), isCut: before !== undefined }
}

/** Those of them that the chain knows. @throws NodeUnreachable, NodeRefusal */
export async function knownCases(party: string): Promise<readonly string[]> {
  const names = otherCases(party)
  const pages = await Promise.all(names.map((name) => client.payments({ party: name, limit: 1 })))
  return names.filter((_, i) => (pages[i]?.payments.length ?? 0) > 0)
}
