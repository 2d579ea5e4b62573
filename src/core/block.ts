/**
 * What every rule set shares: a header, a transaction, a block. Each is readonly data that carries
 * its own text, which is what is stored, sent and served.
 */
import type { BlockHash } from './hash.ts'

/** The fields of a block that the tree and the proof of work need. */
export interface Header {
  readonly hash: BlockHash
  /** The block before; undefined for a genesis, which hangs from the virtual root. */
  readonly parent: BlockHash | undefined
  /** Position in its chain, counted from 1. Bitcoin's height is one less. */
  readonly index: number
  /** Seconds since 1970, as written. */
  readonly timestamp: string
  /** What the search found: the tutorial's proof, Bitcoin's nonce. 0 to 2^53-1. */
  readonly proof: number
  /** What it was read from, where its rule set reads more in it than stands here; else empty. */
  readonly raw: string
}

export interface Transaction {
  readonly sender: string
  readonly recipient: string
  /** A number as written. */
  readonly amount: string
  /** ASCII JSON, keys sorted, numbers as written: what is stored and served. */
  readonly text: string
  /** Equal for transactions that no rule can tell apart: two equal payments are two, of one key. */
  readonly key: string
}

export interface Block {
  readonly header: Header
  readonly transactions: readonly Transaction[]
  /** ASCII JSON, keys sorted, numbers as written: what is stored and served. */
  readonly text: string
}
