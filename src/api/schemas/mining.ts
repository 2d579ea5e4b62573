/** What the calls that make blocks take and give. */
import { Type } from 'typebox'
import { MAX_MINING_THREADS } from '../../core/limits.ts'
import { Block, Hash } from './block.ts'

export const Mined = Type.Object({
  message: Type.String(),
  ...Block.properties,
  hash: Hash,
})

export const Mining = Type.Object({
  on: Type.Boolean({ description: 'Whether one block is mined after another' }),
  threads: Type.Integer({ description: 'How many search at once' }),
  rate: Type.Integer({ description: 'Proofs tried a second; 0 while nothing is searched for' }),
  tried: Type.Integer({ description: 'Proofs tried since the node started' }),
  found: Type.Integer({ description: 'Blocks mined since the node started' }),
})

export const MiningBody = Type.Object(
  {
    on: Type.Boolean(),
    threads: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_MINING_THREADS })),
  },
  { additionalProperties: false, examples: [{ on: true }] },
)
