/**
 * One refusal for each code that core has. The tables do not compile when a code is added to
 * errors.ts and not here.
 */
import { describe, expect, it } from 'vitest'
import { type DecodeCode, RULES, type RuleCode } from '../../src/core/errors.ts'
import { parseJson } from '../../src/core/json.ts'
import { CLASSIC, parseSpec } from '../../src/core/spec.ts'
import { ChainVerifier } from '../../src/core/verify.ts'
import {
  blockText,
  decodeBlock,
  decodeTransaction,
  genesisText,
  transactionsOfBytes,
  transactionText,
} from './classic/texts.ts'
import { refusal } from './thrown.ts'

/** Codes of the layers above: they need a tree, a pool, a queue or a list of nodes. */
type NodeCode =
  | 'prev-blk-not-found'
  | 'duplicate'
  | 'mempool-full'
  | 'mining-queue-full'
  | 'bad-address'
  | 'too-many-nodes'

const REFUSALS: Record<Exclude<RuleCode, NodeCode> | DecodeCode, () => unknown> = {
  'bad-block-type': () => decodeBlock('[]'),
  'bad-block-keys': () => decodeBlock('{}'),
  'bad-index': () => decodeBlock(blockText({ index: '0' })),
  'bad-timestamp': () => decodeBlock(blockText({ timestamp: '1e309' })),
  'bad-proof': () => decodeBlock(blockText({ proof: '9007199254740992' })),
  'bad-previous-hash': () => decodeBlock(blockText({ previous_hash: '"1"' })),
  'bad-transactions': () => decodeBlock(blockText({ transactions: '{}' })),
  'bad-transaction-type': () => decodeTransaction('[]'),
  'bad-transaction-keys': () => decodeTransaction('{}'),
  'bad-sender': () => decodeTransaction(transactionText({ sender: '0' })),
  'bad-recipient': () => decodeTransaction(transactionText({ recipient: '0' })),
  'bad-amount': () => decodeTransaction(transactionText({ amount: '"1"' })),
  'bad-blk-length': () =>
    decodeBlock(blockText({ transactions: `[${transactionsOfBytes(1_000_000)}]` })),
  'bad-genesis': () => decodeBlock(genesisText({ proof: '99' })),
  'empty-chain': () => {
    const verdict = new ChainVerifier(CLASSIC.rules).verdict()
    if (!verdict.valid) throw verdict.error
  },
  'high-hash': () => {
    const { header } = decodeBlock(
      blockText({ previous_hash: `"${CLASSIC.rules.genesis.header.hash}"`, proof: '0' }),
    )
    CLASSIC.rules.checkAgainstParent(header, CLASSIC.rules.genesis.header)
  },
  'json-syntax': () => parseJson('{'),
  'json-depth': () => parseJson('['.repeat(65)),
  'bad-spec': () => parseSpec('{}'),
}

describe('every code of core', () => {
  it.each(Object.entries(REFUSALS))('has a refusal: %s', (code, call) => {
    expect(refusal(call).code).toBe(code)
  })

  it('is invalid by its kind: what core refuses will never be right', () => {
    for (const [code, { kind }] of Object.entries(RULES)) {
      if (code in REFUSALS) expect(kind, code).toBe('invalid')
    }
  })
})
