/** Transactions that wait for a block. */
import { Type } from 'typebox'
import { Index } from './block.ts'

export const Accepted = Type.Object({ message: Type.String(), index: Index })

export const Waiting = Type.Object({
  transactions: Type.Array(Type.Ref('Transaction')),
  length: Type.Integer(),
})

export const WaitingQuery = Type.Object({
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Most transactions wanted; all if left out',
    }),
  ),
})
