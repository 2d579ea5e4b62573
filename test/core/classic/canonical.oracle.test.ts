/** canonicalText against Python itself: what CPython printed once, and what one here prints now. */
import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { canonicalText, pythonFloat, pythonNumber } from '../../../src/core/classic/canonical.ts'
import { hashOfText } from '../../../src/core/hash.ts'
import { formatJson, type Json, parseJson } from '../../../src/core/json.ts'
import { describeShared, sharedVector } from '../../helpers/vectors.ts'
import { fc } from '../fast-check.ts'
import { jsonText, jsonValue, numberToken } from '../json-arbitraries.ts'

/** Reads JSON texts, one a line; prints each again, the keys sorted. */
const PRINT_AGAIN = `
import json, sys
for line in sys.stdin.buffer.read().decode("utf-8", "surrogatepass").split("\\n"):
    print(json.dumps(json.loads(line), sort_keys=True))
`

function printedByPython(texts: readonly string[]): string[] {
  const { stdout, stderr, status } = spawnSync('python3', ['-c', PRINT_AGAIN], {
    input: texts.join('\n'),
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  expect(status, stderr).toBe(0)
  return stdout.trimEnd().split('\n')
}

const hasPython = spawnSync('python3', ['--version']).status === 0

describe.skipIf(!hasPython)(
  hasPython ? 'beside python3' : 'beside python3 (skipped: there is no python3)',
  () => {
    /** Compares a batch in one call: starting Python takes longer than printing thousands. */
    function compare(texts: readonly string[], ours: (value: Json) => string | undefined): void {
      const theirs = printedByPython(texts)
      expect(theirs).toHaveLength(texts.length)
      for (const [i, text] of texts.entries()) {
        expect(ours(parseJson(text)), text).toBe(theirs[i])
      }
    }

    it('prints any value as json.dumps(value, sort_keys=True) does', () => {
      const values = fc.sample(jsonValue, 1_000)
      compare(values.map(formatJson), canonicalText)
    })

    it('prints any text as json.dumps(json.loads(text), sort_keys=True) does', () => {
      const oneLine = jsonText.map((text) => text.replace(/\n/g, ' '))
      compare(fc.sample(oneLine, 1_000), canonicalText)
    })

    it('has no text for exactly the numbers that Python reads as infinite', () => {
      const huge = fc.tuple(numberToken, fc.integer({ min: 290, max: 320 }))
      const tokens = fc
        .sample(huge, 500)
        .map(([token, exponent]) => `${token.replace(/[eE].*$/, '')}e${exponent}`)
      const theirs = printedByPython(tokens).map((text) =>
        text.endsWith('Infinity') ? undefined : text,
      )
      expect(tokens.map(pythonNumber)).toEqual(theirs)
      expect(theirs).toContain(undefined)
    })
  },
)

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
