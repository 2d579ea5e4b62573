import { describe, expect, it } from 'vitest'
import { canonicalText } from '../../../src/core/classic/canonical.ts'
import { JsonObject, parseJson } from '../../../src/core/json/json.ts'
import { addressOf } from '../../../src/core/nakamoto/address.ts'
import { nakamotoRules } from '../../../src/core/nakamoto/rules.ts'
import {
  decodeNakamotoFields,
  NAKAMOTO_FIELDS,
  type NakamotoFields,
  nakamotoFieldsJson,
  nakamotoParameters,
} from '../../../src/core/nakamoto/spec-fields.ts'
import { outcome, refusal } from '../thrown.ts'
import { ALICE, BOB } from './people.ts'

function fieldsOf(text: string): NakamotoFields {
  const json = parseJson(text)
  if (!(json instanceof JsonObject)) throw new Error('no object')
  return decodeNakamotoFields('x', json)
}

function textOf(fields: NakamotoFields): string {
  return canonicalText(nakamotoFieldsJson(fields))
}

function withField(field: string, value: string): string {
  return `{"name": "x", "rules": "nakamoto", "${field}": ${value}}`
}

function chainOf(fields: NakamotoFields): string {
  return nakamotoRules(nakamotoParameters(fields, textOf(fields))).chain
}

const TEXT =
  '{"authority": null, "difficulty": {"spacing_sec": 15, "type": "lwma", "window": 60}, ' +
  '"easiest_bits": "1f00ffff", "genesis": {"allocations": [], "timestamp": 1767225600}, ' +
  '"halving_blocks": 210000, "max_block_bytes": 1000000, "max_future_sec": 60, ' +
  '"name": "nakamoto", "rules": "nakamoto", "salt": "", "subsidy": 50000000}'

describe('the preset nakamoto', () => {
  it('has its text, which data are marked with, and its genesis, which all its nodes share', () => {
    expect(textOf(NAKAMOTO_FIELDS)).toBe(TEXT)
    const { genesis, supply } = nakamotoRules(nakamotoParameters(NAKAMOTO_FIELDS, TEXT))
    expect(genesis.transactions[0]?.text).toContain(`"tag": "${SPEC_HASH}"`)
    expect(supply).toBe(20_999_947_480_000)
  })
})

/** Printed by: printf '%s' 'the text' | sha256sum */
const SPEC_HASH = '28f346509ce6e84c86fac7bd438ce628475da268d18b9bca12fbb5e8231b7fa1'

describe('the fields of a spec', () => {
  it("are nakamoto's where only name and rules are given", () => {
    expect(fieldsOf('{"name": "x", "rules": "nakamoto"}')).toEqual({
      ...NAKAMOTO_FIELDS,
      name: 'x',
    })
  })

  it.each([
    withField('difficulty', '{"type": "fixed"}'),
    withField('difficulty', '{"type": "asert", "spacing_sec": 600, "half_life_sec": 172800}'),
    withField('difficulty', '{"type": "bitcoin", "spacing_sec": 1}'),
    withField('difficulty', '{"type": "lwma", "window": 1000}'),
    withField('easiest_bits', '"207fffff"'),
    withField('max_future_sec', 'null'),
    withField('max_future_sec', '0'),
    withField('halving_blocks', '1'),
    withField('max_block_bytes', '351'),
    withField('subsidy', '0'),
    withField('salt', `"${'s'.repeat(64)}"`),
    withField('authority', `"${ALICE.address}"`),
    withField(
      'genesis',
      `{"timestamp": 4294967295, "allocations": [{"recipient": "${BOB.address}", "amount": 1}]}`,
    ),
  ])('are read from the text that they print: %s', (text) => {
    const fields = fieldsOf(text)
    const printed = textOf(fields)
    expect(fieldsOf(printed)).toEqual(fields)
    expect(textOf(fieldsOf(printed))).toBe(printed)
    expect(chainOf(fields)).not.toBe(chainOf({ ...NAKAMOTO_FIELDS, name: 'x' }))
  })

  it.each([
    ['difficulty', 'difficulty', '4'],
    ['difficulty.type', 'difficulty', '{"type": "none"}'],
    ['difficulty.window', 'difficulty', '{"type": "fixed", "window": 5}'],
    ['difficulty.window', 'difficulty', '{"type": "lwma", "window": 0}'],
    ['difficulty.window', 'difficulty', '{"type": "lwma", "window": 1001}'],
    ['difficulty.spacing_sec', 'difficulty', '{"type": "bitcoin", "spacing_sec": 0}'],
    ['difficulty.half_life_sec', 'difficulty', '{"type": "asert", "half_life_sec": 0.5}'],
    ['easiest_bits', 'easiest_bits', '"00000000"'],
    ['easiest_bits', 'easiest_bits', '"20ffffff"'],
    ['easiest_bits', 'easiest_bits', '"2100007f"'],
    ['easiest_bits', 'easiest_bits', '"1F00FFFF"'],
    ['easiest_bits', 'easiest_bits', '1'],
    ['max_future_sec', 'max_future_sec', '-1'],
    ['max_future_sec', 'max_future_sec', '1000000001'],
    ['subsidy', 'subsidy', '1.5'],
    ['subsidy', 'subsidy', '9007199254740991'],
    ['halving_blocks', 'halving_blocks', '0'],
    ['max_block_bytes', 'max_block_bytes', '350'],
    ['max_block_bytes', 'max_block_bytes', '1000001'],
    ['salt', 'salt', `"${'s'.repeat(65)}"`],
    ['salt', 'salt', 'null'],
    ['authority', 'authority', '"me"'],
    ['genesis', 'genesis', '[]'],
    ['genesis.timestamp', 'genesis', '{"timestamp": 4294967296}'],
    ['genesis.hash', 'genesis', '{"hash": "1"}'],
    ['genesis.allocations', 'genesis', '{"allocations": {}}'],
    ['genesis.allocations[0]', 'genesis', '{"allocations": [1]}'],
    ['genesis.allocations[0].recipient', 'genesis', '{"allocations": [{"amount": 1}]}'],
    [
      'genesis.allocations[0].amount',
      'genesis',
      `{"allocations": [{"recipient": "${BOB.address}"}]}`,
    ],
    [
      'genesis.allocations[0].amount',
      'genesis',
      `{"allocations": [{"recipient": "${BOB.address}", "amount": 0}]}`,
    ],
    ['fee', 'fee', '1'],
  ])('are refused for %s: %s is %s', (field, key, value) => {
    expect(refusal(() => fieldsOf(withField(key, value)))).toMatchObject({
      code: 'bad-spec',
      data: { field },
    })
  })

  it('name each key once, and each account once', () => {
    expect(outcome(() => fieldsOf('{"name": "x", "salt": "a", "salt": "b"}'))).toBe('bad-spec')
    const one = `{"recipient": "${BOB.address}", "amount": 1}`
    const twice = withField('genesis', `{"allocations": [${one}, ${one}]}`)
    expect(refusal(() => fieldsOf(twice))).toMatchObject({
      data: { field: 'genesis.allocations[1].recipient' },
    })
  })

  it('give less than 2^53 units, and a first block that is not too large', () => {
    const giving = (amount: number, bytes = 1_000_000) =>
      `{"name": "x", "subsidy": 0, "max_block_bytes": ${bytes}, ` +
      `"genesis": {"allocations": [{"recipient": "${BOB.address}", "amount": ${amount}}]}}`
    expect(outcome(() => fieldsOf(giving(2 ** 53 - 1)))).toBe('accepted')
    expect(outcome(() => fieldsOf(giving(2 ** 53)))).toBe('bad-spec')
    const many = (count: number) => {
      const recipients = Array.from({ length: count }, (_, i) =>
        addressOf(new Uint8Array(32).fill(i)),
      )
      const list = recipients.map((recipient) => `{"recipient": "${recipient}", "amount": 1}`)
      return `{"name": "x", "max_block_bytes": 371, "genesis": {"allocations": [${list}]}}`
    }
    // 80 + 86 + 5 × 41 bytes.
    expect(outcome(() => fieldsOf(many(5)))).toBe('accepted')
    expect(refusal(() => fieldsOf(many(6)))).toMatchObject({
      data: { field: 'genesis.allocations' },
    })
  })
})
