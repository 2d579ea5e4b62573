/**
 * Bitcoin's block header: 80 bytes, every number little-endian.
 *
 *     0       4                   36                  68     72     76     80
 *     ├version┼── previous hash ──┼─── merkle root ───┼ time ┼ bits ┼ nonce┤
 *
 * Its hash is the double SHA-256 of these bytes. Source: Bitcoin's developer reference, "Block Headers".
 */
import type { Header } from '../block.ts'
import type { BlockHash } from '../hash.ts'
import { doubleSha256, hashBytes, hashHex, hexOf, knownBytes, viewOf } from './bytes.ts'

export const HEADER_BYTES = 80

const AT = {
  version: 0,
  previousHash: 4,
  merkleRoot: 36,
  timeSec: 68,
  bits: 72,
  nonce: 76,
} as const

/** What the first block of every chain has for the hash before it. */
export const NO_HASH = hashHex(new Uint8Array(32))

export interface HeaderFields {
  /** 32 bits, signed. */
  readonly version: number
  /** As it is shown; `NO_HASH` in a genesis. */
  readonly previousHash: BlockHash
  /** As it is shown. */
  readonly merkleRoot: BlockHash
  /** Seconds since 1970; 32 bits, unsigned, as the next two. */
  readonly timeSec: number
  readonly bits: number
  readonly nonce: number
}

export function encodeHeader(fields: HeaderFields): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES)
  const view = viewOf(bytes)
  view.setInt32(AT.version, fields.version, true)
  bytes.set(hashBytes(fields.previousHash), AT.previousHash)
  bytes.set(hashBytes(fields.merkleRoot), AT.merkleRoot)
  view.setUint32(AT.timeSec, fields.timeSec, true)
  view.setUint32(AT.bits, fields.bits, true)
  view.setUint32(AT.nonce, fields.nonce, true)
  return bytes
}

/** @param bytes HEADER_BYTES of them; any are a header */
export function decodeHeader(bytes: Uint8Array): HeaderFields {
  const view = viewOf(bytes)
  return {
    version: view.getInt32(AT.version, true),
    previousHash: hashHex(bytes.subarray(AT.previousHash, AT.merkleRoot)),
    merkleRoot: hashHex(bytes.subarray(AT.merkleRoot, AT.timeSec)),
    timeSec: view.getUint32(AT.timeSec, true),
    bits: view.getUint32(AT.bits, true),
    nonce: view.getUint32(AT.nonce, true),
  }
}

/** A header as the tree keeps it. @param index its place in its chain, from 1: the bytes do not say it */
export function placeHeader(bytes: Uint8Array, index: number): Header {
  const { previousHash, timeSec, nonce } = decodeHeader(bytes)
  return {
    hash: hashHex(doubleSha256(bytes)),
    parent: previousHash === NO_HASH ? undefined : previousHash,
    index,
    timestamp: String(timeSec),
    proof: nonce,
    raw: hexOf(bytes),
  }
}

/** All fields of a header that is kept. */
export function fieldsOf({ raw }: Header): HeaderFields {
  return decodeHeader(knownBytes(raw))
}

/** The same for one field, which rules read of many ancestors. */
export function bitsOf({ raw }: Header): number {
  return viewOf(knownBytes(raw.slice(2 * AT.bits, 2 * AT.nonce))).getUint32(0, true)
}

export function timeOf({ timestamp }: Header): number {
  return Number(timestamp)
}

export function merkleRootOf({ raw }: Header): BlockHash {
  return hashHex(knownBytes(raw.slice(2 * AT.merkleRoot, 2 * AT.timeSec)))
}

/** Bitcoin's height, which counts from 0. */
export function heightOf({ index }: Header): number {
  return index - 1
}
