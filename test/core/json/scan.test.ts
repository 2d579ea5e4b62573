import { describe, expect, it } from 'vitest'
import { ElementScanner } from '../../../src/core/json/scan.ts'
import { MAX_BLOCK_BYTES, MAX_BLOCK_VALUES, MAX_JSON_DEPTH } from '../../../src/core/limits.ts'
import { fc } from '../../helpers/fast-check.ts'
import { outcome } from '../thrown.ts'
import { damaged, fraction, jsonText, stringToken } from './json-arbitraries.ts'
import { inChunks, readWhole, scanned } from './scanned.ts'

describe('ElementScanner', () => {
  it.each([
    ['an array', '[1, {"a": []}, "x"]', ['1', '{"a":[]}', '"x"']],
    ['a /chain answer', '{"chain": [1, 2], "length": 2}', ['1', '2']],
    ['an answer with the array last', '{"length": 2, "chain": [1, 2]}', ['1', '2']],
    ['an empty array', ' [ ] ', []],
    ['an answer with an empty array', '{"chain" : [\r\n\t ]}', []],
    ['space around every token', ' { "chain" : [ 1 , [ 2 ] ] , "a" : 3 } ', ['1', '[2]']],
    ['a number at the end', '[1,2]', ['1', '2']],
    ['arrays under other keys before it', '{"a": [1], "b": {"c": [2]}, "chain": [3]}', ['3']],
    ['arrays under other keys after it', '{"chain": [3], "a": [1, [2]]}', ['3']],
    ['the key deeper before it', '{"a": {"chain": [1]}, "chain": [2]}', ['2']],
    ['the key in an array before it', '{"a": [{"chain": [1]}], "chain": [2]}', ['2']],
    ['the key as a text before it', '{"a": "chain", "chain": [2]}', ['2']],
    [
      'the key in the elements',
      '[{"chain": [1]}, {"chain": [2]}]',
      ['{"chain":[1]}', '{"chain":[2]}'],
    ],
    [
      'brackets and commas in texts',
      '{"a": "[]],{", "chain": ["],[", "}{", ","]}',
      ['"],["', '"}{"', '","'],
    ],
    [
      'escaped quotes and backslashes',
      String.raw`["\"]", "\\", "\\\"],"]`,
      ['"\\"]"', '"\\\\"', '"\\\\\\"],"'],
    ],
    ['a key that ends like it', '{"blockchain": [1], "chain": [2]}', ['2']],
    ['a key that has it behind a quote', String.raw`{"a\"chain": [1], "chain": [2]}`, ['2']],
    ['the key written with an escape', String.raw`{"ch\u0061in": [1]}`, ['1']],
    ['a key that is longer by a space', '{"chain ": [1], "chain": [2]}', ['2']],
  ])('reads %s', (_, text, elements) => {
    expect(scanned([text])).toEqual(elements)
    expect(scanned([...text])).toEqual(elements)
  })

  it.each([
    ['no text', ''],
    ['space only', '  '],
    ['a number', '1'],
    ['a text', '"[1]"'],
    ['an object without the key', '{"a": [1]}'],
    ['an empty object', '{}'],
    ['an object where the key has no array', '{"chain": {"a": [1]}}'],
    ['an object where the key is null', '{"chain": null}'],
    ['the key only in an inner object', '{"a": {"chain": [1]}}'],
    ['a key that has it behind a quote', String.raw`{"a\"chain": [1]}`],
    ['a comma at the end', '[1,]'],
    ['a comma at the start', '[,1]'],
    ['a comma alone', '[,]'],
    ['two commas', '[1,,2]'],
    ['space between two commas', '[1, ,2]'],
    ['a comma after the array', '{"chain": [1],}'],
    ['two arrays', '[1][2]'],
    ['two arrays with a comma', '[1],[2]'],
    ['text after the end', '[1] x'],
    ['text after the object', '{"chain": [1]} x'],
    ['text before the start', 'x [1]'],
    ['an array cut short', '[1'],
    ['an array cut short after a comma', '[1,'],
    ['an array cut short in a text', '["a'],
    ['an array cut short in an object', '[{"a": 1'],
    ['an object cut short after the array', '{"chain": [1]'],
    ['an object cut short before the array', '{"chain": '],
    ['a wrong bracket at the end', '[1}'],
    ['a wrong bracket in an element', '[{"a": 1], 2]'],
    ['a wrong bracket after the array', '{"chain": [1]]'],
    ['brackets closed before they open', ']}[1]'],
    ['no colon', '{"chain" [1]}'],
    ['two colons', '{"chain":: [1]}'],
    ['a value between colon and array', '{"chain": 1 [1]}'],
    ['no quotes around the key', '{chain: [1]}'],
    ['a byte order mark', '\ufeff[1]'],
    ['a no-break space before the array', '{"chain":\u00a0[1]}'],
    ['a no-break space in an empty array', '[\u00a0]'],
    ['a line separator in an empty array', '{"chain": [\u2028]}'],
    ['a no-break space beside an element', '[1,\u00a02]'],
    ['an element that is no JSON', '[1, x]'],
    ['two elements without a comma', '[1 2]'],
    ['an unknown escape in another key', String.raw`{"\x": 1, "chain": [1]}`],
  ])('refuses %s', (_, text) => {
    expect(scanned([text])).toBe('json-syntax')
    expect(scanned([...text])).toBe('json-syntax')
  })

  it.each([
    '{"chain": [1], "chain": [2]}',
    '{"chain": [1], "chain": 2}',
    '{"chain": [], "chain": [1]}',
    String.raw`{"chain": [1], "ch\u0061in": [2]}`,
  ])('refuses %s: the last of repeated keys counts, and the first is gone by then', (text) => {
    expect(scanned([text])).toBe('json-syntax')
  })

  it('looks for the key that it was given', () => {
    expect(scanned(['{"chain": [1], "blocks": [2]}'], { key: 'blocks' })).toEqual(['2'])
    expect(scanned(['{"a\\"b": [1]}'], { key: 'a"b' })).toEqual(['1'])
  })

  it('gives each element as soon as the text completes it', () => {
    const scanner = new ElementScanner('chain', { maxElementChars: 100 })
    expect([...scanner.push('{"chain": [{"a"')]).toEqual([])
    expect([...scanner.push(': 1}')]).toEqual([])
    expect([...scanner.push(', 2, 3')]).toEqual(['{"a": 1}', ' 2'])
    expect([...scanner.push('4')]).toEqual([])
    expect([...scanner.push(']')]).toEqual([' 34'])
    expect([...scanner.push('}')]).toEqual([])
    expect(outcome(() => scanner.end())).toBe('accepted')
  })

  it('joins a text, an escape and a pair of surrogates that a chunk splits', () => {
    expect(scanned(['["a', 'b\\', '"\\u00', '41', '\ud83d', '\ude00"', ']'])).toEqual([
      '"ab\\"A😀"',
    ])
  })

  it.each([1, 3, 1_000])('accepts an element of the most characters, chunks of %d', (size) => {
    const element = `"${'x'.repeat(98)}"`
    const limit = { maxElementChars: 100 }
    expect(scanned(inChunks(`[${element},${element}]`, size), limit)).toHaveLength(2)
  })

  it.each([1, 3, 1_000])('refuses an element of one character more, chunks of %d', (size) => {
    const element = `"${'x'.repeat(99)}"`
    const limit = { maxElementChars: 100 }
    expect(scanned(inChunks(`[1,${element}]`, size), limit)).toBe('json-syntax')
    expect(scanned(inChunks(`[1,${element}`, size), limit)).toBe('json-syntax')
  })

  it('refuses an element that never ends once it is too long, not at the end', () => {
    const scanner = new ElementScanner('chain', { maxElementChars: 100 })
    expect([...scanner.push(`[${'x'.repeat(100)}`)]).toEqual([])
    expect(outcome(() => [...scanner.push('x')])).toBe('json-syntax')
  })

  it.each([1_000, 1_000_000])(
    'accepts 65,536 characters around the array and refuses one more, chunks of %d',
    (size) => {
      const frame = (chars: number) => {
        const around = '{"a": "", "chain": [], "b": ""}'.length
        const half = Math.floor((chars - around) / 2)
        const before = 'x'.repeat(half)
        return `{"a": "${before}", "chain": [1], "b": "${'x'.repeat(chars - around - half)}"}`
      }
      expect(scanned(inChunks(frame(65_536), size))).toEqual(['1'])
      expect(scanned(inChunks(frame(65_537), size))).toBe('json-syntax')
    },
  )

  it('does not count the elements to what is around the array', () => {
    const element = `"${'x'.repeat(998)}"`
    const text = `[${Array(100).fill(element).join(',')}]`
    expect(scanned(inChunks(text, 4_096))).toHaveLength(100)
  })

  it(`gives each element the whole depth of ${MAX_JSON_DEPTH}, wherever the array stands`, () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    for (const around of [
      (element: string) => `[${element}]`,
      (e: string) => `{"chain": [${e}]}`,
    ]) {
      expect(scanned([around(nested(64))])).toEqual([nested(64)])
      expect(scanned([around(nested(65))])).toBe('json-depth')
    }
  })

  it('refuses what is around the array beyond the depth limit', () => {
    const nested = (depth: number) =>
      `{"a": ${'['.repeat(depth)}${']'.repeat(depth)}, "chain": [1]}`
    expect(scanned([nested(63)])).toEqual(['1'])
    expect(scanned([nested(64)])).toBe('json-depth')
  })
})

const array = fc.array(jsonText, { maxLength: 4 }).map((items) => `[${items.join(',')}]`)

const keyToken = fc.oneof(
  { arbitrary: fc.constant('"chain"'), weight: 4 },
  { arbitrary: stringToken, weight: 2 },
  {
    arbitrary: fc.constantFrom(
      String.raw`"ch\u0061in"`,
      String.raw`"a\"chain"`,
      String.raw`"\\\"chain"`,
      '"blockchain"',
      '"chain "',
      '"Chain"',
    ),
    weight: 1,
  },
)

const member = fc
  .tuple(keyToken, fc.constantFrom(':', ' : ', ':\n'), fc.oneof(array, jsonText))
  .map((parts) => parts.join(''))

/** What a node might answer: mostly an object, the array mostly under the right key. */
const answer = fc.oneof(
  { arbitrary: fc.array(member, { maxLength: 4 }).map((m) => `{${m.join(',')}}`), weight: 3 },
  {
    arbitrary: fc
      .tuple(fc.array(member, { maxLength: 2 }), array, fc.array(member, { maxLength: 2 }))
      .map(
        ([before, blocks, after]) => `{${[...before, `"chain": ${blocks}`, ...after].join(',')}}`,
      ),
    weight: 3,
  },
  { arbitrary: array, weight: 2 },
  { arbitrary: jsonText, weight: 1 },
)

/** Cuts a text at random places; `shares` are fractions of its length. */
function cut(text: string, shares: readonly number[]): string[] {
  const places = shares.map((share) => Math.floor(share * text.length)).sort((a, b) => a - b)
  return [0, ...places].map((from, i) => text.slice(from, places[i] ?? text.length))
}

const shares = fc.array(fraction, { maxLength: 8 })

describe('ElementScanner beside parseJson', () => {
  it('gives the same elements of the same texts, and refuses the others', () => {
    let accepted = 0
    const runs = 1_500
    fc.assert(
      fc.property(answer, shares, (text, shares) => {
        const whole = readWhole(text)
        if (whole !== 'json-syntax') accepted++
        expect(scanned(cut(text, shares))).toEqual(whole)
      }),
      { numRuns: runs },
    )
    // The property would be idle if all texts had one verdict.
    expect(accepted).toBeGreaterThan(runs / 4)
    expect(accepted).toBeLessThan(runs)
  })

  it('gives the same verdict over damaged texts', () => {
    let accepted = 0
    const runs = 4_000
    fc.assert(
      fc.property(damaged(answer), shares, (text, shares) => {
        const whole = readWhole(text)
        if (whole !== 'json-syntax') accepted++
        expect(scanned(cut(text, shares))).toEqual(whole)
      }),
      { numRuns: runs },
    )
    expect(accepted).toBeGreaterThan(runs / 50)
    expect(accepted).toBeLessThan(runs / 2)
  })

  it('gives the same over any text of brackets, commas, quotes and the key', () => {
    const pieces = fc.constantFrom('[', ']', '{', '}', ',', ':', '"chain"', '"a"', '1', ' ', '"\\"')
    const soup = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(soup, shares, (text, shares) => {
        expect(scanned(cut(text, shares))).toEqual(readWhole(text))
      }),
      { numRuns: 4_000 },
    )
  })
})

describe('the values of an element', () => {
  const scan = (text: string) => [
    ...new ElementScanner('chain', { maxElementChars: 1_000, maxElementValues: 3 }).push(text),
  ]

  it('are as many as the limit, told by its commas, and not one more', () => {
    const elements = ['[1,2,3,4]', '{"a":"1,2,3,4,5","b":[1,2],"c":2}']
    expect(scan(`[${elements.join()}]`)).toEqual(elements)
    expect(outcome(() => scan('[[1,2,3,4,5]]'))).toBe('json-syntax')
    expect(outcome(() => scan('[[[1,2],[3,4],5]]'))).toBe('json-syntax')
  })

  it('let a full block of the smallest transactions through', () => {
    const transaction = '{"amount": 1, "recipient": "", "sender": ""}'
    const count = Math.floor(MAX_BLOCK_BYTES / transaction.length)
    const block = `{"transactions": [${Array(count).fill(transaction).join(', ')}]}`
    const scanner = new ElementScanner('chain', { maxElementChars: 2 * MAX_BLOCK_BYTES })
    expect([...scanner.push(`[${block}]`)]).toEqual([block])
    expect(3 * count).toBeLessThan(MAX_BLOCK_VALUES)
  })
})
