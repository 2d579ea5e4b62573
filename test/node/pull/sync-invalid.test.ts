import { describe, expect, it } from 'vitest'
import { pastOf } from '../../../src/core/checks.ts'
import type { RuleCode } from '../../../src/core/errors.ts'
import { parseJson } from '../../../src/core/json/json.ts'
import { MAX_BLOCK_BYTES, MAX_NUMBER_CHARS, MAX_PARTY_CHARS } from '../../../src/core/limits.ts'
import { branch, EASY } from '../../helpers/chains.ts'
import { give, questionOf, saying } from './peer-scripts.ts'
import { Network } from './scripted-peers.ts'
import { verdictOf } from './verdict-texts.ts'

const { genesis } = EASY.rules
const CHAIN = [genesis, ...branch(genesis, 16)]
const TEXTS = CHAIN.map(({ text }) => text)
const BAD = 13
const PAY = '{"amount": 1, "recipient": "b", "sender": "a"}'
/** Of every block but the genesis: the reward. */
const REWARD = '{"amount": 1, "recipient": "miner-0", "sender": "0"}'

/** What is done to the text of a block → the rule that says no to it. */
const BAD_BLOCKS: [string, RuleCode, (text: string) => string][] = [
  ['a text', 'bad-block-type', () => '"block"'],
  ['null', 'bad-block-type', () => 'null'],
  ['an array', 'bad-block-type', (text) => `[${text}]`],
  ['nothing', 'bad-block-keys', () => '{}'],
  ['one key more', 'bad-block-keys', (text) => text.replace('{', '{"nonce": 1, ')],
  ['a key twice', 'bad-block-keys', (text) => text.replace('{', '{"proof": 1, ')],
  ['a key less', 'bad-block-keys', (text) => text.replace(/"proof": \d+, /, '')],
  ['an endless timestamp', 'bad-timestamp', (text) => text.replace(/(p": )[\d.]+/, '$11e999')],
  ['a timestamp in words', 'bad-timestamp', (text) => text.replace(/(p": )[\d.]+/, '$1"now"')],
  [
    'a long timestamp',
    'bad-timestamp',
    (text) => text.replace(/(p": )[\d.]+/, `$1${'1'.repeat(MAX_NUMBER_CHARS + 1)}`),
  ],
  ['half a proof', 'bad-proof', (text) => text.replace(/("proof": )\d+/, '$11.5')],
  ['a proof below 0', 'bad-proof', (text) => text.replace(/("proof": )\d+/, '$1-1')],
  ['a proof of 2^53', 'bad-proof', (text) => text.replace(/("proof": )\d+/, '$19007199254740992')],
  ['another proof', 'high-hash', wrongProof],
  ['no transactions', 'bad-transactions', (text) => text.replace(`[${REWARD}]`, 'null')],
  ['a transaction in words', 'bad-transaction-type', (text) => text.replace(REWARD, '"pay"')],
  ['an empty transaction', 'bad-transaction-keys', (text) => text.replace(REWARD, '{}')],
  ['a sender who is a number', 'bad-sender', (text) => text.replace('"0"}', '0}')],
  [
    'a long recipient',
    'bad-recipient',
    (text) => text.replace('miner-0', 'x'.repeat(MAX_PARTY_CHARS + 1)),
  ],
  ['an amount in words', 'bad-amount', (text) => text.replace(REWARD, PAY.replace('1', '"1"'))],
  [
    'a megabyte of transactions',
    'bad-blk-length',
    (text) =>
      text.replace(
        REWARD,
        Array(Math.ceil(MAX_BLOCK_BYTES / PAY.length))
          .fill(PAY)
          .join(','),
      ),
  ],
  ['a short link', 'bad-previous-hash', (text) => text.replace(/[0-9a-f]{64}/, 'abc')],
  [
    'a link in capitals',
    'bad-previous-hash',
    (text) => text.replace(/[0-9a-f]{64}/, (h) => h.toUpperCase().replace(/\d/, 'A')),
  ],
  [
    'a link to another block',
    'bad-previous-hash',
    (text) => text.replace(/[0-9a-f]{64}/, (h) => [...h].reverse().join('')),
  ],
]

/** With the last block's proof there is none for the next: so a proof that is wrong for sure. */
function wrongProof(text: string): string {
  const parent = CHAIN[BAD - 2]
  if (parent === undefined) throw new Error('a block before')
  for (let proof = 0; ; proof++) {
    const changed = text.replace(/("proof": )\d+/, `$1${proof}`)
    try {
      const { header } = EASY.rules.decodeBlock(parseJson(changed))
      EASY.rules.checkPlace(header, pastOf(parent.header))
    } catch {
      return changed
    }
  }
}

/** Our node with so many blocks, and a peer with these texts that honours the query or does not. */
function attempt(texts: readonly string[], { ours, honours }: { ours: number; honours: boolean }) {
  const body = (path: string) => {
    const { from, limit } = honours ? questionOf(path) : { from: 1, limit: texts.length }
    const part = texts.slice(from - 1, from - 1 + limit)
    return `{"chain": [${part.join(', ')}], "length": ${texts.length}}`
  }
  const network = new Network({ 'evil:1': saying(body) })
  give(network.chain, CHAIN.slice(0, ours))
  const { report } = network.resolve()
  return { network, said: report.map(verdictOf), entry: report[0] }
}

/** Our node has the blocks that it had before, and no others beside them. */
function expectNothingOf(network: Network, ours: number) {
  expect(network.chain.tip.hash).toBe(CHAIN[ours - 1]?.header.hash)
  expect(network.store.sideTips(9)).toEqual([])
  expect(network.store.sideBytes()).toBe(0)
}

const WAYS = [
  { ours: 10, honours: true },
  { ours: 10, honours: false },
  { ours: 1, honours: true },
  { ours: 1, honours: false },
]

describe.each(WAYS)('a bad block after our $ours, the query honoured: $honours', (way) => {
  it.each(BAD_BLOCKS)(
    'with %s breaks %s, and nothing of the valid ones before it is left',
    (_, code, change) => {
      const texts = TEXTS.map((text, i) => (i === BAD - 1 ? change(text) : text))
      expect(texts[BAD - 1]).not.toBe(TEXTS[BAD - 1])
      const { network, said } = attempt(texts, way)
      expect(said).toEqual([`invalid ${code} at ${BAD}`])
      expectNothingOf(network, way.ours)
    },
  )

  it('is refused where a block is left out or comes twice', () => {
    const gap = TEXTS.filter((_, i) => i !== BAD - 1)
    const twice = [...TEXTS.slice(0, BAD), ...TEXTS.slice(BAD - 1)]
    for (const [texts, at] of [
      [gap, BAD],
      [twice, BAD + 1],
    ] as const) {
      const { network, said } = attempt(texts, way)
      expect(said).toEqual([`invalid bad-index at ${at}`])
      expectNothingOf(network, way.ours)
    }
  })

  it('is named with what was expected and what came', () => {
    const texts = TEXTS.map((text, i) =>
      i === BAD - 1 ? text.replace(/[0-9a-f]{64}/, 'f'.repeat(64)) : text,
    )
    const { entry, network } = attempt(texts, way)
    // A part may be of two moments, so it is asked for twice more; a whole chain is of one.
    expect(network.asks).toHaveLength(way.ours > 1 && way.honours ? 2 : 1)
    expect(entry?.problem).toMatchObject({
      type: 'invalid',
      block: BAD,
      error: {
        code: 'bad-previous-hash',
        data: { expected: CHAIN[BAD - 2]?.header.hash, got: 'f'.repeat(64) },
      },
    })
  })
})

describe('a bad genesis', () => {
  it.each([
    ['proof', genesis.text.replace('"proof": 100', '"proof": 101')],
    ['link', genesis.text.replace('"previous_hash": "1"', '"previous_hash": 1')],
    ['transactions', genesis.text.replace('"transactions": []', `"transactions": [${PAY}]`)],
  ])('in its %s is refused as block 1', (_, text) => {
    for (const ours of [1, 10]) {
      const { network, said } = attempt([text, ...TEXTS.slice(1)], { ours, honours: false })
      expect(said).toEqual(['invalid bad-genesis at 1'])
      expect(network.chain.length).toBe(ours)
    }
  })
})

describe('an index that is wrong', () => {
  it('in a whole chain breaks its rule', () => {
    const texts = TEXTS.map((text, i) =>
      i === BAD - 1 ? text.replace('"index": 13', '"index": 14') : text,
    )
    for (const way of WAYS.filter(({ honours }) => !honours)) {
      expect(attempt(texts, way).said).toEqual([`invalid bad-index at ${BAD}`])
    }
  })

  it.each(['0', '-13', '1.5', '"13"', '9007199254740992'])(
    'because it is %s breaks its rule',
    (index) => {
      const texts = TEXTS.map((text, i) =>
        i === BAD - 1 ? text.replace('"index": 13', `"index": ${index}`) : text,
      )
      for (const way of WAYS)
        expect(attempt(texts, way).said).toEqual([`invalid bad-index at ${BAD}`])
    },
  )
})

describe('a bad block at our own height', () => {
  it('is refused there, and changes nothing', () => {
    const texts = TEXTS.map((text, i) => (i === 9 ? text.replace(/("proof": )\d+/, '$1-1') : text))
    const { network, said } = attempt(texts, { ours: 10, honours: true })
    expect(said).toEqual(['invalid bad-proof at 10'])
    expect(network.chain.tip.hash).toBe(CHAIN[9]?.header.hash)
  })
})

describe('an empty chain', () => {
  it('is refused by who has no more than a genesis', () => {
    expect(attempt([], { ours: 1, honours: true }).said).toEqual(['invalid empty-chain at 0'])
  })

  it('is wrong for all others too, asked with a query and without', () => {
    const { network, said } = attempt([], { ours: 10, honours: true })
    expect(said).toEqual(['invalid empty-chain at 0'])
    expect(network.paths()).toEqual(['/chain?from=10&limit=200', '/chain'])
  })
})
