/**
 * The checks of a whole block, in the order in which they are made. Those of its header are in header-checks.ts;
 * here are the forms that it comes in, what binds a body to its header, the body by itself, and what it does to
 * accounts.
 */
import type { Block } from '../block.ts'
import type { BlockHash } from '../hash.ts'
import { accountIn } from './account.ts'
import { hashHex } from './bytes.ts'
import { HEADER_BYTES, heightOf, merkleRootOf } from './header.ts'
import {
  type HeaderParameters,
  headerFormCheck,
  type NakamotoRow,
  nakamotoRows,
  placeChecks,
  timeChecks,
  workChecks,
} from './header-checks.ts'
import { otherKeys, shown, transactionKeys, typeName } from './reading.ts'
import { type Issue, subsidyAt } from './subsidy.ts'
import {
  type Coinbase,
  kindOf,
  type Payment,
  type SomeTransaction,
  signatureIn,
  signedBytes,
} from './transaction.ts'

/** Whether a signature (64 bytes) over a message is a key's (32 bytes). */
export type Verify = (signature: Uint8Array, message: Uint8Array, key: Uint8Array) => boolean

export interface BlockParameters extends HeaderParameters, Issue {
  /** Header and body together. */
  readonly maxBlockBytes: number
  /** Units that there will ever be: allocations and all subsidies. */
  readonly supply: number
}

interface Context {
  readonly parameters: BlockParameters
  readonly genesis: () => BlockHash
  readonly verify: Verify
}

const BLOCK_KEYS = [
  'bits',
  'hash',
  'index',
  'merkle_root',
  'previous_hash',
  'proof',
  'timestamp',
  'transactions',
  'version',
]

const ENCODING = { source: 'ours: one encoding of a block, docs/NAKAMOTO.md' }
const CHECK_BLOCK = 'Bitcoin Core, src/validation.cpp, CheckBlock'
const CHECK_TRANSACTION = 'Bitcoin Core, src/consensus/tx_check.cpp'

/** The whole table. */
export function blockChecks(context: Context): readonly NakamotoRow[] {
  return [
    ...formChecks(),
    ...workChecks(context.parameters, context.genesis),
    ...placeChecks(context.parameters),
    ...timeChecks(context.parameters),
    ...bindingChecks(),
    ...bodyChecks(context),
    ...connectChecks(context.parameters),
  ]
}

/** The form of what came: a header in hex, or a block as JSON. */
function formChecks(): readonly NakamotoRow[] {
  const rows = nakamotoRows()
  return [
    rows.form('bad-block-type', ENCODING, ({ json, object }) => {
      if (object !== undefined || typeof json === 'string') return undefined
      return { expected: 'an object, or a header in hex', got: typeName(json) }
    }),
    rows.form('bad-block-keys', ENCODING, ({ object }) => object && otherKeys(object, BLOCK_KEYS)),
    headerFormCheck(),
    rows.form('bad-transactions', ENCODING, ({ object, transactions }) => {
      if (object === undefined || transactions !== undefined) return undefined
      return { expected: 'an array', got: typeName(object.get('transactions')) }
    }),
    rows.transaction('bad-transaction-type', ENCODING, ({ json, object }) => {
      if (object !== undefined || typeof json === 'string') return undefined
      return { expected: 'an object, or bytes in hex', got: typeName(json) }
    }),
    rows.transaction('bad-transaction-keys', ENCODING, ({ object }) => {
      return object && otherKeys(object, transactionKeys(object))
    }),
    rows.transaction('bad-txns-amount', ENCODING, ({ fault }) => {
      return fault?.field === 'amount' ? { expected: fault.expected, got: fault.got } : undefined
    }),
    rows.transaction('bad-encoding', ENCODING, ({ fault }) => fault),
    rows.form('bad-claim', ENCODING, ({ object, hash, index, carriedIndex = index }) => {
      if (object === undefined || hash === undefined) return undefined
      const got = object.get('hash')
      if (got !== hash) return { field: 'hash', expected: hash, got: shown(got) }
      if (index !== undefined && index === carriedIndex) return undefined
      const expected = carriedIndex ?? 'a whole number from 1'
      return { field: 'index', expected, got: shown(object.get('index')) }
    }),
  ]
}

/** Whether a body is its header's: a fault says nothing of the header. */
function bindingChecks(): readonly NakamotoRow[] {
  const rows = nakamotoRows()
  return [
    rows.binding('bad-encoding', ENCODING, ({ bytes, transactions }) => {
      if (transactions !== undefined) return undefined
      const got = bytes === undefined ? 'no lowercase hex' : `${bytes.length} other bytes`
      return { field: 'body', expected: 'transactions one after another, and no more', got }
    }),
    rows.binding(
      'bad-txnmrklroot',
      { source: `${CHECK_BLOCK}; the Bitcoin paper, section 7` },
      ({ header, tree }) => {
        const [expected, got] = [merkleRootOf(header), hashHex(tree.root)]
        return got === expected ? undefined : { expected, got }
      },
    ),
    rows.binding('bad-txns-duplicate', { source: 'CVE-2012-2459' }, ({ tree }) => {
      return tree.isMutated ? { expected: 'no equal pair in the tree', got: 'one' } : undefined
    }),
  ]
}

function bodyChecks({ parameters, genesis, verify }: Context): readonly NakamotoRow[] {
  const rows = nakamotoRows()
  const { maxBlockBytes, supply } = parameters
  return [
    rows.body('bad-blk-length', { source: CHECK_BLOCK }, ({ transactions }) => {
      const got = HEADER_BYTES + transactions.reduce((sum, t) => sum + kindOf(t).bytes.length, 0)
      return got <= maxBlockBytes ? undefined : { expected: `at most ${maxBlockBytes} bytes`, got }
    }),
    rows.body('bad-cb-missing', { source: CHECK_BLOCK }, ({ transactions: [first] }) => {
      const got = first === undefined ? 'nothing' : kindOf(first).type
      return got === 'coinbase' ? undefined : { expected: 'a coinbase', got }
    }),
    rows.body('bad-cb-multiple', { source: CHECK_BLOCK }, ({ transactions }) => {
      const got = transactions.filter((t) => kindOf(t).type === 'coinbase').length
      return got <= 1 ? undefined : { expected: 1, got }
    }),
    rows.body('bad-cb-height', { source: 'BIP34' }, (block) => {
      const { index: expected } = block.header
      const got = coinbaseOf(block)?.index ?? expected
      return got === expected ? undefined : { expected, got }
    }),
    rows.body(
      'bad-txns-allocation',
      { source: 'the chain spec: its genesis gives, once', of: 'later' },
      ({ transactions }) => {
        const got = transactions.filter((t) => kindOf(t).type === 'allocation').length
        return got === 0 ? undefined : { expected: 0, got }
      },
    ),
    rows.signed('bad-txns-chain', { source: 'EIP-155: no replay on another chain' }, (t) => {
      const payment = paymentIn(t)
      if (payment === undefined || payment.chain === genesis()) return undefined
      return { expected: genesis(), got: payment.chain }
    }),
    rows.signed('bad-txns-amount', { source: `${CHECK_TRANSACTION}; CVE-2010-5139` }, (t) => {
      const payment = paymentIn(t)
      if (payment === undefined) return undefined
      if (payment.units >= 1 && payment.units <= supply) return undefined
      return { expected: `from 1 to ${supply}`, got: payment.amount }
    }),
    rows.signed(
      'bad-txns-fee-outofrange',
      { source: `${CHECK_TRANSACTION}; CVE-2010-5139` },
      (t) => {
        const payment = paymentIn(t)
        if (payment === undefined || payment.feeUnits <= Math.max(0, supply - payment.units))
          return undefined
        return {
          expected: `amount and fee at most ${supply}`,
          got: payment.units + payment.feeUnits,
        }
      },
    ),
    rows.signed('bad-txns-signature', { source: 'RFC 8032, strict: docs/NAKAMOTO.md' }, (t) => {
      const payment = paymentIn(t)
      if (payment === undefined) return undefined
      const { key, signature } = signatureIn(payment.bytes)
      if (verify(signature, signedBytes(payment.bytes), key)) return undefined
      return { expected: `a signature of ${payment.sender}`, got: 'another' }
    }),
  ]
}

function connectChecks(issue: Issue): readonly NakamotoRow[] {
  const rows = nakamotoRows()
  return [
    rows.connecting(
      'bad-txns-nonce',
      { source: 'the Ethereum Yellow Paper, section 6' },
      (paying) => {
        const payment = paymentIn(paying.transaction)
        if (payment === undefined) return undefined
        const expected = accountIn(paying.ledger, payment.sender).nonce
        if (payment.nonce === expected) return undefined
        return { account: payment.sender, expected, got: payment.nonce }
      },
    ),
    rows.connecting(
      'insufficient-funds',
      { source: 'the Bitcoin paper, section 2: no double spending' },
      ({ transaction, ledger }) => {
        const payment = paymentIn(transaction)
        if (payment === undefined) return undefined
        const expected = payment.units + payment.feeUnits
        const got = accountIn(ledger, payment.sender).balance
        return got >= expected ? undefined : { account: payment.sender, expected, got }
      },
    ),
    rows.settling(
      'bad-cb-amount',
      {
        source: 'Bitcoin Core, src/validation.cpp, ConnectBlock; here not less either',
        of: 'later',
      },
      ({ block }) => {
        const expected =
          subsidyAt(heightOf(block.header), issue) + feesOf(block.transactions.map(kindOf))
        const got = coinbaseOf(block)?.units ?? expected
        return got === expected ? undefined : { expected, got }
      },
    ),
  ]
}

/** The first transaction, where it is a coinbase. */
function coinbaseOf({ transactions: [first] }: Block): Coinbase | undefined {
  const transaction = first && kindOf(first)
  return transaction?.type === 'coinbase' ? transaction : undefined
}

function paymentIn(transaction: Parameters<typeof kindOf>[0]): Payment | undefined {
  const some = kindOf(transaction)
  return some.type === 'payment' ? some : undefined
}

/** Units that payments leave to who makes the block. */
export function feesOf(transactions: readonly SomeTransaction[]): number {
  return transactions.reduce((sum, t) => sum + (t.type === 'payment' ? t.feeUnits : 0), 0)
}
