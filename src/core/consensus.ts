/**
 * Everything that a rule set decides, in the order of a block's life. The tree, the choice of the
 * tip, the pool, storage and the API are written once, over this interface; only spec.ts knows
 * which rule sets there are.
 */
import type { Block, Header, Transaction } from './block.ts'
import type { Check, Past } from './checks.ts'
import type { Json } from './json/json.ts'
import type { LedgerDiff, LedgerReader } from './ledger.ts'
import type { Puzzle } from './puzzle.ts'

export interface Consensus {
  /** Of these rules: what was condemned under another version is looked at anew. */
  readonly version: number

  /** The genesis that our own nodes begin with. */
  readonly genesis: Block

  /** Every check of a block, in the order in which they are made. */
  readonly checks: readonly Check[]

  /** Reads a block and makes the checks of the step `header`. @throws RuleError */
  decodeBlock(json: Json): Block

  /** What can be told of a block that may be malformed: whether it says it is a first one; its transactions. */
  outline(json: Json): { readonly isGenesis: boolean; readonly transactions: readonly Json[] }

  /** A block that has been checked and kept, from its header and text: it is not hashed again. @throws RuleError */
  restore(header: Header, json: Json): Block

  /** Where headers come alone, how they and bodies are read; undefined where a block is one text. */
  readonly apart?: HeadersFirst

  /** The text that a block's hash is taken over. */
  hashedText(block: Block): string

  /** @throws RuleError */
  decodeTransaction(json: Json): Transaction

  /** Makes the checks of the step `place`. @throws RuleError */
  checkPlace(header: Header, past: Past): void

  /** Makes the checks of the step `time`. @throws RuleError whose kind is `future` */
  checkTime(header: Header, nowMs: number): void

  /** Makes the checks of the step `connect`; what the block changes. @throws RuleError */
  connect(block: Block, ledger: LedgerReader): LedgerDiff

  /** The work that a header adds to its branch. The branch with the most work is the chain. */
  work(header: Header): bigint

  /** What the proof of the block after `parent` has to solve, where it covers no more than what came before. */
  puzzle(parent: Header): Puzzle

  /** A block in the making; what it seals still has to pass the checks. */
  template(input: TemplateInput): Template

  /** Whether a miner's reward can go to somebody. @throws RuleError `bad-recipient` */
  checkRewardTo(recipient: string): void

  readonly pool: PoolRules
}

/** What a block is filled with. */
export interface BlockContents {
  readonly transactions: readonly Transaction[]
  /** Who gets the miner's reward; nobody if undefined. */
  readonly rewardTo: string | undefined
}

export interface TemplateInput {
  /** What the block comes after: not nothing. */
  readonly past: Past
  /** Milliseconds since 1970. */
  readonly nowMs: number
  /** Makes two blocks of the same contents different, where their proofs cover them. */
  readonly extraNonce: bigint
  readonly contents: BlockContents
}

export interface Template {
  readonly puzzle: Puzzle
  /** @throws RuleError `bad-blk-length` */
  seal(found: Found): Block
}

/** A proof that was found. */
export interface Found {
  readonly proof: number
  /** Milliseconds since 1970. */
  readonly nowMs: number
  /** What a block would be filled with now: this is what it has, where its proof doesn't cover its body. */
  readonly late: BlockContents
}

/** What the current transactions need to know of the rules. */
export interface PoolRules {
  /** Bytes of transactions that one block takes, with room left for the reward. */
  readonly blockBytes: number
  /** What leaves with a block when its branch loses: all but the miner's reward. */
  returned(block: Block): readonly Transaction[]
}

/** Blocks in two parts. */
export interface HeadersFirst {
  /** Reads a header and makes the checks of the step `header`. @throws RuleError */
  decodeHeader(json: Json): Header
  /** Reads a header's body and makes the checks of the step `binding` and of its transactions. @throws RuleError */
  decodeBody(header: Header, json: Json): Block
}
