/**
 * A block in the making. Its proof covers its body, so it is filled before the search; a search that has spent
 * all nonces goes on with another extra nonce, which makes it another body.
 */
import type { Block, Header, Transaction } from '../block.ts'
import { NOT_CHECKABLE, type Past } from '../checks.ts'
import { assert } from '../errors.ts'
import { keyOf } from './address.ts'
import { treeOf } from './body.ts'
import { hashHex, hexOf, joined } from './bytes.ts'
import { type BlockParameters, feesOf } from './checks.ts'
import { nextBits } from './difficulty.ts'
import { decodeHeader, encodeHeader, placeHeader } from './header.ts'
import { medianTimeSec } from './median-time.ts'
import { subsidyAt } from './subsidy.ts'
import { decodeCompact } from './target.ts'
import { decodeTransaction, encodeCoinbase, kindOf } from './transaction.ts'

export interface NakamotoTemplateInput {
  readonly past: Past
  /** Milliseconds since 1970. */
  readonly nowMs: number
  /** 64 bits. */
  readonly extraNonce: bigint
  readonly transactions: readonly Transaction[]
  /** An address. */
  readonly rewardTo: string
  /** The miner's mark, at most MAX_TAG_BYTES. */
  readonly tag?: Uint8Array
}

export interface NakamotoTemplate {
  /** 80 bytes, with the nonce 0. */
  readonly header: Uint8Array
  readonly target: bigint
  /** The block with this nonce; whether its hash meets the target is the checks' to say. */
  seal(nonce: number): Block
}

export function makeTemplate(
  {
    past,
    nowMs,
    extraNonce,
    transactions,
    rewardTo,
    tag = new Uint8Array(0),
  }: NakamotoTemplateInput,
  parameters: BlockParameters,
): NakamotoTemplate {
  const { parent } = past
  const recipient = keyOf(rewardTo)
  assert(parent !== undefined, 'a genesis is made of a spec')
  assert(recipient !== undefined, 'who gets the reward was checked')
  const after: Past & { readonly parent: Header } = { parent, ancestor: (i) => past.ancestor(i) }
  const limit = decodeCompact(parameters.easiestBits).magnitude
  const bits = nextBits(after, parameters.difficulty, limit)
  const median = medianTimeSec(after)
  assert(bits !== NOT_CHECKABLE && median !== NOT_CHECKABLE, 'all ancestors are known')
  const payments = transactions.map(kindOf)
  const amount = BigInt(subsidyAt(parent.index, parameters) + feesOf(payments))
  const index = parent.index + 1
  const coinbase = decodeTransaction(encodeCoinbase({ index, extraNonce, recipient, amount, tag }))
  assert(coinbase !== undefined, 'what was encoded here can be decoded')
  const body = [coinbase, ...payments]
  const header = encodeHeader({
    version: VERSION,
    previousHash: parent.hash,
    merkleRoot: hashHex(treeOf(body).root),
    timeSec: Math.max(Math.floor(nowMs / 1_000), median + 1),
    bits,
    nonce: 0,
  })
  const text = `"${hexOf(joined(body.map(({ bytes }) => bytes)))}"`
  return {
    header,
    target: decodeCompact(bits).magnitude,
    seal: (nonce) => {
      const sealed = encodeHeader({ ...decodeHeader(header), nonce })
      return { header: placeHeader(sealed, index), transactions: body, text }
    },
  }
}

/** No version bits are used (BIP9). */
const VERSION = 0x20000000
