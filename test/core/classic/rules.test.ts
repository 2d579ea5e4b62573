import { describe, expect, it } from 'vitest'
import type { Header } from '../../../src/core/block.ts'
import { pastOf } from '../../../src/core/checks.ts'
import { hashOfText } from '../../../src/core/hash.ts'
import { parseJson } from '../../../src/core/json/json.ts'
import { MAX_BLOCK_BYTES, MAX_PARTY_CHARS } from '../../../src/core/limits.ts'
import { puzzleDigest, search, solves } from '../../../src/core/puzzle.ts'
import { CLASSIC, parseSpec, TOYCHAIN_PY, withDifficulty } from '../../../src/core/spec.ts'
import { sealed } from '../../helpers/chains.ts'
import { fc } from '../../helpers/fast-check.ts'
import { numberToken, text } from '../json/json-arbitraries.ts'
import { outcome, refusal } from '../thrown.ts'
import {
  decodeBlock,
  decodeTransaction,
  EASY,
  genesisText,
  SOME_HASH,
  transactionsOfBytes,
  transactionText,
} from './texts.ts'

const GENESIS = CLASSIC.rules.genesis
const NOW_MS = 1_767_225_600_123

/** A block after `parent` at difficulty 0, with whatever else is given. */
function made(draft: Partial<Parameters<typeof sealed>[1]> = {}) {
  const parent = EASY.rules.genesis.header
  const plain = { parent, transactions: [], proof: 7, timestampMs: NOW_MS, rewardTo: undefined }
  return sealed(EASY.rules, { ...plain, ...draft })
}

describe('the genesis', () => {
  it.each([CLASSIC, TOYCHAIN_PY])(
    'of $name has the form that the rules ask of any',
    ({ rules }) => {
      expect(rules.decodeBlock(parseJson(rules.genesis.text))).toEqual(rules.genesis)
      expect(outcome(() => rules.checkPlace(rules.genesis.header, pastOf(undefined)))).toBe(
        'accepted',
      )
    },
  )

  it('may be another one than ours', () => {
    const { header } = decodeBlock(genesisText({ timestamp: '5' }))
    expect(header.hash).not.toBe(GENESIS.header.hash)
    expect(outcome(() => CLASSIC.rules.checkPlace(header, pastOf(undefined)))).toBe('accepted')
  })
})

describe('checkPlace', () => {
  const { rules } = withDifficulty(CLASSIC, 2)
  const parent = GENESIS.header
  const proof = search(rules.puzzle(parent), { from: 0, tries: 10_000 }) ?? 0
  const good: Header = made({ proof }).header

  const checked = (header: Partial<Header>, after: Header | undefined = parent) =>
    outcome(() => rules.checkPlace({ ...good, ...header }, pastOf(after)))

  it('accepts the next index, the hash of the block before, and a proof that solves its puzzle', () => {
    expect(good).toMatchObject({ index: 2, parent: parent.hash, proof })
    expect(checked({})).toBe('accepted')
  })

  it('refuses the index before and the one after', () => {
    expect(checked({ index: 1 })).toBe('bad-index')
    expect(checked({ index: 3 })).toBe('bad-index')
  })

  it('refuses any index but 1 where no block is before', () => {
    const error = refusal(() => rules.checkPlace(good, pastOf(undefined)))
    expect(error).toMatchObject({ code: 'bad-index', data: { expected: 1, got: 2 } })
  })

  it('refuses the hash of another block, and none', () => {
    expect(checked({ parent: hashOfText('another') })).toBe('bad-previous-hash')
    expect(checked({ parent: undefined })).toBe('bad-previous-hash')
  })

  it('refuses a proof that does not solve, and shows its digest', () => {
    const puzzle = rules.puzzle(parent)
    const wrong = proof + 1
    expect(solves(puzzle, wrong)).toBe(false)
    const error = refusal(() => rules.checkPlace({ ...good, proof: wrong }, pastOf(parent)))
    expect(error).toMatchObject({
      code: 'high-hash',
      data: { expected: '2 leading zeros', got: puzzleDigest(puzzle, wrong) },
    })
  })

  it('refuses a proof one zero short', () => {
    const puzzle = rules.puzzle(parent)
    let short = 0
    while (!/^0[^0]/.test(puzzleDigest(puzzle, short))) short++
    expect(checked({ proof: short })).toBe('high-hash')
  })

  it('never compares timestamps', () => {
    expect(checked({ timestamp: '-1e300' })).toBe('accepted')
  })

  it('looks at the index first, then at the link, then at the proof', () => {
    const wrong = { parent: hashOfText('another'), proof: proof + 1 }
    expect(checked({ ...wrong, index: 3 })).toBe('bad-index')
    expect(checked(wrong)).toBe('bad-previous-hash')
  })
})

describe('the puzzle', () => {
  const header: Header = { ...GENESIS.header, proof: 35_293 }

  it('is over the last proof and the last hash', () => {
    expect(CLASSIC.rules.puzzle(header)).toEqual({
      type: 'decimal',
      before: '35293',
      after: header.hash,
      zeros: 4,
    })
  })

  it('is over the last proof alone in the older dialect', () => {
    expect(TOYCHAIN_PY.rules.puzzle(header)).toMatchObject({ before: '35293', after: '', zeros: 4 })
  })

  it('does not depend on the transactions: siblings can share a proof', () => {
    const a = made({ transactions: [decodeTransaction(transactionText())] })
    const b = made()
    expect(a.header.hash).not.toBe(b.header.hash)
    for (const { header } of [a, b]) {
      expect(outcome(() => EASY.rules.checkPlace(header, pastOf(GENESIS.header)))).toBe('accepted')
    }
  })
})

describe('work', () => {
  it('is 1 for every block, so that the longest chain has most', () => {
    const { work } = CLASSIC.rules
    expect(work(GENESIS.header)).toBe(1n)
    expect(work(made().header)).toBe(1n)
    expect(
      parseSpec('{"name": "x", "rules": "classic", "difficulty": 9}').rules.work(GENESIS.header),
    ).toBe(1n)
  })
})

describe('seal', () => {
  it('makes the block after its parent, at the given time, in seconds as Python prints them', () => {
    const block = made()
    expect(block.header).toMatchObject({ index: 2, parent: GENESIS.header.hash, proof: 7 })
    expect(block.header.timestamp).toBe('1767225600.123')
    expect(made({ timestampMs: 1_767_225_600_000 }).header.timestamp).toBe('1767225600.0')
  })

  it('puts the reward last: from "0", amount 1', () => {
    const transactions = [decodeTransaction(transactionText())]
    const block = made({ transactions, rewardTo: 'miner' })
    expect(block.transactions.map(({ text }) => text)).toEqual([
      '{"amount": 1, "recipient": "b", "sender": "a"}',
      '{"amount": 1, "recipient": "miner", "sender": "0"}',
    ])
  })

  it('pays nobody where nobody is to be paid', () => {
    expect(made({ rewardTo: undefined }).transactions).toEqual([])
    expect(made({ rewardTo: '' }).transactions).toMatchObject([{ recipient: '' }])
  })

  it(`pays a name of ${MAX_PARTY_CHARS} characters and refuses one more`, () => {
    expect(outcome(() => made({ rewardTo: 'x'.repeat(1_024) }))).toBe('accepted')
    expect(outcome(() => made({ rewardTo: 'x'.repeat(1_025) }))).toBe('bad-recipient')
  })

  it.each([EASY, withDifficulty(TOYCHAIN_PY, 0)])(
    'makes blocks of $name that pass the checks',
    ({ rules }) => {
      const parties = fc.record({ sender: text, recipient: text, amount: numberToken })
      fc.assert(
        fc.property(
          fc.array(parties, { maxLength: 5 }),
          text,
          fc.nat(),
          (payments, rewardTo, proof) => {
            const transactions = payments.map(({ sender, recipient, amount }) => {
              const texts = { sender: JSON.stringify(sender), recipient: JSON.stringify(recipient) }
              return decodeTransaction(transactionText({ ...texts, amount }))
            })
            const parent = rules.genesis.header
            const block = sealed(rules, {
              parent,
              transactions,
              proof,
              timestampMs: NOW_MS,
              rewardTo,
            })
            rules.checkPlace(block.header, pastOf(parent))
            expect(rules.decodeBlock(parseJson(block.text))).toEqual(block)
            expect(hashOfText(rules.hashedText(block))).toBe(block.header.hash)
            expect(rules.pool.returned(block)).toEqual(transactions)
          },
        ),
        { numRuns: 100 },
      )
    },
  )

  it('has room for the transactions of a full block and the longest reward', () => {
    const texts = transactionsOfBytes(EASY.rules.pool.blockBytes)
    const parent: Header = {
      ...GENESIS.header,
      index: Number.MAX_SAFE_INTEGER - 1,
      hash: hashOfText(''),
    }
    const block = made({
      parent,
      transactions: texts.map(decodeTransaction),
      proof: Number.MAX_SAFE_INTEGER,
      // The longest that a double can be as text.
      timestampMs: -2.2250738585072014e-300,
      rewardTo: '\u0000'.repeat(MAX_PARTY_CHARS),
    })
    expect(block.transactions).toHaveLength(texts.length + 1)
    expect(block.text.length).toBeLessThanOrEqual(MAX_BLOCK_BYTES)
  })

  it('refuses more than a block may hold', () => {
    const transactions = transactionsOfBytes(MAX_BLOCK_BYTES).map(decodeTransaction)
    expect(outcome(() => made({ transactions }))).toBe('bad-blk-length')
  })
})

describe('what a block gives back', () => {
  const payment = decodeTransaction(transactionText())
  const reward = decodeTransaction(transactionText({ sender: '"0"' }))

  it('is all but the reward, which is from "0" and last', () => {
    expect(EASY.rules.pool.returned(made({ transactions: [payment, reward] }))).toEqual([payment])
    expect(EASY.rules.pool.returned(made({ transactions: [payment, payment] }))).toEqual([
      payment,
      payment,
    ])
    expect(EASY.rules.pool.returned(made())).toEqual([])
  })

  it('keeps a payment from "0" that is not last: somebody posted it', () => {
    const block = made({ transactions: [reward, reward, payment] })
    expect(EASY.rules.pool.returned(block)).toEqual([reward, reward, payment])
    expect(EASY.rules.pool.returned(made({ transactions: [reward, reward] }))).toEqual([reward])
  })

  it('keeps a payment from a name that only begins with 0', () => {
    const other = decodeTransaction(transactionText({ sender: '"00"' }))
    expect(EASY.rules.pool.returned(made({ transactions: [other] }))).toEqual([other])
  })
})

it('takes a link for what it says: a hash of some other chain decodes, and is refused by its place', () => {
  const { header } = decodeBlock(made().text.replace(GENESIS.header.hash, SOME_HASH))
  expect(outcome(() => EASY.rules.checkPlace(header, pastOf(GENESIS.header)))).toBe(
    'bad-previous-hash',
  )
})
