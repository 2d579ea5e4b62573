/** What the search for a party's payments takes and gives. */
import { Type } from 'typebox'
import { MAX_PARTY_CHARS, MAX_PAYMENTS_LISTED, PAYMENTS_LISTED } from '../../core/limits.ts'
import { Hash, Index } from './block.ts'

const Position = Type.Integer({
  minimum: 0,
  description: 'Place within the block, from 0',
})

export const Payments = Type.Object({
  payments: Type.Array(
    Type.Object({
      index: Index,
      hash: Hash,
      position: Position,
      transaction: Type.Ref('Transaction'),
    }),
  ),
  next: Type.Union([Type.Object({ before: Index, position: Position }), Type.Null()], {
    description: 'What to ask with for those that follow; null where there are none',
  }),
})

export const PaymentsQuery = Type.Object({
  party: Type.String({
    maxLength: MAX_PARTY_CHARS,
    description: 'A sender or recipient, as it is written to the letter',
    examples: ['Lea'],
  }),
  before: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Only of blocks before this index',
    }),
  ),
  position: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'With `before`: also of that block itself, before this position',
    }),
  ),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_PAYMENTS_LISTED,
      description: `Most payments wanted; ${PAYMENTS_LISTED} if left out`,
    }),
  ),
})
