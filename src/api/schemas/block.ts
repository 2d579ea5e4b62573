/**
 * What blocks and transactions look like. Numbers that keep their text are plain `number` here: JSON has one
 * kind, and the text is kept beside (see http/body.ts).
 */
import { Type } from 'typebox'
import { MAX_PARTY_CHARS } from '../../core/limits.ts'

export const Hash = Type.String({
  pattern: '^[0-9a-f]{64}$',
  description: 'SHA-256, 64 lowercase hex digits',
})

export const Index = Type.Integer({
  minimum: 1,
  description: "Position in the chain, from 1 (Bitcoin's height plus one)",
})

export const TRANSACTION_EXAMPLE = { sender: 'Lea', recipient: 'Mark', amount: 10 }

const PARTY = { maxLength: MAX_PARTY_CHARS }

export const Transaction = Type.Object(
  {
    sender: Type.String({ ...PARTY, description: 'Who pays; "0" in a miner\'s reward' }),
    recipient: Type.String({ ...PARTY, description: 'Who is paid' }),
    amount: Type.Number({
      description: 'Any finite number; kept exactly as written, so 10 and 10.0 stay different',
    }),
  },
  { $id: 'Transaction', additionalProperties: false, examples: [TRANSACTION_EXAMPLE] },
)

export const HASH_EXAMPLE = '7ee4c318f40dce8927d09144f8e46fd1d142d2bd055217a076d3ad5ab249a620'

const PREVIOUS_HASH_EXAMPLE = '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881'

export const BLOCK_EXAMPLE = {
  index: 2,
  timestamp: 1795353404.109,
  transactions: [
    TRANSACTION_EXAMPLE,
    { sender: '0', recipient: 'c4d1affa6a534b5d9fbee8a81fa5b25c', amount: 1 },
  ],
  proof: 35293,
  previous_hash: PREVIOUS_HASH_EXAMPLE,
}

export const Block = Type.Object(
  {
    index: Index,
    timestamp: Type.Number({ description: 'Seconds since 1970' }),
    transactions: Type.Array(Type.Ref('Transaction')),
    proof: Type.Integer({ minimum: 0, description: 'What the proof of work found' }),
    previous_hash: Type.Unsafe({
      anyOf: [Hash, Type.Literal('1'), Type.Literal(1)],
      description: 'Hash of the block before; "1" (or 1 in toychain-py) in a genesis',
    }),
  },
  { $id: 'Block', examples: [BLOCK_EXAMPLE] },
)

export const Place = Type.Object({ index: Index, hash: Hash })
