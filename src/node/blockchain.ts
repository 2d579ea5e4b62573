/**
 * The class that a reader meets first: a chain with its current transactions and the nodes it
 * knows, synchronous and usable by itself. It accepts blocks, chooses the tip, reorganises, and
 * every call says what changed or, as a RuleError, why not. Invariant: a call that throws has
 * changed nothing.
 */
import type { Block, Transaction } from '../core/block.ts'
import type { Consensus } from '../core/consensus.ts'
import { assert, DecodeError, RuleError } from '../core/errors.ts'
import type { BlockHash } from '../core/hash.ts'
import { type Json, parseJson } from '../core/json.ts'
import { MAX_NODES } from '../core/limits.ts'
import { search, solves } from '../core/puzzle.ts'
import { CLASSIC, type Spec } from '../core/spec.ts'
import { ChainVerifier, type Verdict } from '../core/verify.ts'
import { parseAddress } from './address.ts'
import { atomically } from './atomically.ts'
import { BlockTree, type ChainChange } from './blocktree.ts'
import {
  type BlockInput,
  blockJson,
  blocksOf,
  type ChainInput,
  type Payment,
  paymentJson,
} from './inputs.ts'
import { Pool, type PoolLimits } from './pool.ts'
import { type Store, StoreError, type TreeHeader } from './ports.ts'
import { MemoryStore } from './store-memory.ts'
import { storedBlock, storedTransaction } from './stored.ts'

export interface Resolution {
  readonly replaced: boolean
  /** One for each candidate, in order. */
  readonly verdicts: readonly Verdict[]
}

export interface BlockChainOptions {
  readonly spec?: Spec
  readonly store?: Store
  readonly poolLimits?: PoolLimits
  readonly maxSideBytes?: number
}

export class BlockChain {
  readonly spec: Spec
  readonly #store: Store
  readonly #options: BlockChainOptions
  #tree: BlockTree
  #pool: Pool

  constructor(options: BlockChainOptions = {}) {
    this.spec = options.spec ?? CLASSIC
    this.#store = options.store ?? new MemoryStore()
    this.#options = options
    if (this.#store.tip() === undefined) plantGenesis(this.#store, this.spec.rules)
    this.#tree = this.#openTree()
    this.#pool = this.#openPool()
  }

  /** The header of the last block, with its branch's work. */
  get tip(): TreeHeader {
    return this.#tree.tip
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
    return this.#pool.transactions()
  }

  get currentTransactionCount(): number {
    return this.#pool.size
  }

  get nodes(): readonly string[] {
    return this.#store.nodes()
  }

  /** A block of the active chain by index (from 1), or any block by hash. */
  block(which: number | BlockHash): Block | undefined {
    const hash = typeof which === 'number' ? this.#store.hashAt(which) : which
    const text = hash === undefined ? undefined : this.#store.text(hash)
    return text === undefined ? undefined : storedBlock(this.spec.rules, text)
  }

  /**
   * Adds a payment to the current transactions.
   * @returns the transaction, and the index of the block that will hold it
   * @throws RuleError `bad-sender`, `bad-recipient`, `bad-amount`, `mempool-full`
   */
  addTransaction(payment: Payment): { transaction: Transaction; index: number } {
    return this.admit(paymentJson(payment))
  }

  /** The same for a transaction as JSON. @throws RuleError */
  admit(json: Json): { transaction: Transaction; index: number } {
    const transaction = this.spec.rules.decodeTransaction(json)
    const blocksBefore = this.#write(() => this.#pool.append(transaction))
    return { transaction, index: this.length + 1 + blocksBefore }
  }

  /** The lowest proof for the next block. Takes 16 times as long for each digit of difficulty. */
  proofOfWork(): number {
    const puzzle = this.spec.rules.puzzle(this.tip)
    const proof = search(puzzle, { from: 0, tries: Number.MAX_SAFE_INTEGER })
    assert(proof !== undefined, 'some proof below 2^53 solves the puzzle')
    return proof
  }

  /** Whether a proof is right for the next block. */
  validProof(proof: number): boolean {
    return (
      Number.isSafeInteger(proof) && proof >= 0 && solves(this.spec.rules.puzzle(this.tip), proof)
    )
  }

  /**
   * Makes the next block of the current transactions and adds it.
   * @param timestampMs milliseconds since 1970
   * @param rewardTo who gets the reward, as the last transaction; nobody if left out
   * @throws RuleError `high-hash`
   */
  newBlock(parts: { proof: number; timestampMs: number; rewardTo?: string }): {
    block: Block
    change: ChainChange
  } {
    const block = this.spec.rules.seal({
      parent: this.tip,
      transactions: this.#pool.forNextBlock(),
      proof: parts.proof,
      timestampMs: parts.timestampMs,
      rewardTo: parts.rewardTo,
    })
    return { block, change: this.#add(block) }
  }

  /**
   * Adds a block, made here or elsewhere, after checking every rule.
   * @throws RuleError of every rule, `duplicate`, `prev-blk-not-found`
   * @throws DecodeError `json-syntax`, `json-depth` for a text that is not JSON
   */
  addBlock(input: BlockInput): ChainChange {
    return this.#add(this.#read(input))
  }

  /** The hash of a block. @throws RuleError, DecodeError as addBlock */
  hash(input: BlockInput): BlockHash {
    return this.#read(input).header.hash
  }

  /** Whether a chain is valid, and if not at which block and by which rule. Changes nothing. */
  checkChain(chain: ChainInput): Verdict {
    const verifier = new ChainVerifier(this.spec.rules)
    try {
      for (const block of blocksOf(chain)) if (!verifier.push(blockJson(block))) break
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      return { valid: false, block: verifier.length + 1, error }
    }
    return verifier.verdict()
  }

  /**
   * Adopts the valid candidate with the most work, if it has more than ours: in classic, the
   * longest valid chain, and ours wins ties. What only our abandoned blocks held returns to the
   * current transactions, rewards excepted.
   */
  resolveConflicts(candidates: readonly ChainInput[]): Resolution {
    const verdicts = candidates.map((candidate) => this.checkChain(candidate))
    let best: { chain: ChainInput; chainwork: bigint } | undefined
    for (const [i, verdict] of verdicts.entries()) {
      const toBeat = best?.chainwork ?? this.tip.chainwork
      const chain = candidates[i]
      if (chain === undefined || !verdict.valid || verdict.chainwork <= toBeat) continue
      best = { chain, chainwork: verdict.chainwork }
    }
    if (best !== undefined) this.#adopt(best.chain)
    return { replaced: best !== undefined, verdicts }
  }

  /**
   * Keeps the address of another node; a known one changes nothing.
   * @throws RuleError `bad-address`, `too-many-nodes`
   */
  registerNode(text: string): { address: string; added: boolean } {
    const address = parseAddress(text)
    const known = this.nodes
    if (known.includes(address)) return { address, added: false }
    if (known.length >= MAX_NODES) throw new RuleError('too-many-nodes', { limit: MAX_NODES })
    this.#write(() => this.#store.putNode(address))
    return { address, added: true }
  }

  #adopt(chain: ChainInput): void {
    this.#write(() => {
      for (const input of blocksOf(chain)) {
        const block = this.#decode(input)
        if (this.#tree.header(block.header.hash) === undefined) this.#connect(block)
      }
      this.#tree.prune()
    })
  }

  #add(block: Block): ChainChange {
    return this.#write(() => {
      const change = this.#connect(block)
      this.#tree.prune()
      return change
    })
  }

  #connect(block: Block): ChainChange {
    const change = this.#tree.add(block)
    if (change.connected.length > 0) this.#pool.follow(change.abandoned, change.confirmed)
    return change
  }

  #read(input: BlockInput): Block {
    return this.#decode(typeof input === 'string' ? parseJson(input) : input)
  }

  #decode(input: Block | Json): Block {
    return this.spec.rules.decodeBlock(blockJson(input))
  }

  #openTree(): BlockTree {
    const { maxSideBytes } = this.#options
    return new BlockTree(
      this.#store,
      this.spec.rules,
      maxSideBytes === undefined ? {} : { maxSideBytes },
    )
  }

  #openPool(): Pool {
    const { rules } = this.spec
    return new Pool(this.#store, {
      blockBytes: rules.transactionBytesPerBlock,
      decode: (text) => storedTransaction(rules, text),
      limits: this.#options.poolLimits,
    })
  }

  /**
   * Runs writes in one store transaction. Rules refuse before they write, so a refusal leaves nothing
   * behind; after a failure of another kind in a transaction of our own, the store is read again.
   */
  #write<T>(work: () => T): T {
    try {
      return atomically(this.#store, work)
    } catch (error) {
      if (!(error instanceof RuleError) && !this.#store.inTransaction) {
        this.#tree = this.#openTree()
        this.#pool = this.#openPool()
      }
      throw error
    }
  }
}

function plantGenesis(store: Store, { genesis, work }: Consensus): void {
  if (store.sideBytes() > 0) {
    throw new StoreError('store-damaged', 'the store has blocks, but none of them is on a chain')
  }
  atomically(store, () => {
    store.putBlock(genesis, work(genesis.header))
    store.connect(genesis.header.hash)
  })
}
