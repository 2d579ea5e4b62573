/** What the calls that make blocks take and give. */
import { Type } from 'typebox'
import { MAX_BLOCKS_PER_CALL, MAX_MINING_THREADS, MAX_PARTY_CHARS } from '../../core/limits.ts'
import { Block, Hash } from './block.ts'

export const Mined = Type.Object({
  message: Type.String(),
  ...Block.properties,
  hash: Hash,
  tries: Type.Integer({ description: 'Proofs that were tried for it' }),
  blocks: Type.Optional(
    Type.Array(Type.Intersect([Type.Ref('Block'), Type.Object({ hash: Hash })]), {
      description: 'All that were mined, where `blocks` asked for more than one',
    }),
  ),
})

export const MineQuery = Type.Object(
  {
    recipient: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: MAX_PARTY_CHARS,
        description: 'Who gets the reward; this node if left out',
      }),
    ),
    blocks: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_BLOCKS_PER_CALL,
        description: 'How many blocks to mine, one after another',
      }),
    ),
  },
  { additionalProperties: false },
)

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
