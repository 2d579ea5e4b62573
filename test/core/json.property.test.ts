import { describe, expect, it } from 'vitest'
import { DecodeError } from '../../src/core/errors.ts'
import { formatJson, parseJson, plainJson } from '../../src/core/json.ts'
import { fc } from './fast-check.ts'
import { damaged, jsonText, jsonValue, numberToken, stringToken } from './json-arbitraries.ts'
import { outcome } from './thrown.ts'

function builtInAccepts(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe('parseJson and formatJson', () => {
  it('read back as the same value what they printed', () => {
    fc.assert(
      fc.property(jsonValue, (value) => {
        expect(parseJson(formatJson(value))).toStrictEqual(value)
      }),
      { numRuns: 300 },
    )
  })

  it('print one text for a value: printing it again changes nothing', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        const once = formatJson(parseJson(text))
        expect(formatJson(parseJson(once))).toBe(once)
      }),
      { numRuns: 300 },
    )
  })

  it('print what JSON.stringify prints, where that loses nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value)
        expect(formatJson(parseJson(text))).toBe(text)
      }),
      { numRuns: 300 },
    )
  })
})

describe('parseJson beside JSON.parse', () => {
  it('reads the same value out of any JSON text', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        expect(plainJson(parseJson(text))).toEqual(JSON.parse(text))
      }),
      { numRuns: 500 },
    )
  })

  it('accepts and refuses the same texts, never with another error', () => {
    let refused = 0
    const runs = 3_000
    fc.assert(
      fc.property(damaged(jsonText), (text) => {
        const accepted = builtInAccepts(text)
        if (!accepted) refused++
        expect(outcome(() => parseJson(text))).toBe(accepted ? 'accepted' : 'json-syntax')
      }),
      { numRuns: runs },
    )
    // The property would be idle if the damage never or always showed.
    expect(refused).toBeGreaterThan(runs / 10)
    expect(refused).toBeLessThan(runs)
  })

  it('refuses every text that was cut short', () => {
    fc.assert(
      fc.property(jsonText, fc.double({ min: 0, max: 1, noNaN: true }), (text, share) => {
        const cut = `[${text}`.slice(0, 1 + Math.floor(share * text.length))
        expect(outcome(() => parseJson(cut))).toBe('json-syntax')
      }),
      { numRuns: 300 },
    )
  })

  it('points at an offset inside the text', () => {
    fc.assert(
      fc.property(damaged(jsonText), (text) => {
        try {
          parseJson(text)
        } catch (error) {
          if (!(error instanceof DecodeError)) throw error
          expect(error.data.at).toBeGreaterThanOrEqual(0)
          expect(error.data.at).toBeLessThanOrEqual(text.length)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('reads the same texts and numbers, token by token', () => {
    fc.assert(
      fc.property(stringToken, numberToken, (string, number) => {
        expect(parseJson(string)).toBe(JSON.parse(string))
        expect(plainJson(parseJson(number))).toBe(JSON.parse(number))
      }),
      { numRuns: 1_000 },
    )
  })
})
