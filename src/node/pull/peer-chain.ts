/**
 * Another node's chain as far as we have it: block after block is checked by every rule and kept
 * beside ours. What one session has brought is remembered until our chain moves to it, or the session
 * ends badly and it is forgotten.
 */
import type { Block } from '../../core/block.ts'
import { RuleError } from '../../core/errors.ts'
import type { BlockHash } from '../../core/hash.ts'
import type { Json } from '../../core/json/json.ts'
import type { SyncLimits } from '../../core/limits.ts'
import { MAX_SLICE_BYTES } from '../../core/limits.ts'
import type { BlockChain } from '../chain/blockchain.ts'
import type { TreeHeader } from '../store/store.ts'

/** So much of its chain is valid: it may be adopted before all of it has been read. */
export interface Milestone {
  readonly header: TreeHeader
  readonly atHand: ReadonlyMap<BlockHash, Block>
}

export class PeerChain {
  readonly #chain: BlockChain
  readonly #limits: SyncLimits
  #milestone: Milestone | undefined
  #last: TreeHeader | undefined
  #news = new Set<BlockHash>()
  #newsBytes = 0
  #newsTotal = 0
  #atHand = new Map<BlockHash, Block>()
  #atHandBytes = 0
  #brokenLink = ''

  constructor(chain: BlockChain, limits: SyncLimits) {
    this.#chain = chain
    this.#limits = limits
  }

  /** The last of its blocks, in order, that we have; undefined before its genesis. */
  get last(): TreeHeader | undefined {
    return this.#last
  }

  /** The index of the next block. */
  get position(): number {
    return (this.#last?.index ?? 0) + 1
  }

  /** Goes on after a block that we have; undefined for before the genesis. */
  goOnAfter(header: TreeHeader | undefined): void {
    this.#last = header
  }

  /** Reads a block that is to stand at an index. @throws BadBlock */
  decode(json: Json, index = this.position): Block {
    return checkedAt(index, () => this.#chain.spec.rules.decodeBlock(json))
  }

  /** Why a block does not follow the last one, if it does not. */
  misfit({ header: { index, parent } }: Block): RuleError | undefined {
    const { position } = this
    if (index !== position) return new RuleError('bad-index', { expected: position, got: index })
    if (parent === this.#last?.hash) return undefined
    const data = { expected: this.#last?.hash ?? 'none', got: parent ?? 'none' }
    return new RuleError('bad-previous-hash', data)
  }

  /** Whether another link is broken than the last time: the same one twice is no change of the chain. */
  isNewBreak({ details: { expected, got } }: RuleError): boolean {
    const before = this.#brokenLink
    this.#brokenLink = `${expected} ${got}`
    return before !== this.#brokenLink
  }

  /** Takes the next block: one that we have, or one to check and keep. @throws BadBlock */
  add(block: Block): void {
    const known = this.#chain.header(block.header.hash)
    const header = known ?? checkedAt(this.position, () => this.#chain.keep(block))
    this.#last = header
    if (known === undefined) this.#remember(block, header)
  }

  /** Blocks that were new to us since the last milestone, in the order in which they came. */
  get news(): ReadonlySet<BlockHash> {
    return this.#news
  }

  /** How many there were since the session began. */
  get newsTotal(): number {
    return this.#newsTotal
  }

  /** The first of them, which need not be read from the store. */
  get atHand(): ReadonlyMap<BlockHash, Block> {
    return this.#atHand
  }

  /** The last milestone, once: exactly so many blocks or bytes after the one before. */
  takeMilestone(): Milestone | undefined {
    const milestone = this.#milestone
    this.#milestone = undefined
    return milestone
  }

  #remember(block: Block, header: TreeHeader): void {
    const { hash, sizeBytes } = header
    this.#news.add(hash)
    this.#newsBytes += sizeBytes
    this.#newsTotal++
    if (this.#atHandBytes + sizeBytes <= MAX_SLICE_BYTES) {
      this.#atHand.set(hash, block)
      this.#atHandBytes += sizeBytes
    }
    const { newsBlocks, newsBytes } = this.#limits
    if (this.#news.size < newsBlocks && this.#newsBytes < newsBytes) return
    this.#milestone = { header, atHand: this.#atHand }
    this.#news = new Set()
    this.#newsBytes = 0
    this.#atHand = new Map()
    this.#atHandBytes = 0
  }
}

/** A rule said no to the block at this position of another node's chain. */
export class BadBlock extends Error {
  override readonly name = 'BadBlock'
  readonly position: number
  readonly rule: RuleError

  constructor(position: number, rule: RuleError) {
    super(rule.message)
    this.position = position
    this.rule = rule
  }
}

function checkedAt<T>(position: number, check: () => T): T {
  try {
    return check()
  } catch (error) {
    throw error instanceof RuleError ? new BadBlock(position, error) : error
  }
}
