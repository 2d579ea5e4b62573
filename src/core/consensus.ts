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

  /** The search that finds the proof of the block after `parent`. */
  puzzle(parent: Header): Puzzle

  /** A block after `parent`, made of parts; it still has to pass the checks. */
  seal(draft: BlockDraft): Block

  /** Which of the first transactions fit into one block, with room left for the reward. */
  readonly transactionBytesPerBlock: number

  /** The transactions that leave with a block when its branch loses: all but the miner's reward. */
  returnable(block: Block): readonly Transaction[]
}

/** Blocks in two parts. */
export interface HeadersFirst {
  /** Reads a header and makes the checks of the step `header`. @throws RuleError */
  decodeHeader(json: Json): Header
  /** Reads a header's body and makes the checks of the step `binding` and of its transactions. @throws RuleError */
  decodeBody(header: Header, json: Json): Block
}

export interface BlockDraft {
  readonly parent: Header
  readonly transactions: readonly Transaction[]
  readonly proof: number
  /** Milliseconds since 1970. */
  readonly timestampMs: number
  /** Who gets the reward, as the block's last transaction; nobody if undefined. */
  readonly rewardTo: string | undefined
}
