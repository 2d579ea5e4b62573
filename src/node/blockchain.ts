/**
 * The class that a reader meets first: a chain with its current transactions and the nodes it
 * knows, synchronous and usable by itself. It accepts blocks, chooses the tip, reorganises, and
 * every call says what changed or, as a RuleError, why not. Invariant: a call that throws has
 * changed nothing.
 */
import type { Block, Transaction } from '../core/block.ts'
import { assert, RuleError } from '../core/errors.ts'
import type { BlockHash } from '../core/hash.ts'
import { type Json, JsonObject, jsonNumber, parseJson } from '../core/json.ts'
import { MAX_NODES } from '../core/limits.ts'
import { search, solves } from '../core/puzzle.ts'
import { CLASSIC, type Spec } from '../core/spec.ts'
import { ChainVerifier, type Verdict } from '../core/verify.ts'
import { parseAddress } from './address.ts'
import { BlockTree, type ChainChange } from './blocktree.ts'
import { Pool, type PoolLimits } from './pool.ts'
import type { Store, TreeHeader } from './ports.ts'
import { MemoryStore } from './store-memory.ts'

/** A payment as a caller states it. A text amount keeps its digits: `'10.0'`, `'9007199254740993'`. */
export interface Payment {
  readonly sender: string
  readonly recipient: string
  readonly amount: number | bigint | string
}

/** A block from outside: its JSON text, or what was read from it. */
export type BlockInput = string | JsonObject | Block

/** A chain from outside: the JSON text of an array of blocks or of a `/chain` answer, or its blocks. */
export type ChainInput = string | readonly (Block | Json)[]

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
    if (this.#store.tip() === undefined) this.#write(() => this.#plantGenesis())
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
    return text === undefined ? undefined : this.spec.rules.decodeBlock(parseJson(text))
  }

  /**
   * Adds a payment to the current transactions.
   * @returns the transaction, and the index of the block that will hold it
   * @throws RuleError `bad-sender`, `bad-recipient`, `bad-amount`, `mempool-full`
   */
  addTransaction(payment: Payment): { transaction: Transaction; index: number } {
    const amount = jsonNumber(String(payment.amount)) ?? String(payment.amount)
    return this.admit(
      new JsonObject([
        ['sender', payment.sender],
        ['recipient', payment.recipient],
        ['amount', amount],
      ]),
    )
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
    return { block, change: this.addBlock(block) }
  }

  /**
   * Adds a block, made here or elsewhere, after checking every rule.
   * @throws RuleError of every rule, `duplicate`, `prev-blk-not-found`
   * @throws DecodeError `json-syntax`, `json-depth` for a text that is not JSON
   */
  addBlock(input: BlockInput): ChainChange {
    const block = this.#read(input)
    return this.#write(() => {
      const change = this.#connect(block)
      this.#tree.prune()
      return change
    })
  }

  /** The hash of a block. @throws RuleError, DecodeError as addBlock */
  hash(input: BlockInput): BlockHash {
    return this.#read(input).header.hash
  }

  /** Whether a chain is valid, and if not at which block and by which rule. Changes nothing. */
  checkChain(chain: ChainInput): Verdict {
    const verifier = new ChainVerifier(this.spec.rules)
    for (const block of blocksOf(chain))
      if (!verifier.push(isBlock(block) ? parseJson(block.text) : block)) break
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

  #connect(block: Block): ChainChange {
    const change = this.#tree.add(block)
    if (change.connected.length > 0) this.#pool.follow(change.abandoned, change.confirmed)
    return change
  }

  #read(input: BlockInput): Block {
    return this.#decode(typeof input === 'string' ? parseJson(input) : input)
  }

  #decode(input: Block | Json): Block {
    return isBlock(input) ? input : this.spec.rules.decodeBlock(input)
  }

  #plantGenesis(): void {
    const { genesis, work } = this.spec.rules
    this.#store.putBlock(genesis, work(genesis.header))
    this.#store.connect(genesis.header.hash)
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
      decode: (text) => rules.decodeTransaction(parseJson(text)),
      limits: this.#options.poolLimits,
    })
  }

  /**
   * Runs writes in one store transaction: the caller's, where one is open, else one of their own.
   * Rules refuse before they write, so after a refusal there is nothing to read again.
   */
  #write<T>(work: () => T): T {
    if (this.#store.inTransaction) return work()
    this.#store.begin()
    try {
      const result = work()
      this.#store.commit()
      return result
    } catch (error) {
      this.#store.rollback()
      if (!(error instanceof RuleError)) {
        this.#tree = this.#openTree()
        this.#pool = this.#openPool()
      }
      throw error
    }
  }
}

function isBlock(input: Block | Json): input is Block {
  return typeof input === 'object' && input !== null && 'header' in input
}

/** The blocks of a chain from outside. What is no chain at all is a chain of one bad block. */
function blocksOf(chain: ChainInput): readonly (Block | Json)[] {
  if (typeof chain !== 'string') return chain
  const json = parseJson(chain)
  const blocks = json instanceof JsonObject ? json.get('chain') : json
  return isArray(blocks) ? blocks : [json]
}

function isArray(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json)
}
