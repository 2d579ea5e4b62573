/**
 * A block's body as it came for its header: bytes, and what can be read in them.
 */
import type { Header } from '../block.ts'
import { hashBytes } from './bytes.ts'
import { type MerkleTree, merkleTree } from './merkle.ts'
import { decodeBody, type SomeTransaction } from './transaction.ts'

export class BodyReading {
  readonly header: Header
  readonly bytes: Uint8Array | undefined
  /** Undefined where the bytes are not transactions and nothing else. */
  readonly transactions: readonly SomeTransaction[] | undefined
  #tree: MerkleTree | undefined

  /** @param bytes undefined where what came was no hex */
  constructor(header: Header, bytes: Uint8Array | undefined) {
    this.header = header
    this.bytes = bytes
    this.transactions = bytes === undefined ? undefined : decodeBody(bytes)
  }

  /** The tree over the transactions' ids. */
  get tree(): MerkleTree {
    this.#tree ??= treeOf(this.transactions ?? [])
    return this.#tree
  }
}

export function treeOf(transactions: readonly SomeTransaction[]): MerkleTree {
  return merkleTree(transactions.map(({ id }) => hashBytes(id)))
}
