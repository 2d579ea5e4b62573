/** json.ts beside JSON.parse on random texts, and on two published collections of awkward ones. */
import { describe, expect, it } from 'vitest'
import { DecodeError } from '../../../src/core/errors.ts'
import { formatJson, JsonObject, parseJson, plainJson } from '../../../src/core/json/json.ts'
import { CLASSIC } from '../../../src/core/spec.ts'
import { fc } from '../../helpers/fast-check.ts'
import { describeShared, sharedVector } from '../../helpers/vectors.ts'
import { outcome } from '../thrown.ts'
import {
  damaged,
  fraction,
  jsonText,
  jsonValue,
  numberToken,
  stringToken,
} from './json-arbitraries.ts'

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
      fc.property(jsonText, fraction, (text, share) => {
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

interface Sample {
  readonly name: string
  readonly text: string
}

const DEEPER_THAN_OURS = [
  'i_structure_500_nested_arrays.json',
  'n_structure_100000_opening_arrays.json',
  'n_structure_open_array_object.json',
]

describeShared('JSON Parsing Test Suite', () => {
  function samples(kind: 'y_' | 'n_' | 'i_' | ''): Sample[] {
    const { parsing }: { parsing: { name: string; base64: string }[] } = JSON.parse(
      sharedVector('badinputs/json_test_suite.json'),
    )
    return parsing
      .filter(({ name }) => name.startsWith(kind))
      .map(({ name, base64 }) => {
        const bytes = Buffer.from(base64, 'base64')
        // As a body or a file reaches the reader: decoded, a byte order mark kept.
        return { name, text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) }
      })
  }

  it('accepts all that it must accept', () => {
    const must = samples('y_')
    expect(must).toHaveLength(49)
    for (const { name, text } of must) {
      expect(
        outcome(() => parseJson(text)),
        name,
      ).toBe('accepted')
      expect(plainJson(parseJson(text)), name).toEqual(JSON.parse(text))
    }
  })

  it('refuses all that it must refuse', () => {
    const mustNot = samples('n_')
    expect(mustNot).toHaveLength(89)
    for (const { name, text } of mustNot) {
      const code = DEEPER_THAN_OURS.includes(name) ? 'json-depth' : 'json-syntax'
      expect(
        outcome(() => parseJson(text)),
        name,
      ).toBe(code)
    }
  })

  it('accepts or refuses the rest, but never fails in another way', () => {
    for (const { name, text } of samples('i_')) {
      expect(['accepted', 'json-syntax', 'json-depth'], name).toContain(
        outcome(() => parseJson(text)),
      )
    }
  })

  it("gives JSON.parse's verdict on all that is within our depth", () => {
    for (const { name, text } of samples('')) {
      if (DEEPER_THAN_OURS.includes(name)) continue
      let theirs = 'accepted'
      try {
        JSON.parse(text)
      } catch {
        theirs = 'json-syntax'
      }
      expect(
        outcome(() => parseJson(text)),
        name,
      ).toBe(theirs)
    }
  })

  it('loses nothing of the texts that other parsers transform', () => {
    const { transform }: { transform: { name: string; base64: string }[] } = JSON.parse(
      sharedVector('badinputs/json_test_suite.json'),
    )
    expect(transform).toHaveLength(22)
    for (const { name, base64 } of transform) {
      const text = new TextDecoder().decode(Buffer.from(base64, 'base64'))
      const value = parseJson(text)
      expect(parseJson(formatJson(value)), name).toStrictEqual(value)
      // Repeated keys are the one thing that JSON.parse drops.
      if (!name.startsWith('object_same_key'))
        expect(plainJson(value), name).toEqual(JSON.parse(text))
    }
  })
})

describeShared('the big list of naughty strings', () => {
  function strings(): string[] {
    const list: { strings: string[] } = JSON.parse(sharedVector('badinputs/naughty_strings.json'))
    expect(list.strings).toHaveLength(263)
    return list.strings
  }

  it('goes through formatJson and parseJson unchanged, as values and as keys', () => {
    for (const string of strings()) {
      expect(parseJson(formatJson(string))).toBe(string)
      const object = new JsonObject([[string, string]])
      expect(parseJson(formatJson(object))).toStrictEqual(object)
    }
  })

  it('goes through a transaction unchanged, and its text is printable ASCII', () => {
    for (const string of strings()) {
      const json = parseJson(JSON.stringify({ sender: string, recipient: string, amount: 1 }))
      const transaction = CLASSIC.rules.decodeTransaction(json)
      expect(transaction.sender).toBe(string)
      expect(transaction.text).toMatch(/^[ -~]*$/)
      expect(transaction.key).toMatch(/^[ -~]*$/)
      expect(CLASSIC.rules.decodeTransaction(parseJson(transaction.text))).toEqual(transaction)
    }
  })
})
