/**
 * The first block, made of a chain spec. Its coinbase gives nothing and carries the hash of the spec's text as
 * its tag, where Bitcoin's carries a newspaper's headline: so two specs never share a genesis, nor a chain's id.
 * Its allocations are the money that is there from the start.
 */

import { assert } from '../errors.ts'
import { KEY_BYTES } from './address.ts'
import { treeOf } from './body.ts'
import { hashHex, hexOf, joined } from './bytes.ts'
import { encodeHeader, NO_HASH } from './header.ts'
import { decodeBody, encodeAllocation, encodeCoinbase } from './transaction.ts'

export interface GenesisParameters {
  /** Seconds since 1970. */
  readonly timeSec: number
  /** SHA-256 of the spec's canonical text, 32 bytes. */
  readonly specHash: Uint8Array
  /** Each to a public key of 32 bytes, no two to the same; amounts in units. */
  readonly allocations: readonly { readonly recipient: Uint8Array; readonly amount: number }[]
}

/** Header and body in hex. */
export function makeGenesis(
  { timeSec, specHash, allocations }: GenesisParameters,
  easiestBits: number,
): { header: string; body: string } {
  const coinbase = encodeCoinbase({
    index: 1,
    extraNonce: 0n,
    recipient: new Uint8Array(KEY_BYTES),
    amount: 0n,
    tag: specHash,
  })
  const given = allocations.map(({ recipient, amount }) => {
    return encodeAllocation(recipient, BigInt(amount))
  })
  const body = joined([coinbase, ...given])
  const transactions = decodeBody(body)
  assert(transactions !== undefined, 'what was encoded here can be decoded')
  const header = encodeHeader({
    version: 1,
    previousHash: NO_HASH,
    merkleRoot: hashHex(treeOf(transactions).root),
    timeSec,
    bits: easiestBits,
    nonce: 0,
  })
  return { header: hexOf(header), body: hexOf(body) }
}
