import { describe, expect, it } from 'vitest'
import { DecodeError } from '../../../src/core/errors.ts'
import {
  formatJson,
  JsonNumber,
  JsonObject,
  jsonNumber,
  parseJson,
  plainJson,
} from '../../../src/core/json/json.ts'
import { MAX_JSON_DEPTH } from '../../../src/core/limits.ts'
import { outcome, refusal } from '../thrown.ts'

function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth)
}

describe('parseJson', () => {
  it('reads null, true, false and texts as themselves', () => {
    expect(parseJson('[null, true, false, "a"]')).toEqual([null, true, false, 'a'])
  })

  it.each(['0', '-0', '10', '10.0', '1e5', '1E+05', '-1.50e-7', '9007199254740993'])(
    'keeps the number %s as it was written',
    (token) => {
      expect(parseJson(token)).toEqual(new JsonNumber(token))
    },
  )

  it.each(['01', '-', '-a', '+1', '1.', '.5', '1e', '1e+', '0x10', '1_000', 'NaN', 'Infinity'])(
    'refuses the number %s',
    (token) => {
      expect(outcome(() => parseJson(token))).toBe('json-syntax')
    },
  )

  it('keeps the order and the repetition of keys', () => {
    const object = parseJson('{"b": 1, "10": 2, "b": 3, "1": 4}')
    if (!(object instanceof JsonObject)) return expect.unreachable()
    expect(object.entries.map(([key]) => key)).toEqual(['b', '10', 'b', '1'])
  })

  it('keeps __proto__ as a key like any other', () => {
    const object = parseJson('{"__proto__": {"admin": true}}')
    if (!(object instanceof JsonObject)) return expect.unreachable()
    expect(object.get('__proto__')).toEqual(new JsonObject([['admin', true]]))
    expect(object.get('admin')).toBeUndefined()
  })

  it('reads every escape of RFC 8259', () => {
    expect(parseJson(String.raw`"\"\\\/\b\f\n\r\tA\u00e9\u00E9\ud83d\ude00"`)).toBe(
      '"\\/\b\f\n\r\tAéé😀',
    )
  })

  it('keeps lone surrogates, and joins a pair wherever its halves were escaped', () => {
    expect(parseJson(String.raw`"\ud800"`)).toBe('\ud800')
    expect(parseJson(String.raw`"\ude00\ud83d"`)).toBe('\ude00\ud83d')
    expect(parseJson('"\ud83d\\ude00"')).toBe('😀')
  })

  it.each([
    String.raw`"\x41"`,
    String.raw`"\u004"`,
    String.raw`"\u00g1"`,
    String.raw`"\u 041"`,
    String.raw`"\U0041"`,
    String.raw`"\toString"`.replace('\\t', '\\'),
    String.raw`"\'"`,
    '"\\',
    String.raw`"\u00`,
  ])('refuses the escape in %s', (text) => {
    expect(outcome(() => parseJson(text))).toBe('json-syntax')
  })

  it('accepts U+0020 and U+007F in a string, and refuses U+001F, before and after an escape', () => {
    expect(parseJson('"\u0020\u007f"')).toBe('\u0020\u007f')
    expect(outcome(() => parseJson('"\u001f"'))).toBe('json-syntax')
    expect(outcome(() => parseJson('"\\n\u001f"'))).toBe('json-syntax')
    expect(outcome(() => parseJson('"\n"'))).toBe('json-syntax')
  })

  it('takes space, tab, line feed and carriage return for space, and nothing else', () => {
    expect(parseJson('\t\r\n [\t\r\n ]\t\r\n ')).toEqual([])
    for (const space of ['\u00a0', '\ufeff', '\u2028', '\v', '\f', '\0']) {
      expect(outcome(() => parseJson(`${space}[]`))).toBe('json-syntax')
      expect(outcome(() => parseJson(`[${space}]`))).toBe('json-syntax')
      expect(outcome(() => parseJson(`[]${space}`))).toBe('json-syntax')
    }
  })

  it.each([
    ['', 0, 'the end'],
    [' ', 1, 'the end'],
    ['[1,]', 3, ']'],
    ['[1', 2, 'the end'],
    ['[1 2]', 3, '2]'],
    ['{"a":1,}', 7, '}'],
    ['{a:1}', 1, 'a:1}'],
    ['{"a" 1}', 5, '1}'],
    ['{"a":1 "b":2}', 7, '"b":2}'],
    ['{"a":1', 6, 'the end'],
    ['{"a":}', 5, '}'],
    ['"abc', 4, 'the end'],
    ['"abc\\n', 6, 'the end'],
    ['"a\\q"', 2, '\\q"'],
    ['["a\tb"]', 3, '\tb"]'],
    ['["\\na\tb"]', 5, '\tb"]'],
    ['tru', 0, 'tru'],
    ['nul', 0, 'nul'],
    ['fals', 0, 'fals'],
    ['[] []', 3, '[]'],
    ['truefalse', 4, 'false'],
  ])('refuses %j and says where', (text, at, got) => {
    const error = refusal(() => parseJson(text))
    expect(error).toBeInstanceOf(DecodeError)
    expect(error).toMatchObject({ code: 'json-syntax', data: { at, got } })
  })

  it('shows at most 20 characters of what it found', () => {
    const { details } = refusal(() => parseJson('?'.repeat(1000)))
    expect(details.got).toBe('?'.repeat(20))
  })

  it(`accepts a depth of ${MAX_JSON_DEPTH} and refuses one more`, () => {
    expect(MAX_JSON_DEPTH).toBe(64)
    expect(outcome(() => parseJson(nested(64)))).toBe('accepted')
    expect(refusal(() => parseJson(nested(65)))).toMatchObject({
      code: 'json-depth',
      data: { at: 64, limit: 64 },
    })
  })

  it('counts objects and arrays alike, and not how many stand side by side', () => {
    const objects = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
    expect(outcome(() => parseJson(objects(64)))).toBe('accepted')
    expect(outcome(() => parseJson(objects(65)))).toBe('json-depth')
    expect(outcome(() => parseJson(`[${'[],{},'.repeat(100)}1]`))).toBe('accepted')
  })

  it('takes another depth limit where one is given', () => {
    expect(outcome(() => parseJson(nested(2), { maxDepth: 2 }))).toBe('accepted')
    expect(outcome(() => parseJson(nested(3), { maxDepth: 2 }))).toBe('json-depth')
    expect(outcome(() => parseJson('1', { maxDepth: 0 }))).toBe('accepted')
  })

  it.each([
    ['1', 1],
    ['[1, 2]', 3],
    ['{"a": {"b": []}}', 3],
  ])('counts every value of %s: %i', (text, values) => {
    expect(outcome(() => parseJson(text, { maxValues: values }))).toBe('accepted')
    expect(outcome(() => parseJson(text, { maxValues: values - 1 }))).toBe('json-syntax')
  })

  it('refuses an unclosed text of a million brackets without exhausting the stack', () => {
    expect(outcome(() => parseJson('['.repeat(1_000_000)))).toBe('json-depth')
    expect(outcome(() => parseJson('{"":'.repeat(1_000_000)))).toBe('json-depth')
  })
})

describe('formatJson', () => {
  it('puts nothing between the tokens and keeps order, repetition and number texts', () => {
    expect(formatJson(parseJson('{ "b" : [ 10.0 , -0 ] , "a" : { } , "b" : [ ] }'))).toBe(
      '{"b":[10.0,-0],"a":{},"b":[]}',
    )
  })

  it('escapes lone surrogates, which UTF-8 cannot carry, and leaves pairs', () => {
    expect(formatJson('\ud800😀')).toBe('"\\ud800😀"')
    expect(formatJson(new JsonObject([['\udc00', null]]))).toBe('{"\\udc00":null}')
  })
})

describe('JsonObject.get', () => {
  const object = new JsonObject([
    ['a', 1 > 0],
    ['b', null],
    ['a', 'last'],
  ])

  it('gives the last value of a repeated key', () => {
    expect(object.get('a')).toBe('last')
  })

  it('tells null from absent', () => {
    expect(object.get('b')).toBeNull()
    expect(object.get('c')).toBeUndefined()
    expect(object.get('toString')).toBeUndefined()
  })
})

describe('jsonNumber', () => {
  it('takes exactly the number grammar of JSON', () => {
    for (const token of ['0', '-0', '10.0', '1e5', '-1.5E-07']) {
      expect(jsonNumber(token)?.token).toBe(token)
    }
    for (const text of ['', ' 1', '1 ', '1\n', '01', '+1', '1.', '.1', '1e', 'NaN', '0x1', '1,5']) {
      expect(jsonNumber(text)).toBeUndefined()
    }
  })
})

describe('plainJson', () => {
  it('gives ordinary values, the last of repeated keys', () => {
    expect(plainJson(parseJson('[null, true, "a", 1.50, {"a": 1, "b": [], "a": 2}]'))).toEqual([
      null,
      true,
      'a',
      1.5,
      { a: 2, b: [] },
    ])
  })

  it('keeps __proto__ as data and inherits nothing', () => {
    const plain = plainJson(parseJson('{"__proto__": {"admin": true}}'))
    expect(Object.keys(Object(plain))).toEqual(['__proto__'])
    expect(Object(plain).admin).toBeUndefined()
    expect(Object(plain).toString).toBeUndefined()
  })

  it("makes an integer beyond a double's range the largest double", () => {
    expect(plainJson(parseJson(`1${'0'.repeat(308)}`))).toBe(1e308)
    expect(plainJson(parseJson(`1${'0'.repeat(309)}`))).toBe(Number.MAX_VALUE)
    expect(plainJson(parseJson(`-1${'0'.repeat(309)}`))).toBe(-Number.MAX_VALUE)
  })

  it('lets a number with an exponent become infinite, for the rules to refuse', () => {
    expect(plainJson(parseJson('[1e309, -1e309, 1e-400]'))).toEqual([Infinity, -Infinity, 0])
  })
})
