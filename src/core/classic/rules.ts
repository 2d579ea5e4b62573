/**
 * The rules of the tutorial's chain: longest valid chain, each proof bound to the proof (and, but
 * for the older dialect, the hash) of the block before. A proof does not cover its own block's
 * transactions: whoever has one proof can make any number of sibling blocks with it, which is why
 * the tree keeps no orphans and bounds its side branches. docs/SIMPLIFICATIONS.md says more.
 */
import type { Block, Header, Transaction } from '../block.ts'
import { Pipeline } from '../checks.ts'
import type { Consensus, Found, Template, TemplateInput } from '../consensus.ts'
import { assert, RuleError } from '../errors.ts'
import { type Json, JsonNumber, JsonObject } from '../json/json.ts'
import { NO_CHANGES } from '../ledger.ts'
import { MAX_BLOCK_BYTES, MAX_PARTY_CHARS } from '../limits.ts'
import type { DecimalPuzzle } from '../puzzle.ts'
import { pythonFloat } from './canonical.ts'
import { classicChecks, GENESIS_PROOF, tooLong } from './checks.ts'
import {
  type BlockFields,
  canonicalBlockText,
  type GenesisLink,
  makeBlock,
  writtenBlockText,
} from './codec.ts'
import { BlockReading, elementsOf, TransactionReading } from './reading.ts'

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

export function classicRules(parameters: ClassicParameters): Consensus {
  const genesisLink = parameters.genesis.previousHash
  const pipeline = new Pipeline({
    rows: classicChecks({ genesisLink, puzzle }),
    isGenesis: ({ index }: BlockReading) => index === 1,
    itemsIn: ({ transactions = [] }) => transactions,
  })

  function puzzle(parent: Header): DecimalPuzzle {
    return {
      type: 'decimal',
      before: String(parent.proof),
      after: parameters.proofCoversLastHash ? parent.hash : '',
      zeros: parameters.difficulty,
    }
  }

  /** A block that has passed the checks of its form. */
  function readBlock(json: Json): BlockReading {
    const read = new BlockReading(json, genesisLink)
    pipeline.checkForm(read)
    return read
  }

  function decodeTransaction(json: Json): Transaction {
    const read = new TransactionReading(json)
    pipeline.checkTransaction(read)
    return read.transaction
  }

  function make(fields: BlockFields): Block {
    const text = writtenBlockText(fields, genesisLink)
    const long = tooLong(text)
    if (long !== undefined) throw new RuleError('bad-blk-length', long)
    return makeBlock(fields, genesisLink, text)
  }

  const reward = (recipient: string) => decodeTransaction(rewardJson(recipient))

  /** A proof doesn't cover the body: the block is made of what waits when it is found. */
  function template({ past: { parent } }: TemplateInput): Template {
    assert(parent !== undefined, 'a genesis is made of a spec')
    const place = { index: parent.index + 1, parent: parent.hash, raw: '' }
    const seal = ({ proof, nowMs, late: { transactions, rewardTo } }: Found) => {
      const rewards = rewardTo === undefined ? [] : [reward(rewardTo)]
      const timestamp = pythonFloat(nowMs / 1000)
      return make({ ...place, proof, timestamp, transactions: [...transactions, ...rewards] })
    }
    return { puzzle: puzzle(parent), seal }
  }

  return {
    version: 1,
    genesis: make({
      index: 1,
      parent: undefined,
      proof: GENESIS_PROOF,
      timestamp: parameters.genesis.timestamp,
      raw: '',
      transactions: [],
    }),
    checks: pipeline.checks,
    decodeBlock: (json) => readBlock(json).block,
    restore: (header, json) => readBlock(json).blockOf(header),
    outline: (json) => {
      const { index, object } = new BlockReading(json, genesisLink)
      return { isGenesis: index === 1, transactions: elementsOf(object?.get('transactions')) }
    },
    hashedText: ({ header, transactions }) =>
      canonicalBlockText({ ...header, transactions }, genesisLink),
    decodeTransaction,
    checkPlace: (header, past) => pipeline.checkPlace(header, past),
    checkTime: (header, nowMs) => pipeline.checkTime(header, nowMs),
    connect: () => NO_CHANGES,
    work: () => 1n,
    puzzle,
    template,
    checkRewardTo: reward,
    pool: { blockBytes: MAX_BLOCK_BYTES - RESERVED_BYTES, returned },
  }
}

/** The miner's reward is what a miner adds, always last; it belongs to its block alone. */
function returned(block: Block): readonly Transaction[] {
  const last = block.transactions.at(-1)
  return last?.sender === REWARD_SENDER ? block.transactions.slice(0, -1) : block.transactions
}

function rewardJson(recipient: string): Json {
  return new JsonObject([
    ['sender', REWARD_SENDER],
    ['recipient', recipient],
    ['amount', new JsonNumber('1')],
  ])
}
