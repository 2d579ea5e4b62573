/**
 * The rules of the tutorial's chain: longest valid chain, each proof bound to the proof (and, but
 * for the older dialect, the hash) of the block before. A proof does not cover its own block's
 * transactions: whoever has one proof can make any number of sibling blocks with it, which is why
 * the tree keeps no orphans and bounds its side branches. docs/SIMPLIFICATIONS.md says more.
 */
import type { Block, Header, Transaction } from '../block.ts'
import type { BlockCheck, BlockDraft, Consensus } from '../consensus.ts'
import { type RuleCode, RuleError } from '../errors.ts'
import { JsonNumber, JsonObject } from '../json/json.ts'
import { MAX_BLOCK_BYTES, MAX_PARTY_CHARS } from '../limits.ts'
import { type DecimalPuzzle, puzzleDigest, solves } from '../puzzle.ts'
import { pythonFloat } from './canonical.ts'
import {
  canonicalBlockText,
  decodeBlock,
  decodeTransaction,
  GENESIS_PROOF,
  type GenesisLink,
  makeBlock,
} from './codec.ts'

/** What a chain spec sets for these rules. */
export interface ClassicParameters {
  /** Zero hex digits that a proof's digest begins with, 0 to 64. */
  readonly difficulty: number
  /** Whether a proof covers the last block's hash; in the older dialect it does not. */
  readonly proofCoversLastHash: boolean
  /** Our own genesis: its timestamp as written, and its link. Any genesis with this link is valid. */
  readonly genesis: { readonly timestamp: string; readonly previousHash: GenesisLink }
}

/** Who pays a miner: no account of anybody's. */
export const REWARD_SENDER = '0'

/** Bytes for all of a block that is not a posted transaction: its frame and the longest reward. */
const RESERVED_BYTES = 1_024 + 6 * MAX_PARTY_CHARS

const TRANSACTIONS_FORM = [
  'bad-transactions',
  'bad-transaction-type',
  'bad-transaction-keys',
  'bad-sender',
  'bad-recipient',
  'bad-amount',
] as const
const FIELDS_FORM = [
  'bad-block-type',
  'bad-block-keys',
  'bad-index',
  'bad-timestamp',
  'bad-proof',
] as const

const GENESIS_CHECKS = [
  ...checks('form', ...FIELDS_FORM, ...TRANSACTIONS_FORM, 'bad-genesis', 'bad-blk-length'),
  ...checks('place', 'bad-index'),
]
const LATER_CHECKS = [
  ...checks('form', ...FIELDS_FORM, 'bad-previous-hash', ...TRANSACTIONS_FORM, 'bad-blk-length'),
  ...checks('place', 'bad-index', 'bad-previous-hash', 'high-hash'),
]

function checks(step: BlockCheck['step'], ...codes: RuleCode[]): BlockCheck[] {
  return codes.map((code) => ({ step, code }))
}

export function classicRules(parameters: ClassicParameters): Consensus {
  const genesisLink = parameters.genesis.previousHash

  function puzzle(parent: Header): DecimalPuzzle {
    return {
      type: 'decimal',
      before: String(parent.proof),
      after: parameters.proofCoversLastHash ? parent.hash : '',
      zeros: parameters.difficulty,
    }
  }

  function checkAgainstParent(header: Header, parent: Header | undefined): void {
    const index = parent === undefined ? 1 : parent.index + 1
    if (header.index !== index) {
      throw new RuleError('bad-index', { expected: index, got: header.index })
    }
    // A genesis has proved its form when it was decoded, and nothing comes before it.
    if (parent === undefined) return
    if (header.parent !== parent.hash) {
      throw new RuleError('bad-previous-hash', {
        expected: parent.hash,
        got: String(header.parent),
      })
    }
    const work = puzzle(parent)
    if (!solves(work, header.proof)) {
      const expected = `${work.zeros} leading zeros`
      throw new RuleError('high-hash', { expected, got: puzzleDigest(work, header.proof) })
    }
  }

  function seal({ parent, transactions, proof, timestampMs, rewardTo }: BlockDraft): Block {
    const paid = rewardTo === undefined ? transactions : [...transactions, reward(rewardTo)]
    const timestamp = pythonFloat(timestampMs / 1000)
    const place = { index: parent.index + 1, parent: parent.hash }
    return makeBlock({ ...place, proof, timestamp, transactions: paid }, genesisLink)
  }

  return {
    genesis: makeBlock(
      {
        index: 1,
        parent: undefined,
        proof: GENESIS_PROOF,
        timestamp: parameters.genesis.timestamp,
        transactions: [],
      },
      genesisLink,
    ),
    decodeBlock: (json) => decodeBlock(json, genesisLink),
    hashedText: (block) =>
      canonicalBlockText({ ...block.header, transactions: block.transactions }, genesisLink),
    decodeTransaction,
    checkAgainstParent,
    checks: (of) => (of === 'genesis' ? GENESIS_CHECKS : LATER_CHECKS),
    work: () => 1n,
    puzzle,
    seal,
    transactionBytesPerBlock: MAX_BLOCK_BYTES - RESERVED_BYTES,
    returnable,
  }
}

/** The miner's reward is what a miner adds, always last; it belongs to its block alone. */
function returnable(block: Block): readonly Transaction[] {
  const last = block.transactions.at(-1)
  return last?.sender === REWARD_SENDER ? block.transactions.slice(0, -1) : block.transactions
}

function reward(recipient: string): Transaction {
  return decodeTransaction(
    new JsonObject([
      ['sender', REWARD_SENDER],
      ['recipient', recipient],
      ['amount', new JsonNumber('1')],
    ]),
  )
}
