/** Other nodes: the list of them, a resolve and its report, the picture of the network. */
import { Type } from 'typebox'
import { MAX_NODES } from '../../core/limits.ts'
import { Hash, Index } from './block.ts'

const Height = Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], {
  description: 'Blocks of its chain; null where that is not known',
})

const KnownHash = Type.Union([Hash, Type.Null()])

const Seconds = Type.Union([Type.Number(), Type.Null()])

const Addresses = Type.Array(Type.String())

/** What asking a node came to; the fields that say why are there only where there is a reason. */
const Heard = {
  node: Type.String({ description: 'Its address' }),
  verdict: Type.Union([Type.String(), Type.Null()], {
    description:
      'adopted, same, shorter, tie, invalid, unreachable, misbehaved, unfinished or self; null if it was not asked yet',
  }),
  length: Height,
  tip: KnownHash,
  rule: Type.Optional(Type.String({ description: 'The rule that a block of it breaks' })),
  block: Type.Optional(Type.Integer({ description: 'The index of that block' })),
  reason: Type.Optional(
    Type.String({ description: 'Why it could not be asked, or what it did wrong' }),
  ),
  detail: Type.Optional(Type.String({ description: 'What was expected and what came' })),
}

const Report = Type.Array(Type.Object(Heard), { description: 'Each node that was asked' })

export const Nodes = Type.Object({
  nodes: Type.Array(
    Type.Object({
      ...Heard,
      asked: Seconds,
      answered: Seconds,
      faults: Type.Integer({ description: 'How often it did wrong since this node started' }),
    }),
  ),
  length: Type.Integer(),
})

export const NodesBody = Type.Object(
  {
    nodes: Type.Array(Type.String(), {
      minItems: 1,
      maxItems: MAX_NODES,
      description: 'Addresses: host:port, or a URL with them',
    }),
  },
  { additionalProperties: false, examples: [{ nodes: ['127.0.0.1:5001'] }] },
)

export const Registered = Type.Object({
  message: Type.String(),
  total_nodes: Addresses,
  self: Type.Optional(Type.Array(Type.String(), { description: 'Those that are this node' })),
})

export const Removed = Type.Object({ message: Type.String(), total_nodes: Addresses })

export const NodePath = Type.Object({
  node: Type.String({ description: 'A registered address', examples: ['127.0.0.1:5001'] }),
})

export const ResolveQuery = Type.Object({
  chain: Type.Optional(
    Type.Union([Type.Literal('true'), Type.Literal('false')], {
      description: 'false leaves the chain out of the answer',
    }),
  ),
})

const MaybeChain = Type.Optional(Type.Array(Type.Ref('Block')))

export const Resolved = Type.Object({
  message: Type.String(),
  new_chain: MaybeChain,
  chain: MaybeChain,
  length: Type.Integer(),
  report: Report,
})

export const Network = Type.Object({
  self: Type.Object({ id: Type.String(), chain: Type.String(), height: Index, tip: Hash }),
  nodes: Type.Array(
    Type.Object({
      node: Type.String(),
      registered: Type.Boolean({ description: 'Ours, or only known to one of ours' }),
      self: Type.Boolean({ description: 'Whether it is this very node' }),
      reachable: Type.Boolean(),
      id: Type.Union([Type.String(), Type.Null()]),
      chain: Type.Union([Type.String(), Type.Null()]),
      height: Height,
      tip: KnownHash,
      nodes: Type.Array(Type.String(), { description: 'The nodes that it knows, if it says so' }),
      reason: Type.Optional(Type.String()),
      detail: Type.Optional(Type.String()),
    }),
  ),
})
