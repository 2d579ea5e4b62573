/** The payments of one side of a fork as one list: the first of them, and how many there are in all. */

import type { ServedTransaction } from '../../../../src/api/client/responses.ts'
import { paymentKey } from '../../chain/difference.ts'
import type { ForkBlock } from '../../chain/reading.ts'

/** Payments that a list shows. */
const SHOWN = 50

export interface Listed {
  readonly payments: readonly ServedTransaction[]
  /** Of each, the index of its block. */
  readonly indexes: readonly number[]
  readonly count: number
}

export function listedOf(blocks: readonly ForkBlock[], kind: 'only' | 'both'): Listed {
  const found = blocks.flatMap(({ card, [kind]: payments }) =>
    payments.map((payment) => ({ payment, index: card.index })),
  )
  const shown = found.slice(0, SHOWN)
  return {
    payments: shown.map(({ payment }) => payment),
    indexes: shown.map(({ index }) => index),
    count: blocks.reduce((sum, block) => {
      return sum + (kind === 'only' ? block.onlyCount : block.bothCount)
    }, 0),
  }
}

/** Where the payments of a list are on the other side: the index of the block of each, if it is known. */
export function indexesOnOther(
  payments: readonly ServedTransaction[],
  others: readonly ForkBlock[],
): readonly (number | undefined)[] {
  const places = new Map<string, number[]>()
  for (const { card, both } of others) {
    for (const payment of both) {
      const key = paymentKey(payment)
      const found = places.get(key)
      if (found === undefined) places.set(key, [card.index])
      else found.push(card.index)
    }
  }
  return payments.map((payment) => places.get(paymentKey(payment))?.shift())
}
