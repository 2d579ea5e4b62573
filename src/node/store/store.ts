/**
 * What the node needs from the world: a store, in two halves. BlockSource holds what is the same
 * for every node that has the block; ChainState is this node's own view. Both are synchronous, so
 * that a block connects in one uninterrupted call. One contract suite (test/node/store/store-contract.ts)
 * runs against every implementation.
 */
import type { Block, Header, Transaction } from '../../core/block.ts'
import type { RuleFault } from '../../core/errors.ts'
import type { BlockHash } from '../../core/hash.ts'
import type { LedgerDiff, LedgerReader } from '../../core/ledger.ts'
import { MAX_PAGE_BYTES } from '../../core/limits.ts'

/** A header in its place in the tree. */
export interface TreeHeader extends Header {
  /** The work of its whole branch, this block included. */
  readonly chainwork: bigint
  /** Bytes of the block's text; 0 while that is not here. */
  readonly sizeBytes: number
  /**
   * When it was complete, which is when its text and those of all before it were here: of two blocks, the one
   * with the lower number was so first. Undefined until then.
   */
  readonly complete: number | undefined
  /** Why no chain takes it; undefined where nothing is known against it. */
  readonly condemned: RuleFault | undefined
}

/** Immutable blocks, by hash. */
export interface BlockSource {
  header(hash: BlockHash): TreeHeader | undefined
  /** The block's text, as it is served. */
  text(hash: BlockHash): string | undefined
}

/** One current transaction and its place in the queue: lower numbers go into a block first. */
export interface PooledTransaction {
  readonly place: number
  readonly text: string
}

/** A text, or the same as UTF-8, whichever the store has at hand: to encode a large one costs memory. */
export type Text = string | Uint8Array

/** What can be read: from the store itself, or from a snapshot that stays as it was. */
export interface StoreReader extends BlockSource, LedgerReader {
  /** The last block of the active chain; undefined before the genesis is there. */
  tip(): TreeHeader | undefined
  /** The active chain's hash at an index. */
  hashAt(index: number): BlockHash | undefined
  /**
   * Texts of the active chain's blocks from an index on: at most `limit` of them and, after the
   * first, no more than fit into MAX_PAGE_BYTES. None only where the chain has ended.
   */
  texts(from: number, limit: number): readonly Text[]
  /**
   * The ends of the branches off the active chain, most work first, then first complete. Only complete blocks
   * count that are not condemned.
   */
  sideTips(limit: number): readonly TreeHeader[]
  /** The same ends, in the same order, with a rest (undefined) after so many blocks looked at. */
  sideTipsInSteps(): Generator<TreeHeader | undefined>
  /** Whether any block has this one before it, whatever is known of it. */
  hasChildren(hash: BlockHash): boolean
  /** Blocks right after this one, first come first. */
  children(hash: BlockHash): readonly TreeHeader[]
  /** Blocks off the active chain that none follows, of every kind: least work first, of those the last come. */
  weakestSideTips(limit: number): readonly TreeHeader[]
  /** Bytes of all blocks off the active chain. */
  sideBytes(): number
  /**
   * Headers of the active chain's blocks below an index that a party pays or is paid in, last first.
   * Each step looks at one block and gives undefined where it is none of them, so that whoever asks
   * can rest between steps. It is an index that says so and not the block: half of a surrogate pair
   * passes for U+FFFD in it, and what is served has to be looked up in the text (see `paymentsIn`).
   */
  blocksWith(party: string, below: number): Generator<TreeHeader | undefined>
  /** Current transactions after a place in the queue, in order, at most `limit` of them. */
  pooled(after: number, limit: number): readonly PooledTransaction[]
  /** Addresses of other nodes, in order of their names. */
  nodes(): readonly string[]
  /** This node's id, 32 hex digits; undefined before it is set. */
  identity(): string | undefined
}

/** How many of the blocks with these sizes make a page (see `texts`). */
export function pageLength(sizesBytes: readonly number[]): number {
  let bytes = 0
  const end = sizesBytes.findIndex((size) => {
    bytes += size
    return bytes > MAX_PAGE_BYTES
  })
  return end < 0 ? sizesBytes.length : Math.max(1, end)
}

/** A view of the store at one moment, whatever is written meanwhile. Close it soon. */
export interface Snapshot extends StoreReader {
  close(): void
}

export interface Store extends StoreReader {
  /** Opens the one transaction that all writes go into. */
  begin(): void
  /** Makes them durable. @throws StoreError: nothing of the transaction is kept */
  commit(): void
  rollback(): void
  /** Whether writes of the open transaction are put off: `writeOn` does a slice, `commit` all that is left. */
  readonly isBehind: boolean
  writeOn(): void
  readonly inTransaction: boolean

  /** Keeps a complete block off the active chain. */
  putBlock(block: Block, chainwork: bigint): TreeHeader
  /** Keeps a header whose text is not here. */
  putHeader(header: Header, chainwork: bigint): TreeHeader
  /** Keeps the text of such a header. */
  putBody(block: Block): TreeHeader
  /** A block with its text is complete from now on. */
  complete(hash: BlockHash): TreeHeader
  /** Remembers why no chain takes a block off the active chain, under this version of the rules. */
  condemn(hash: BlockHash, fault: RuleFault, version: number): TreeHeader
  /** Forgets what was said under other versions of the rules. */
  forgive(version: number): void
  /** Forgets a block off the active chain. */
  deleteBlock(hash: BlockHash): void
  /**
   * Appends a complete block to the active chain, where its parties are found from now on, and makes its
   * changes to the ledger; keeps them.
   */
  connect(block: Block, diff?: LedgerDiff): void
  /** Takes the last block off the active chain and keeps it; its changes are taken back. */
  disconnect(block: Block): void
  /** Whether another node on the same blocks has found a header right in its place. */
  isPlaced(hash: BlockHash): boolean
  /** What connecting a block has come to before; undefined where that was to change nothing, or is not known. */
  outcome(hash: BlockHash): Outcome | undefined

  putPooled(place: number, transaction: Transaction): void
  deletePooled(places: readonly number[]): void

  putNode(address: string): void
  deleteNode(address: string): void
  setIdentity(id: string): void

  /**
   * Bytes of the log of writes. It can be reused when nobody reads an older view: while somebody always
   * does, it grows.
   */
  readonly logBytes: number
  /** Opens a snapshot of what is committed, also while a transaction is open. */
  snapshot(): Snapshot
  close(): void
}

/** What connecting a block changes, or why no ledger takes it: its hash decides, under one version of the rules. */
export type Outcome =
  | { readonly diff: LedgerDiff; readonly fault?: undefined }
  | { readonly fault: RuleFault; readonly diff?: undefined }

/** The store failed: not the caller's fault, and not decided by any rule. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: StoreCode

  constructor(code: StoreCode, message: string, options?: { cause: unknown }) {
    super(message, options)
    this.code = code
  }

  /** Whether the data are another node's now, or nobody's: to read them again is no use. */
  get isFinal(): boolean {
    return this.code === 'store-in-use' || this.code === 'store-lost'
  }
}

/**
 * - `store-failed`: reading or writing failed; `store-full`: the disk is full
 * - `store-locked`: another program holds SQLite's lock
 * - `store-in-use`: another node has these data open
 * - `store-damaged`: the file is not what we wrote; `store-lost`: it was deleted or replaced while open
 * - `store-too-new`: a newer program's schema; `store-foreign`: not our file at all
 * - `store-other-spec`: data made under another chain spec
 */
export type StoreCode =
  | 'store-failed'
  | 'store-full'
  | 'store-locked'
  | 'store-in-use'
  | 'store-damaged'
  | 'store-lost'
  | 'store-too-new'
  | 'store-foreign'
  | 'store-other-spec'

/** Runs writes in the transaction that is open, or in one of their own: all of them happen, or none. */
export function atomically<T>(store: Store, write: () => T): T {
  if (store.inTransaction) return write()
  store.begin()
  try {
    const result = write()
    store.commit()
    return result
  } catch (error) {
    store.rollback()
    throw error
  }
}

/**
 * The current transactions in order, at most `limit` at a time, so that memory never holds all of
 * them; no page is empty.
 */
export function* pooledPages(
  reader: Pick<StoreReader, 'pooled'>,
  limit: number,
): Generator<readonly PooledTransaction[]> {
  let after = Number.MIN_SAFE_INTEGER
  for (;;) {
    const page = reader.pooled(after, limit)
    const last = page.at(-1)
    if (last === undefined) return
    yield page
    after = last.place
  }
}
