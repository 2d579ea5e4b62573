/** The list of a block's checks is whole, in order, and says of each what is true. */
import { describe, expect, it } from 'vitest'
import type { Header } from '../../src/core/block.ts'
import { type Check, pastOf } from '../../src/core/checks.ts'
import type { Consensus } from '../../src/core/consensus.ts'
import { AssertionError } from '../../src/core/errors.ts'
import { examine } from '../../src/core/examine.ts'
import { type Json, JsonObject, parseJson } from '../../src/core/json/json.ts'
import { MAX_BLOCK_BYTES, MAX_NUMBER_CHARS, MAX_PARTY_CHARS } from '../../src/core/limits.ts'
import { puzzleDigest, search } from '../../src/core/puzzle.ts'
import { CLASSIC, type Spec, TOYCHAIN_PY, withDifficulty } from '../../src/core/spec.ts'
import { fc } from '../helpers/fast-check.ts'
import {
  blockText,
  type Fields,
  genesisText,
  SOME_HASH,
  transactionsOfBytes,
  transactionText,
} from './classic/texts.ts'
import { jsonValue } from './json/json-arbitraries.ts'
import { outcome } from './thrown.ts'

const SPECS = [withDifficulty(CLASSIC, 2), withDifficulty(TOYCHAIN_PY, 2)]

/** A spec with what is right for the block after its genesis, and for a genesis. */
function chainOf(spec: Spec) {
  const { rules } = spec
  const parent = rules.genesis.header
  const puzzle = rules.puzzle(parent)
  const proof = search(puzzle, { from: 0, tries: 100_000 }) ?? 0
  let wrongProof = proof + 1
  while (puzzleDigest(puzzle, wrongProof).startsWith('00')) wrongProof++
  const link = rules.genesis.text.includes('"previous_hash": 1,') ? '1' : '"1"'
  return {
    rules,
    parent,
    wrongProof,
    later: (fields: Fields = {}) =>
      blockText({ previous_hash: `"${parent.hash}"`, proof: String(proof), ...fields }),
    genesis: (fields: Fields = {}) => genesisText({ previous_hash: link, ...fields }),
  }
}

type Chain = ReturnType<typeof chainOf>

function examined({ rules }: Chain, text: string, parent: Header | undefined) {
  const { checks, error, block } = examine(rules, parseJson(text), pastOf(parent))
  const named = (of: string) =>
    checks.filter((check) => check.outcome === of).map(({ step, code }) => `${step}:${code}`)
  return {
    block,
    error,
    all: checks.map(({ step, code }) => `${step}:${code}`),
    passed: named('passed'),
    failed: named('failed'),
    unreached: named('not-reached'),
  }
}

const digits = (count: number) => '1'.repeat(count)
const name = (count: number) => `"${'x'.repeat(count)}"`
const transactions = (fields: Fields) => `[${transactionText()}, ${transactionText(fields)}]`

/** By check: a block's text that fails it, and could be right in all that comes before. */
type Faults = Readonly<Record<string, string>>

function formFaults(make: (fields?: Fields) => string): Faults {
  return {
    'header:bad-block-type': '[]',
    'header:bad-block-keys': make({ nonce: '1' }),
    'header:bad-index': make({ index: '0' }),
    'header:bad-timestamp': make({ timestamp: '1e400' }),
    'header:bad-proof': make({ proof: '7.0' }),
    'header:bad-transactions': make({ transactions: '{}' }),
    'header:bad-transaction-type': make({ transactions: `[${transactionText()}, 7]` }),
    'header:bad-transaction-keys': make({ transactions: transactions({ fee: '1' }) }),
    'header:bad-sender': make({
      transactions: transactions({ sender: name(MAX_PARTY_CHARS + 1) }),
    }),
    'header:bad-recipient': make({ transactions: transactions({ recipient: 'null' }) }),
    'header:bad-amount': make({ transactions: transactions({ amount: digits(401) }) }),
  }
}

function laterFaults({ later, wrongProof }: Chain): Faults {
  const bytes = MAX_BLOCK_BYTES - later().length + '[]'.length
  return {
    ...formFaults(later),
    'header:bad-previous-hash': later({ previous_hash: '"1"' }),
    'header:bad-blk-length': later({ transactions: `[${transactionsOfBytes(bytes).join(', ')}]` }),
    'place:bad-index': later({ index: '3' }),
    'place:bad-previous-hash': later({ previous_hash: `"${SOME_HASH}"` }),
    'place:high-hash': later({ proof: String(wrongProof) }),
  }
}

function genesisFaults({ genesis }: Chain): Faults {
  return {
    ...formFaults(genesis),
    'header:bad-genesis': genesis({ proof: '101' }),
    'place:bad-index': genesis(),
  }
}

describe.each(SPECS)('the checks of a block of $name', (spec) => {
  const chain = chainOf(spec)
  const { rules, parent } = chain
  const codes = (of: 'genesis' | 'later') => names(checksOf(rules, of))

  it('are all passed by a good block, and by a genesis', () => {
    const later = examined(chain, chain.later(), parent)
    expect(later).toMatchObject({ error: undefined, failed: [], unreached: [] })
    expect(later.passed).toEqual(codes('later'))
    const genesis = examined(chain, chain.genesis(), undefined)
    expect(genesis).toMatchObject({ error: undefined, failed: [], unreached: [] })
    expect(genesis.passed).toEqual(codes('genesis'))
  })

  it.each(codes('later'))('can fail at %s, with all before it passed', (check) => {
    const result = examined(chain, laterFaults(chain)[check] ?? '', parent)
    const at = result.all.indexOf(check)
    expect(result.failed).toEqual([check])
    expect(result.passed).toEqual(result.all.slice(0, at))
    expect(result.unreached).toEqual(result.all.slice(at + 1))
    expect(`${check.split(':')[0]}:${result.error?.code}`).toBe(check)
    expect(result.block === undefined).toBe(check.startsWith('header'))
  })

  it.each(codes('genesis').filter((check) => check !== 'header:bad-blk-length'))(
    'of a genesis can fail at %s, with all before it passed',
    (check) => {
      // A good genesis is at the wrong place wherever a block is before it.
      const before = check === 'place:bad-index' ? parent : undefined
      const result = examined(chain, genesisFaults(chain)[check] ?? '', before)
      const at = codes('genesis').indexOf(check)
      // Without an index of 1 it is no genesis, and the list is that of other blocks.
      const all = result.all.includes('header:bad-genesis') ? codes('genesis') : codes('later')
      expect(result.failed).toEqual([check])
      expect(result.passed).toEqual(all.slice(0, at))
      expect(result.unreached).toEqual(all.slice(at + 1))
    },
  )

  it('leave no genesis that is too long: its longest timestamp is far below the limit', () => {
    const longest = chain.genesis({ timestamp: digits(MAX_NUMBER_CHARS) })
    expect(examined(chain, longest, undefined).failed).toEqual([])
    expect(longest.length).toBeLessThan(MAX_BLOCK_BYTES / 1_000)
  })

  it('refuse a later block with none before it by its index', () => {
    expect(examined(chain, chain.later(), undefined).failed).toEqual(['place:bad-index'])
  })

  it('do not count as passed what a transaction after the one at fault would fail', () => {
    const two = (first: string, second: string) =>
      examined(chain, chain.later({ transactions: `[${first}, ${second}]` }), parent)
    const badAmount = transactionText({ amount: '"1"' })

    const known = two(badAmount, transactionText())
    expect(known.failed).toEqual(['header:bad-amount'])
    expect(known.passed).toContain('header:bad-sender')

    const doubtful = two(badAmount, transactionText({ sender: '1' }))
    expect(doubtful.failed).toEqual(['header:bad-amount'])
    expect(doubtful.passed.at(-1)).toBe('header:bad-transaction-keys')
    expect(doubtful.unreached).toEqual(
      expect.arrayContaining([
        'header:bad-sender',
        'header:bad-recipient',
        'header:bad-blk-length',
      ]),
    )
  })

  it('say the same as the node, of any block', () => {
    const keys = ['index', 'timestamp', 'proof', 'previous_hash', 'transactions']
    fc.assert(
      fc.property(
        fc.constantFrom(chain.later(), chain.genesis()),
        fc.constantFrom(...keys),
        jsonValue,
        fc.constantFrom(parent, undefined),
        (text, key, value, before) => {
          const changed = withField(parseJson(text), key, value)
          const verdict = outcome(() => {
            rules.checkPlace(rules.decodeBlock(changed).header, pastOf(before))
          })
          expect(examine(rules, changed, pastOf(before)).error?.code ?? 'accepted').toBe(verdict)
        },
      ),
    )
  })
})

describe("classic's checks", () => {
  const { rules } = CLASSIC

  it('are these, in this order', () => {
    expect(names(checksOf(rules, 'later'))).toEqual([
      'header:bad-block-type',
      'header:bad-block-keys',
      'header:bad-index',
      'header:bad-timestamp',
      'header:bad-proof',
      'header:bad-previous-hash',
      'header:bad-transactions',
      'header:bad-transaction-type',
      'header:bad-transaction-keys',
      'header:bad-sender',
      'header:bad-recipient',
      'header:bad-amount',
      'header:bad-blk-length',
      'place:bad-index',
      'place:bad-previous-hash',
      'place:high-hash',
    ])
    const form = names(checksOf(rules, 'later')).slice(0, 5)
    expect(names(checksOf(rules, 'genesis'))).toEqual([
      ...form,
      'header:bad-transactions',
      'header:bad-transaction-type',
      'header:bad-transaction-keys',
      'header:bad-sender',
      'header:bad-recipient',
      'header:bad-amount',
      'header:bad-genesis',
      'header:bad-blk-length',
      'place:bad-index',
    ])
  })

  it('each say where they come from', () => {
    for (const { source } of rules.checks) expect(source).toMatch(/\w{4}/)
  })

  it('are each there once', () => {
    for (const of of ['genesis', 'later'] as const) {
      const all = names(checksOf(rules, of))
      expect(new Set(all).size).toBe(all.length)
    }
  })

  it('lets errors of ours pass, as no fault of a block', () => {
    const broken = {
      ...rules,
      decodeBlock(): never {
        throw new AssertionError('ours')
      },
    }
    expect(() => examine(broken, null, pastOf(undefined))).toThrow(AssertionError)
  })
})

function checksOf({ checks }: Consensus, of: 'genesis' | 'later'): readonly Check[] {
  return checks.filter((check) => check.of === of || check.of === 'every')
}

function names(checks: readonly Check[]): string[] {
  return checks.map(({ step, code }) => `${step}:${code}`)
}

function withField(json: Json, name: string, value: Json): Json {
  if (!(json instanceof JsonObject)) return json
  return new JsonObject(json.entries.map(([key, old]) => [key, key === name ? value : old]))
}
