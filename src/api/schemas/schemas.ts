/**
 * The shapes of the REST API, for validation and for the documentation. Numbers that keep their
 * text are plain `number` here: JSON has one kind, and the text is kept beside (see body.ts).
 */
import { type TSchema, Type } from 'typebox'
import { MAX_PARTY_CHARS } from '../../core/limits.ts'
import { makeProblem, PROBLEMS, type Problem, type ProblemCode } from '../http/problems.ts'

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

export const HASH_EXAMPLE = '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881'
export const BLOCK_EXAMPLE = {
  index: 2,
  timestamp: 1795353404.109,
  transactions: [
    TRANSACTION_EXAMPLE,
    { sender: '0', recipient: 'c4d1affa6a534b5d9fbee8a81fa5b25c', amount: 1 },
  ],
  proof: 35293,
  previous_hash: HASH_EXAMPLE,
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

export const ProblemDetails = Type.Object(
  {
    type: Type.String({ description: 'A URN made of the code' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'What was expected and what came' }),
    code: Type.String({ description: 'Stable; see docs/PROTOCOL.md' }),
    errors: Type.Optional(
      Type.Array(Type.Object({ field: Type.String(), detail: Type.String() }), {
        description: 'Each field that is wrong',
      }),
    ),
  },
  { $id: 'Problem', description: 'RFC 9457 problem details' },
)

const Place = Type.Object({ index: Index, hash: Hash })

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

export const Accepted = Type.Object({ message: Type.String(), index: Index })

export const Waiting = Type.Object({
  transactions: Type.Array(Type.Ref('Transaction')),
  length: Type.Integer(),
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

export const Info = Type.Object({
  id: Type.String({ description: "The node's id, 32 hex digits: its rewards go there" }),
  chain: Type.String({ description: "The chain spec's name" }),
  spec: Type.Unknown({ description: 'The whole chain spec' }),
  height: Index,
  tip: Type.Object({ ...Place.properties, timestamp: Type.Number() }),
  current_transactions: Type.Integer(),
  version: Type.String(),
})

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

export const Greeting = Type.Object({
  message: Type.String(),
  docs: Type.String(),
  redoc: Type.String(),
  openapi: Type.String(),
  try: Type.Array(Type.String()),
})

export const Health = Type.Object({ status: Type.Literal('ok') })

export const WaitingQuery = Type.Object({
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Most transactions wanted; all if left out',
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
    pattern: '^([0-9]{1,15}|[0-9a-fA-F]{64})$',
    description: 'An index, or a hash of 64 hex digits',
    examples: ['2'],
  }),
})

export const EventHeaders = Type.Object({
  'last-event-id': Type.Optional(
    Type.String({
      description: 'The last event that the listener has; the stream goes on after it',
    }),
  ),
})

/** A successful JSON answer as OpenAPI has it. */
export function answer(description: string, schema: TSchema, example: unknown) {
  return { description, content: { 'application/json': { schema, example } } }
}

/** Error answers as OpenAPI has them, by status: every code that a route can give. */
export function problems(...codes: ProblemCode[]) {
  const always: ProblemCode[] = ['host-not-allowed', 'too-many-requests', 'internal-error']
  const examples = [...codes, ...always].map((code) =>
    makeProblem(code, PROBLEMS.get(code)?.means ?? ''),
  )
  const byStatus = Map.groupBy(examples, ({ status }) => status)
  return Object.fromEntries([...byStatus].map(([status, all]) => [status, problemAnswer(all)]))
}

function problemAnswer(examples: readonly Problem[]) {
  return {
    description: examples.map(({ code, detail }) => `\`${code}\`: ${detail}`).join('; '),
    content: {
      'application/problem+json': {
        schema: Type.Ref('Problem'),
        examples: Object.fromEntries(
          examples.map((value) => [value.code, { summary: value.detail, value }]),
        ),
      },
    },
  }
}
