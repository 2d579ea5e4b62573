import { expect, it } from 'vitest'
import { formatJson, JsonObject, parseJson, plainJson } from '../../src/core/json.ts'
import { CLASSIC } from '../../src/core/spec.ts'
import { describeShared, sharedVector } from '../helpers/vectors.ts'
import { outcome } from './thrown.ts'

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
