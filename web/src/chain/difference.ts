/**
 * What two sides of a fork paid, compared: with multiplicity, because two equal payments are two.
 * Nothing tells equal payments apart, so the first ones of each side are taken to be the same.
 */
import type { ServedTransaction } from '../../../src/api/client/responses.ts'

/** A block's payments, by whether the other side has them too. */
export interface Split {
  readonly only: readonly ServedTransaction[]
  readonly both: readonly ServedTransaction[]
}

/** Equal for payments that nothing tells apart. */
export function paymentKey({ sender, recipient, amount }: ServedTransaction): string {
  return JSON.stringify([sender, recipient, amount])
}

/** Splits the payments of one side's blocks by what the other side's blocks have. */
export function splitPayments(
  blocks: readonly (readonly ServedTransaction[])[],
  others: readonly (readonly ServedTransaction[])[],
): readonly Split[] {
  const left = new Counts(others.flat())
  return blocks.map((payments) => {
    const only: ServedTransaction[] = []
    const both: ServedTransaction[] = []
    for (const payment of payments) (left.take(payment) ? both : only).push(payment)
    return { only, both }
  })
}

/** For each payment in turn, whether there is still one like it among others. */
export function foundAmong(
  payments: readonly ServedTransaction[],
  others: readonly ServedTransaction[],
): readonly boolean[] {
  const left = new Counts(others)
  return payments.map((payment) => left.take(payment))
}

/** Keys for a list of payments: equal ones are told apart by how many of them came before. */
export function withKeys(
  payments: readonly ServedTransaction[],
): readonly { readonly key: string; readonly payment: ServedTransaction }[] {
  const counts = new Map<string, number>()
  return payments.map((payment) => {
    const key = paymentKey(payment)
    const count = counts.get(key) ?? 0
    counts.set(key, count + 1)
    return { key: `${count} ${key}`, payment }
  })
}

class Counts {
  readonly #counts = new Map<string, number>()

  constructor(payments: readonly ServedTransaction[]) {
    for (const payment of payments) {
      const key = paymentKey(payment)
      this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
    }
  }

  /** Takes one like it away; false if there is none left. */
  take(payment: ServedTransaction): boolean {
    const key = paymentKey(payment)
    const count = this.#counts.get(key) ?? 0
    if (count === 0) return false
    this.#counts.set(key, count - 1)
    return true
  }
}
