/** Parts of the chain: blocks that are served, branch tips. */
import { Type } from 'typebox'
import { Block, Hash, Place } from './block.ts'

export const ServedBlock = Type.Object({
  ...Block.properties,
  hash: Hash,
  active: Type.Boolean({ description: 'Whether the block is on the active chain' }),
})

export const Chain = Type.Object({
  chain: Type.Array(Type.Ref('Block')),
  length: Type.Integer({
    description: 'Blocks of the whole chain, also where a part is asked for',
  }),
})

export const Tips = Type.Object({
  tips: Type.Array(
    Type.Object({
      ...Place.properties,
      active: Type.Boolean({ description: 'Whether this is the end of the active chain' }),
      work: Type.String({ description: "The branch's summed work, in decimal" }),
      branch_length: Type.Integer({ description: 'Blocks after the fork point' }),
      fork: Type.Union([Place, Type.Null()], {
        description: 'Last block shared with the active chain; null where not even the genesis is',
      }),
    }),
  ),
})

export const ChainQuery = Type.Object({
  from: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'First index wanted',
    }),
  ),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Most blocks wanted; all if left out',
    }),
  ),
})

export const BlockPath = Type.Object({
  block: Type.String({
    pattern: '^([0-9]{1,15}|[0-9a-fA-F]{64}|latest)$',
    description: 'An index, latest, or a hash of 64 hex digits',
    examples: ['2'],
  }),
})
