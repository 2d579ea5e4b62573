/** canonicalText against Python itself: what CPython printed once, and what one here prints now. */
import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { canonicalText, pythonFloat, pythonNumber } from '../../../src/core/classic/canonical.ts'
import { hashOfText } from '../../../src/core/hash.ts'
import { formatJson, parseJson } from '../../../src/core/json/json.ts'
import { fc } from '../../helpers/fast-check.ts'
import { describeShared, sharedVector } from '../../helpers/vectors.ts'
import { jsonText, jsonValue, numberToken } from '../json/json-arbitraries.ts'

/** Reads JSON texts, one a line; prints each again, the keys sorted. */
const PRINT_AGAIN = `
import json, sys
for line in sys.stdin.buffer.read().decode().split("\\n"):
    print(json.dumps(json.loads(line), sort_keys=True))
`

/** All texts in one call, because starting Python takes longer than printing thousands. */
const texts = {
  values: fc.sample(jsonValue, 1_000).map(formatJson),
  written: fc.sample(jsonText, 1_000).map((text) => text.replace(/\n/g, ' ')),
  huge: fc
    .sample(fc.tuple(numberToken, fc.integer({ min: 290, max: 320 })), 500)
    .map(([token, exponent]) => `${token.replace(/[eE].*$/, '')}e${exponent}`),
}
const { error, status, stdout, stderr } = spawnSync('python3', ['-c', PRINT_AGAIN], {
  input: Object.values(texts).flat().join('\n'),
  encoding: 'utf8',
  maxBuffer: 1 << 26,
})

const reason = error === undefined ? '' : ' (skipped: python3 does not start)'

describe.skipIf(error !== undefined)(`beside python3${reason}`, () => {
  const printed = (stdout ?? '').trimEnd().split('\n')
  const theirs = {
    values: printed.slice(0, 1_000),
    written: printed.slice(1_000, 2_000),
    huge: printed.slice(2_000),
  }

  it('has an answer for each text', () => {
    expect(status, stderr).toBe(0)
    expect(printed).toHaveLength(2_500)
  })

  it('prints any value as json.dumps(value, sort_keys=True) does', () => {
    expect(texts.values.map((text) => canonicalText(parseJson(text)))).toEqual(theirs.values)
  })

  it('prints any text as json.dumps(json.loads(text), sort_keys=True) does', () => {
    expect(texts.written.map((text) => canonicalText(parseJson(text)))).toEqual(theirs.written)
  })

  it('has no text for exactly the numbers that Python reads as infinite', () => {
    const finite = theirs.huge.map((text) => (text.endsWith('Infinity') ? undefined : text))
    expect(texts.huge.map(pythonNumber)).toEqual(finite)
    expect(finite).toContain(undefined)
  })
})

describeShared("CPython's own vectors", () => {
  it('prints every row of python_float_repr.csv', () => {
    const rows = sharedVector('json/python_float_repr.csv')
      .trimEnd()
      .split('\n')
      .filter((line) => /^[0-9a-f]{16},/.test(line))
    expect(rows).toHaveLength(1_802)
    for (const row of rows) {
      const [bits = '', repr = ''] = row.split(',')
      const number = Buffer.from(bits, 'hex').readDoubleBE()
      expect(pythonFloat(number), row).toBe(repr)
      expect(pythonNumber(repr), row).toBe(repr)
    }
  })

  it('prints and hashes every case of python_json_dumps.json', () => {
    interface Case {
      readonly input: string
      readonly dumps_sort_keys: string
      readonly sha256: string
    }
    const { cases }: { cases: Case[] } = JSON.parse(sharedVector('json/python_json_dumps.json'))
    expect(cases).toHaveLength(45)
    for (const { input, dumps_sort_keys, sha256 } of cases) {
      const canonical = canonicalText(parseJson(input))
      expect(canonical, input).toBe(dumps_sort_keys)
      expect(hashOfText(canonical), input).toBe(sha256)
    }
  })
})
