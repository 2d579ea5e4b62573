/**
 * Every "no" of the rules: one table of codes, and the two errors that carry them. A code is stable
 * and is Bitcoin's reject string where there is one; nobody matches on a message. docs/PROTOCOL.md
 * documents each code, and a test compares it with this table, both ways.
 */
import { detached } from './detached.ts'
import { printable } from './printable.ts'

/**
 * What a refusal says about the thing refused.
 * - `invalid`: it breaks a rule and always will.
 * - `missing`: something that it builds on is not here.
 * - `future`: it may be right later.
 * - `mutated`: the fault is in how it came, not in what its hash commits to.
 * - `policy`: it is not wrong; this node does not want it now.
 */
export type RuleKind = 'invalid' | 'missing' | 'future' | 'mutated' | 'policy'

/** Code → kind and meaning. The order is the order of the checks in a block's life. */
export const RULES = {
  'bad-block-type': { kind: 'invalid', means: 'the block is not a JSON object' },
  'bad-block-keys': { kind: 'invalid', means: 'the block has a missing, unknown or repeated key' },
  'bad-index': {
    kind: 'invalid',
    means: 'the index is not the number of blocks before it plus one',
  },
  'bad-timestamp': {
    kind: 'invalid',
    means: 'the timestamp is not a finite number of bounded length',
  },
  'bad-proof': { kind: 'invalid', means: 'the proof is not an integer from 0 to 2^53-1' },
  'bad-previous-hash': {
    kind: 'invalid',
    means: 'the previous hash is malformed or is not the hash of the block before',
  },
  'bad-transactions': { kind: 'invalid', means: 'the transactions are not a JSON array' },
  'bad-transaction-type': { kind: 'invalid', means: 'a transaction is not a JSON object' },
  'bad-transaction-keys': {
    kind: 'invalid',
    means: 'a transaction has a missing, unknown or repeated key',
  },
  'bad-sender': { kind: 'invalid', means: 'the sender is not a text of bounded length' },
  'bad-recipient': { kind: 'invalid', means: 'the recipient is not a text of bounded length' },
  'bad-amount': { kind: 'invalid', means: 'the amount is not a finite number of bounded length' },
  'bad-genesis': { kind: 'invalid', means: 'the first block does not have the form of a genesis' },
  'bad-blk-length': { kind: 'invalid', means: 'the block is larger than the limit' },
  'empty-chain': { kind: 'invalid', means: 'a chain has at least its genesis' },
  'prev-blk-not-found': { kind: 'missing', means: 'the block before this one is not known here' },
  'high-hash': {
    kind: 'invalid',
    means: 'the digest of the proof does not begin with enough zeros',
  },
  'time-too-old': {
    kind: 'invalid',
    means: 'the timestamp is not above the median of the blocks before',
  },
  'time-too-new': { kind: 'future', means: 'the timestamp is too far ahead of the clock' },
  'bad-txnmrklroot': {
    kind: 'mutated',
    means: 'the body is not the one that the header commits to',
  },
  'bad-header': { kind: 'mutated', means: 'a field of the header does not have its form' },
  'bad-encoding': { kind: 'mutated', means: 'the bytes are not in their one encoding' },
  'bad-claim': { kind: 'mutated', means: 'what is said beside the bytes is not what they say' },
  'bad-diffbits': {
    kind: 'invalid',
    means: 'the bits are not the ones that the difficulty demands',
  },
  'bad-txns-duplicate': {
    kind: 'mutated',
    means: 'transactions are repeated in a way that does not change the merkle root',
  },
  'bad-cb-missing': { kind: 'invalid', means: 'the first transaction is not a coinbase' },
  'bad-cb-multiple': { kind: 'invalid', means: 'the block has more than one coinbase' },
  'bad-cb-height': { kind: 'invalid', means: "the coinbase does not carry its block's index" },
  'bad-cb-amount': { kind: 'invalid', means: 'the coinbase is not exactly subsidy and fees' },
  'bad-txns-allocation': { kind: 'invalid', means: 'only a first block gives without a payment' },
  'bad-txns-chain': { kind: 'invalid', means: 'the payment is for another chain' },
  'bad-txns-amount': {
    kind: 'invalid',
    means: 'the amount is not a whole number from 1 to all that there will ever be',
  },
  'bad-txns-fee-outofrange': {
    kind: 'invalid',
    means: 'amount and fee together are more than there will ever be',
  },
  'bad-txns-signature': { kind: 'invalid', means: 'the sender has not signed this payment' },
  'bad-txns-nonce': {
    kind: 'invalid',
    means: 'the nonce is not the number of payments that the sender has made',
  },
  'bad-prevblk': { kind: 'invalid', means: 'the block before this one is invalid' },
  'insufficient-funds': { kind: 'invalid', means: 'an account pays more than it has' },
  'bad-stored-header': {
    kind: 'mutated',
    means: 'the index of stored data says something else of a block than its text',
  },
  duplicate: { kind: 'policy', means: 'the block is already known here' },
  'mempool-full': {
    kind: 'policy',
    means: 'the node holds as many current transactions as it may',
  },
  'mining-queue-full': { kind: 'policy', means: 'too many requests to mine are waiting' },
  'mining-failed': { kind: 'policy', means: 'the thread that mines cannot run' },
  'bad-address': { kind: 'invalid', means: 'the address of a node is not a host and port' },
  'too-many-nodes': { kind: 'policy', means: 'the node knows as many other nodes as it may' },
} as const satisfies Record<string, { kind: RuleKind; means: string }>

export type RuleCode = keyof typeof RULES

type Value = string | number | readonly string[]

/** What an error compared, for people and programs: `expected`, `got`, and what else helps. */
export type ErrorData = Readonly<Record<string, Value>>

/** What a check compared. */
export type Compared = Readonly<{ expected: Value; got: Value }>

/** The same of a field. */
type InField = Compared & Readonly<{ field: string }>

/** The same of a transaction; `transaction` is its position in its block, from 0, if it came in one. */
type InTransaction<Data> = Data & Readonly<{ transaction?: number }>

/** By code, what its error compared. */
export type RuleData = {
  'bad-block-type': Compared
  'bad-block-keys': InField
  'bad-index': Compared
  'bad-timestamp': InField
  'bad-proof': Compared
  'bad-previous-hash': Readonly<{ expected: string; got: string }>
  'bad-transactions': Compared
  'bad-transaction-type': InTransaction<Compared>
  'bad-transaction-keys': InTransaction<InField>
  'bad-sender': InTransaction<InField>
  'bad-recipient': InTransaction<InField>
  'bad-amount': InTransaction<InField>
  'bad-genesis': InField
  'bad-blk-length': Compared
  'empty-chain': Compared
  'prev-blk-not-found': Readonly<{ previous_hash: string }>
  'high-hash': Compared
  'time-too-old': Compared
  'time-too-new': Compared
  'bad-txnmrklroot': Compared
  'bad-header': InField
  'bad-encoding': InTransaction<InField>
  'bad-claim': InField
  'bad-diffbits': Compared
  'bad-txns-duplicate': Compared
  'bad-cb-missing': Compared
  'bad-cb-multiple': Compared
  'bad-cb-height': Compared
  'bad-cb-amount': Compared
  'bad-txns-allocation': Compared
  'bad-txns-chain': InTransaction<Compared>
  'bad-txns-amount': InTransaction<Compared>
  'bad-txns-fee-outofrange': InTransaction<Compared>
  'bad-txns-signature': InTransaction<Compared>
  'bad-txns-nonce': InTransaction<Compared & Readonly<{ account: string }>>
  'bad-prevblk': Readonly<{ previous_hash: string }>
  'insufficient-funds': InTransaction<Compared & Readonly<{ account: string }>>
  'bad-stored-header': InField
  duplicate: Readonly<{ hash: string }>
  'mempool-full': Readonly<{ limit: number; unit: 'transactions' | 'bytes' }>
  'mining-queue-full': Readonly<{ limit: number }>
  'mining-failed': Readonly<{ reason: string }>
  'bad-address': Compared & Readonly<{ at?: readonly string[] }>
  'too-many-nodes': Readonly<{ limit: number }>
}

/** A rule said no. `code` and `kind` decide what happens next; `data` says why. */
export class RuleError<Code extends RuleCode = RuleCode> extends Error {
  override readonly name = 'RuleError'
  readonly code: Code
  readonly kind: RuleKind
  readonly data: RuleData[Code]

  constructor(code: Code, data: RuleData[Code]) {
    super(sentence(RULES[code].means, data))
    this.code = code
    this.kind = RULES[code].kind
    this.data = data
  }

  /** The same, for who shows it and does not ask for which code. */
  get details(): ErrorData {
    return this.data
  }
}

/** What came of it, or which rule said no. */
export type Attempt<T> =
  | { readonly value: T; readonly error?: undefined }
  | { readonly error: RuleError; readonly value?: undefined }

/** Does what a rule may say no to. */
export function attempt<T>(work: () => T): Attempt<T> {
  try {
    return { value: work() }
  } catch (error) {
    if (!(error instanceof RuleError)) throw error
    return { error }
  }
}

/** What a RuleError says. */
export interface RuleFault extends Pick<RuleError, 'code' | 'message'> {
  readonly data: ErrorData
}

/**
 * What an error says, to be kept for long. The error itself would keep all that the functions saw which it
 * was thrown through (V8 holds them until somebody reads the stack), and the text that its data were cut of.
 */
export function faultOf({ code, data, message }: RuleError): RuleFault {
  const own = Object.entries<Value>(data).map(([key, value]) => [
    key,
    typeof value === 'number' ? value : ownText(value),
  ])
  return { code, data: Object.fromEntries(own), message: detached(message) }
}

/** The error that said so. */
export function errorOf({ code, data }: RuleFault): RuleError {
  // A fault is what an error of this code said, so its data are of that form.
  return new RuleError(code, data as RuleData[RuleCode])
}

function ownText(value: string | readonly string[]): string | readonly string[] {
  return typeof value === 'string' ? detached(value) : value.map(detached)
}

/** Code → meaning, for texts that cannot be read at all: always the sender's fault. */
export const DECODE_CODES = {
  'json-syntax': 'the text is not the JSON (RFC 8259) that was expected',
  'json-depth': 'arrays and objects are nested deeper than the limit',
  'bad-spec': 'the chain spec is malformed',
} as const

export type DecodeCode = keyof typeof DECODE_CODES

/** A text could not be read. `data.at` is the offset of the fault in UTF-16 code units, if known. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError'
  readonly code: DecodeCode
  readonly data: ErrorData

  constructor(code: DecodeCode, data: ErrorData = {}) {
    super(sentence(DECODE_CODES[code], data))
    this.code = code
    this.data = data
  }

  get details(): ErrorData {
    return this.data
  }
}

/** Says in one line what a rule means and what it compared. */
function sentence(means: string, data: ErrorData): string {
  const details = Object.entries(data).map(([key, value]) => {
    return `${key}: ${printable(shortened(String(value)))}`
  })
  return details.length === 0 ? means : `${means} (${details.join(', ')})`
}

const SHOWN_CHARS = 120

function shortened(text: string): string {
  return text.length <= SHOWN_CHARS ? text : `${text.slice(0, SHOWN_CHARS)}…`
}

/** What an error says, or whatever else was thrown. */
export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

/** Stops the program where our own code is wrong; never for somebody's input. */
export function assert(condition: boolean, invariant: string): asserts condition {
  if (!condition) throw new AssertionError(invariant)
}

/** A broken invariant of ours: the node stops rather than go on. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError'
}

/** The end of a switch over a union: a new member that it forgot does not compile. */
export function assertNever(value: never): never {
  throw new AssertionError(`unexpected ${JSON.stringify(value)}`)
}
