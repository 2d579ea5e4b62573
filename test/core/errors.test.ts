import { describe, expect, it } from 'vitest'
import { pastOf } from '../../src/core/checks.ts'
import {
  AssertionError,
  assert,
  assertNever,
  DECODE_CODES,
  type DecodeCode,
  DecodeError,
  RULES,
  type RuleCode,
  RuleError,
} from '../../src/core/errors.ts'
import { parseJson } from '../../src/core/json/json.ts'
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

describe('RULES and DECODE_CODES', () => {
  it('have stable kebab-case codes, none in both', () => {
    const codes = [...Object.keys(RULES), ...Object.keys(DECODE_CODES)]
    for (const code of codes) expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/)
    expect(new Set(codes).size).toBe(codes.length)
  })

  it('have one meaning each', () => {
    const meanings = [
      ...Object.values(RULES).map(({ means }) => means),
      ...Object.values(DECODE_CODES),
    ]
    expect(new Set(meanings).size).toBe(meanings.length)
  })
})

describe('RuleError', () => {
  it('carries its code, the kind that the table gives it, and the values compared', () => {
    const data = { expected: 2, got: 3 }
    const error = new RuleError('bad-index', data)
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ name: 'RuleError', code: 'bad-index', kind: 'invalid', data })
    expect(new RuleError('prev-blk-not-found', { previous_hash: '1' }).kind).toBe('missing')
    expect(new RuleError('duplicate', { hash: '1' }).kind).toBe('policy')
  })

  it('says the meaning, and the values where there are any', () => {
    const { means } = RULES['bad-index']
    expect(new RuleError('bad-index', { expected: 2, got: ['a', 'b'] }).message).toBe(
      `${means} (expected: 2, got: a,b)`,
    )
  })

  it('shows 120 characters of a value and shortens one of 121, but keeps it whole in the data', () => {
    const shown = 'x'.repeat(120)
    expect(new RuleError('bad-proof', { expected: 1, got: shown }).message).toContain(
      `got: ${shown})`,
    )
    const error = new RuleError('bad-proof', { expected: 1, got: `${shown}y` })
    expect(error.message).toContain(`got: ${shown}…)`)
    expect(error.data.got).toBe(`${shown}y`)
  })
})

describe('DecodeError', () => {
  it('carries its code and where the fault is', () => {
    const error = new DecodeError('json-syntax', { at: 3 })
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ name: 'DecodeError', code: 'json-syntax', data: { at: 3 } })
    expect(new DecodeError('bad-spec')).toMatchObject({
      message: DECODE_CODES['bad-spec'],
      data: {},
    })
  })
})

describe('assert', () => {
  it('does nothing where the invariant holds', () => {
    expect(() => assert(true, 'holds')).not.toThrow()
  })

  it('throws an AssertionError, which is no refusal of anything, where it does not', () => {
    const broken = () => assert(false, 'two and two are four')
    expect(broken).toThrow(AssertionError)
    expect(broken).not.toThrow(RuleError)
  })
})

describe('assertNever', () => {
  it('throws an AssertionError for a value that the compiler thought impossible', () => {
    const values: never[] = JSON.parse('[{"type": "new"}, null]')
    for (const value of values) expect(() => assertNever(value)).toThrow(AssertionError)
  })
})

/** Codes of the layers above: they need a tree, a pool, a queue or a list of nodes. */
type NodeCode =
  | 'prev-blk-not-found'
  | 'duplicate'
  | 'bad-stored-header'
  | 'bad-prevblk'
  | 'mempool-full'
  | 'mining-failed'
  | 'mining-queue-full'
  | 'bad-address'
  | 'too-many-nodes'

/** Codes of rule sets that no chain spec has yet: test/node/rules has one. */
type LaterCode =
  | 'time-too-old'
  | 'time-too-new'
  | 'bad-txnmrklroot'
  | 'insufficient-funds'
  | NakamotoCode

/** Codes that nakamoto's rules alone give: test/core/nakamoto has a case of each. */
type NakamotoCode =
  | 'bad-header'
  | 'bad-encoding'
  | 'bad-claim'
  | 'bad-diffbits'
  | 'bad-txns-duplicate'
  | 'bad-cb-missing'
  | 'bad-cb-multiple'
  | 'bad-cb-height'
  | 'bad-cb-amount'
  | 'bad-txns-allocation'
  | 'bad-txns-chain'
  | 'bad-txns-amount'
  | 'bad-txns-fee-outofrange'
  | 'bad-txns-signature'
  | 'bad-txns-nonce'

/** One refusal for each code that core has; does not compile when a code is added and not here. */
const REFUSALS: Record<Exclude<RuleCode, NodeCode | LaterCode> | DecodeCode, () => unknown> = {
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
    CLASSIC.rules.checkPlace(header, pastOf(CLASSIC.rules.genesis.header))
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
