/**
 * The class that a reader meets first: a chain with its current transactions and the nodes it
 * knows, synchronous and usable by itself. It accepts blocks, chooses the tip, reorganises, and
 * every call says what changed or, as a RuleError, why not. Invariant: a call that throws has
 * changed nothing.
 */
import type { Block, Transaction } from '../../core/block.ts'
import type { HeadersFirst } from '../../core/consensus.ts'
import { assert, RuleError } from '../../core/errors.ts'
import type { BlockHash } from '../../core/hash.ts'
import { type Json, parseJson } from '../../core/json/json.ts'
import { type Puzzle, search, solves } from '../../core/puzzle.ts'
import { CLASSIC, type Spec } from '../../core/spec.ts'
import type { Verdict } from '../../core/verify.ts'
import { parseAddress } from '../peers/address.ts'
import { AddressBook } from '../peers/address-book.ts'
import { MemoryStore } from '../store/memory-store.ts'
import type { Store, TreeHeader } from '../store/store.ts'
import { plantGenesis } from './blocktree.ts'
import {
  type BlockInput,
  blockJson,
  blocksOf,
  type ChainInput,
  checkCandidate,
  type TransactionInput,
  transactionJson,
} from './chain-input.ts'
import { type ChainParts, OpenChain } from './chain-parts.ts'
import { bestOf, takenOverBy } from './fork-choice.ts'
import { NextBlock, type NextBlockParts } from './next-block.ts'
import { type BlockChainOptions, refuseUnknown } from './options.ts'
import { type ChainChange, finish, type Reorganisation, reorganise } from './reorganisation.ts'

export interface Resolution {
  readonly replaced: boolean
  /** One for each candidate, in order. */
  readonly verdicts: readonly Verdict[]
}

/** A block that moves nothing. */
const UNMOVED = { fork: undefined, connected: [], disconnected: [], condemned: [], lost: 0 }

export class BlockChain {
  readonly spec: Spec
  readonly #store: Store
  readonly #book: AddressBook
  readonly #opened: OpenChain
  readonly #next = new NextBlock()

  constructor(options: BlockChainOptions = {}) {
    refuseUnknown(options)
    this.spec = options.spec ?? CLASSIC
    this.#store = options.store ?? new MemoryStore()
    plantGenesis(this.#store, this.spec.rules)
    this.#book = new AddressBook(this.#store)
    this.#opened = new OpenChain(this.#store, this.spec.rules, options)
  }

  /** The header of the last block, with its branch's work. */
  get tip(): TreeHeader {
    return this.#parts.tree.tip
  }

  get length(): number {
    return this.tip.index
  }

  get lastBlock(): Block {
    const block = this.block(this.tip.hash)
    assert(block !== undefined, 'the tip is in the store')
    return block
  }

  get currentTransactions(): readonly Transaction[] {
    return this.#parts.pool.transactions()
  }

  get currentTransactionCount(): number {
    return this.#parts.pool.size
  }

  get nodes(): readonly string[] {
    return this.#book.addresses
  }

  /** A block of the active chain by index (from 1), or any block by hash. */
  block(which: number | BlockHash): Block | undefined {
    const hash = typeof which === 'number' ? this.#store.hashAt(which) : which
    const header = hash === undefined ? undefined : this.header(hash)
    return header === undefined || header.sizeBytes === 0
      ? undefined
      : this.#parts.tree.block(header)
  }

  /**
   * Adds a payment to the current transactions.
   * @returns the transaction, and the index of the block that will hold it
   * @throws RuleError `bad-sender`, `bad-recipient`, `bad-amount`, `mempool-full`
   */
  addTransaction(payment: TransactionInput): { transaction: Transaction; index: number } {
    return this.admit(transactionJson(payment))
  }

  /** The same for a transaction as JSON. @throws RuleError */
  admit(json: Json): { transaction: Transaction; index: number } {
    const transaction = this.spec.rules.decodeTransaction(json)
    const blocksBefore = this.#opened.write(() => this.#parts.pool.append(transaction))
    return { transaction, index: this.length + 1 + blocksBefore }
  }

  /** Begins the next block; what its proof has to solve. `newBlock` seals it. */
  puzzle(parts: NextBlockParts): Puzzle {
    return this.#next.begin(this.#parts, parts).puzzle
  }

  /** The lowest proof for the next block. Takes 16 times as long for each digit of difficulty. */
  proofOfWork(parts: NextBlockParts = { timestampMs: 0 }): number {
    const puzzle = this.puzzle(parts)
    const proof = search(puzzle, { from: 0, tries: Number.MAX_SAFE_INTEGER })
    assert(proof !== undefined, 'some proof below 2^53 solves the puzzle')
    return proof
  }

  /** Whether a proof is right for the next block. */
  validProof(proof: number): boolean {
    const { puzzle } = this.#next.current(this.#parts, { timestampMs: 0 })
    return Number.isSafeInteger(proof) && proof >= 0 && solves(puzzle, proof)
  }

  /**
   * Makes the next block of the current transactions and adds it.
   * @param timestampMs milliseconds since 1970
   * @param rewardTo who gets the reward, as the last transaction; nobody if left out
   * @throws RuleError `high-hash`
   */
  newBlock(parts: NextBlockParts & { readonly proof: number }): {
    block: Block
    change: ChainChange
  } {
    const block = this.#next.seal(this.#parts, parts)
    return { block, change: this.#add(block, parts) }
  }

  /**
   * Adds a block, made here or elsewhere, after checking every rule. What the ledger refuses when it is to
   * connect is condemned, and the change says so: with it the chain may have come nearer, or to another branch.
   * @param nowMs milliseconds since 1970; without it no block is too new
   * @param growing blocks that others are about to follow: they are not forgotten for it
   * @throws RuleError of every rule, `duplicate`, `prev-blk-not-found`, `bad-prevblk`
   * @throws DecodeError `json-syntax`, `json-depth` for a text that is not JSON
   */
  addBlock(input: BlockInput, nowMs?: number, growing?: ReadonlySet<BlockHash>): ChainChange {
    return this.#add(this.#read(input), { nowMs, growing })
  }

  /** Keeps a header that comes before its body, where these rules have such. @throws as addBlock */
  addHeader(json: Json, nowMs?: number): TreeHeader {
    const header = this.#apart.decodeHeader(json)
    return this.#opened.write(() => this.#parts.tree.putHeader(header, nowMs))
  }

  /** Adds the body of a header that is here. @throws as addBlock; of kind `mutated`: it says nothing of the block */
  addBody(hash: BlockHash, json: Json): ChainChange {
    const header = this.header(hash)
    if (header === undefined) throw new RuleError('prev-blk-not-found', { previous_hash: hash })
    return this.#add(this.#apart.decodeBody(header, json))
  }

  get #apart(): HeadersFirst {
    const { apart } = this.spec.rules
    assert(apart !== undefined, 'these rules have headers and bodies')
    return apart
  }

  /** The hash of a block. @throws RuleError, DecodeError as addBlock */
  hash(input: BlockInput): BlockHash {
    return this.#read(input).header.hash
  }

  /** Whether a chain is valid, and if not at which block and by which rule. Changes nothing. */
  checkChain(chain: ChainInput): Verdict {
    return checkCandidate(this.spec.rules, chain)
  }

  /**
   * Adopts the valid candidate with the most work, if it has more than ours: in classic, the
   * longest valid chain, and ours wins ties. What only our abandoned blocks held returns to the
   * current transactions, rewards excepted.
   */
  resolveConflicts(candidates: readonly ChainInput[]): Resolution {
    const verdicts = candidates.map((candidate) => this.checkChain(candidate))
    const tips = verdicts.map((verdict) => {
      return verdict.valid ? { hash: verdict.tip.hash, chainwork: verdict.chainwork } : undefined
    })
    const best = candidates[bestOf(tips, this.tip) ?? -1]
    if (best !== undefined) this.#adopt(best)
    return { replaced: best !== undefined, verdicts }
  }

  /**
   * Keeps the address of another node; a known one changes nothing.
   * @throws RuleError `bad-address`, `too-many-nodes`
   */
  registerNode(text: string): { address: string; added: boolean } {
    return { address: parseAddress(text), added: this.registerNodes([text]).length > 0 }
  }

  /**
   * Keeps several addresses, all or none.
   * @returns those that are new
   * @throws RuleError `bad-address`, `too-many-nodes`
   */
  registerNodes(texts: readonly string[]): readonly string[] {
    return this.#book.register(texts)
  }

  /** Forgets the address of another node; false if it was not known. @throws RuleError `bad-address` */
  removeNode(text: string): boolean {
    return this.#book.remove(text)
  }

  /** A block's header, on whichever branch. */
  header(hash: BlockHash): TreeHeader | undefined {
    return this.#parts.tree.header(hash)
  }

  /**
   * Checks a block by every rule and keeps it, without moving the active chain; for batches, with
   * `activate` and `prune` after them, in one store transaction.
   * @throws RuleError as addBlock
   */
  keep(block: Block): TreeHeader {
    return this.#opened.write(() => this.#parts.tree.put(block))
  }

  /**
   * Moves the active chain to a kept block, slice by slice, in the store transaction that is open.
   * @param fresh blocks of its branch that are at hand and need not be read again
   */
  activate(to: TreeHeader, fresh?: ReadonlyMap<BlockHash, Block>): Reorganisation {
    return reorganise(to, this.#parts, fresh)
  }

  /**
   * Forgets a slice of the side branches past their limit; whether there is more to forget.
   * @param growing blocks that others are about to follow: they stay
   */
  prune(growing?: ReadonlySet<BlockHash>): boolean {
    return this.#opened.write(() => this.#parts.tree.prune(growing))
  }

  /** Forgets blocks that were kept and came to nothing, but for those that others follow, or are about to: these. */
  forget(hashes: ReadonlySet<BlockHash>, growing?: ReadonlySet<BlockHash>): ReadonlySet<BlockHash> {
    return this.#opened.write(() => this.#parts.tree.forget(hashes, growing))
  }

  #adopt(chain: ChainInput): void {
    this.#opened.write(() => {
      let last = this.tip
      for (const input of blocksOf(chain)) {
        const block = this.#decode(input)
        last = this.header(block.header.hash) ?? this.#parts.tree.put(block)
      }
      finish(this.activate(last))
      while (this.#parts.tree.prune());
    })
  }

  #add(
    block: Block,
    {
      nowMs,
      growing,
    }: { nowMs?: number | undefined; growing?: ReadonlySet<BlockHash> | undefined } = {},
  ): ChainChange {
    return this.#opened.write(() => {
      const { tree } = this.#parts
      const added = tree.put(block, nowMs)
      const best = takenOverBy(added, tree)
      const moved = best && finish(this.activate(best, new Map([[added.hash, block]])))
      tree.prune(growing)
      return { tip: this.tip, ...(moved ?? UNMOVED), added: tree.header(added.hash) ?? added }
    })
  }

  #read(input: BlockInput): Block {
    return this.#decode(typeof input === 'string' ? parseJson(input) : input)
  }

  #decode(input: Block | Json): Block {
    return this.spec.rules.decodeBlock(blockJson(input))
  }

  get #parts(): ChainParts {
    return this.#opened.parts
  }
}
