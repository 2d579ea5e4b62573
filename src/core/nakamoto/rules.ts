/**
 * The rules of a chain that holds: Bitcoin's headers and work, over accounts whose payments are signed. They
 * need no world: the clock and the verifier of signatures are arguments, and each check is a row of one table
 * (checks.ts), which a test may leave out.
 */
import { verifyEd25519 } from '#crypto'
import type { Block, Header, Transaction } from '../block.ts'
import { type Check, type Past, Pipeline } from '../checks.ts'
import { assert, RuleError } from '../errors.ts'
import type { BlockHash } from '../hash.ts'
import type { Json } from '../json/json.ts'
import type { LedgerDiff, LedgerDraft, LedgerReader } from '../ledger.ts'
import { credit, debit } from './account.ts'
import { keyOf } from './address.ts'
import { BodyReading } from './body.ts'
import { bytesOf, hexOf, joined, knownBytes } from './bytes.ts'
import { type BlockParameters, blockChecks, type Verify } from './checks.ts'
import { type GenesisParameters, makeGenesis } from './genesis.ts'
import { bitsOf, fieldsOf, placeHeader } from './header.ts'
import type { HeaderParameters } from './header-checks.ts'
import { BlockReading, TransactionReading } from './reading.ts'
import { type Issue, totalSubsidies } from './subsidy.ts'
import { bitsHex, decodeCompact, workOf } from './target.ts'
import { makeTemplate, type NakamotoTemplate, type NakamotoTemplateInput } from './template.ts'
import { kindOf } from './transaction.ts'

/** What a chain spec sets for these rules. */
export interface NakamotoParameters extends HeaderParameters, Issue {
  /** Header and body together. */
  readonly maxBlockBytes: number
  readonly genesis: GenesisParameters
}

interface Options {
  /** Ours if left out; a cache of what was verified before may stand here, if it gives the same verdicts. */
  readonly verify?: Verify
  /** Which rows of the table there are: all if left out. For tests. */
  readonly has?: (row: Check) => boolean
}

export interface NakamotoRules {
  readonly version: number
  readonly genesis: Block
  /** The genesis' hash, which payments name. */
  readonly chain: BlockHash
  /** Units that there will ever be. */
  readonly supply: number
  readonly checks: readonly Check[]
  /** Reads a header in hex and makes the checks of the step `header`. @throws RuleError */
  decodeHeader(json: Json, indexAfter: (parent: BlockHash | undefined) => number): Header
  /** Reads a body in hex and makes the checks of the steps `binding` and `body`. @throws RuleError */
  decodeBody(header: Header, json: Json): Block
  /** Reads a block as JSON for people: the steps `header`, `binding` and `body`. @throws RuleError */
  decodeBlock(json: Json): Block
  outline(json: Json): { readonly isGenesis: boolean; readonly transactions: readonly Json[] }
  /** A body in hex that has been checked and kept. @throws RuleError */
  restore(header: Header, json: Json): Block
  /** Reads a payment, as JSON or in hex, and makes all its checks that need no ledger. @throws RuleError */
  decodeTransaction(json: Json): Transaction
  /** @throws RuleError */
  checkPlace(header: Header, past: Past): void
  /** @throws RuleError whose kind is `future` */
  checkTime(header: Header, nowMs: number): void
  /** @throws RuleError */
  connect(block: Block, ledger: LedgerReader): LedgerDiff
  work(header: Header): bigint
  /** The 80 bytes that a block's hash is taken over, in hex. */
  hashedText(block: Block): string
  /** A block as JSON for people; `decodeBlock` reads it back. */
  blockJson(block: Block): string
  template(input: NakamotoTemplateInput): NakamotoTemplate
  /** @throws RuleError `bad-recipient` */
  checkRewardTo(recipient: string): void
  /** What leaves with a block when its branch loses: all but its coinbase. */
  returned(block: Block): readonly Transaction[]
}

export function nakamotoRules(
  parameters: NakamotoParameters,
  { verify = verifyEd25519, has = () => true }: Options = {},
): NakamotoRules {
  const supply = supplyOf(parameters)
  const blockParameters: BlockParameters = { ...parameters, supply }
  const first = makeGenesis(parameters.genesis, parameters.easiestBits)
  const chain = placeHeader(knownBytes(first.header), 1).hash
  const rows = blockChecks({ parameters: blockParameters, genesis: () => chain, verify })
  const pipeline = new Pipeline<BlockReading, TransactionReading, BodyReading>({
    rows: rows.filter(has),
    isGenesis: (read) => read.isGenesis,
    itemsIn: ({ transactions = [] }) => transactions,
    apply,
    settle,
  })

  function headerOf(json: Json, indexAfter: (parent: BlockHash | undefined) => number): Header {
    const read = new BlockReading(json)
    pipeline.checkForm(read)
    return read.placed(indexAfter)
  }

  function decodeBody(header: Header, json: Json): Block {
    const read = new BodyReading(header, typeof json === 'string' ? bytesOf(json) : undefined)
    pipeline.checkBinding(read)
    const block = blockOf(read)
    pipeline.checkBody(block)
    return block
  }

  function decodeBlock(json: Json): Block {
    const read = new BlockReading(json)
    pipeline.checkForm(read)
    const header = read.placed(() => read.carriedIndex ?? read.index ?? 1)
    const transactions = read.transactions?.map(({ transaction }) => transaction?.bytes) ?? []
    const body = joined(transactions.filter((bytes) => bytes !== undefined))
    return decodeBody(header, hexOf(body))
  }

  function restore(header: Header, json: Json): Block {
    return blockOf(new BodyReading(header, typeof json === 'string' ? bytesOf(json) : undefined))
  }

  function decodeTransaction(json: Json): Transaction {
    const read = new TransactionReading(json)
    pipeline.checkTransaction(read)
    const { transaction } = read
    assert(transaction !== undefined, 'a transaction is there once its form has been checked')
    if (transaction.type !== 'payment') {
      throw new RuleError('bad-transaction-type', { expected: 'a payment', got: transaction.type })
    }
    pipeline.checkSigned(transaction)
    return transaction
  }

  const header = headerOf(first.header, () => 1)
  return {
    version: 1,
    genesis: decodeBody(header, first.body),
    chain,
    supply,
    checks: pipeline.checks,
    decodeHeader: headerOf,
    decodeBody,
    decodeBlock,
    outline,
    restore,
    decodeTransaction,
    checkPlace: (header, past) => pipeline.checkPlace(header, past),
    checkTime: (header, nowMs) => pipeline.checkTime(header, nowMs),
    connect: (block, ledger) => pipeline.connect(block, ledger),
    work: (header) => workOf(decodeCompact(bitsOf(header)).magnitude),
    hashedText: ({ header }) => header.raw,
    blockJson,
    template: (input) => makeTemplate(input, blockParameters),
    checkRewardTo,
    returned: ({ transactions }) => transactions.filter((t) => kindOf(t).type === 'payment'),
  }
}

/** What an account's debit is, is written before anything is credited: a payment to oneself mints nothing. */
function apply(transaction: Transaction, ledger: LedgerDraft): void {
  const some = kindOf(transaction)
  // A coinbase is credited last: no block spends its own.
  if (some.type === 'coinbase') return
  if (some.type === 'payment') debit(ledger, some.sender, some.units + some.feeUnits)
  credit(ledger, some.recipient, some.units)
}

function settle({ transactions }: Block, ledger: LedgerDraft): void {
  for (const transaction of transactions) {
    const some = kindOf(transaction)
    if (some.type === 'coinbase') credit(ledger, some.recipient, some.units)
  }
}

function supplyOf({ genesis, ...issue }: NakamotoParameters): number {
  const given = genesis.allocations.reduce((sum, { amount }) => sum + BigInt(amount), 0n)
  const supply = given + totalSubsidies(issue)
  assert(supply <= BigInt(Number.MAX_SAFE_INTEGER), 'a spec gives less than 2^53 units')
  return Number(supply)
}

function blockOf({ header, bytes, transactions }: BodyReading): Block {
  assert(bytes !== undefined && transactions !== undefined, 'a body is read once it is bound')
  return { header, transactions, text: `"${hexOf(bytes)}"` }
}

function outline(json: Json): { isGenesis: boolean; transactions: readonly Json[] } {
  const { isGenesis, object } = new BlockReading(json)
  const transactions = object?.get('transactions')
  return {
    isGenesis,
    transactions: Array.isArray(transactions) ? transactions : [],
  }
}

/** Keys in order, as all JSON of blocks. */
function blockJson({ header, transactions }: Block): string {
  const { version, previousHash, merkleRoot, timeSec, bits, nonce } = fieldsOf(header)
  return (
    `{"bits": "${bitsHex(bits)}", "hash": "${header.hash}", "index": ${header.index}, ` +
    `"merkle_root": "${merkleRoot}", "previous_hash": "${previousHash}", "proof": ${nonce}, ` +
    `"timestamp": ${timeSec}, "transactions": [${transactions.map(({ text }) => text).join(', ')}], ` +
    `"version": ${version}}`
  )
}

function checkRewardTo(recipient: string): void {
  if (keyOf(recipient) !== undefined) return
  throw new RuleError('bad-recipient', {
    field: 'recipient',
    expected: 'an address, toy1…',
    got: recipient.slice(0, 80),
  })
}
