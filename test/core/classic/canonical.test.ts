import { describe, expect, it } from 'vitest'
import {
  asciiString,
  canonicalText,
  compareCodePoints,
  pythonFloat,
  pythonNumber,
  writtenText,
} from '../../../src/core/classic/canonical.ts'
import { AssertionError } from '../../../src/core/errors.ts'
import { JsonNumber, parseJson } from '../../../src/core/json/json.ts'
import { fc } from '../../helpers/fast-check.ts'
import { jsonValue, numberToken, text } from '../json/json-arbitraries.ts'

const anyDouble = fc.double({ noNaN: true, noDefaultInfinity: true })

describe('pythonNumber', () => {
  it.each([
    ['0', '0'],
    ['-0', '0'],
    ['10', '10'],
    ['-10', '-10'],
    ['9007199254740993', '9007199254740993'],
    ['123456789012345678901234567890', '123456789012345678901234567890'],
  ])('leaves the integer %s as %s, however large', (token, expected) => {
    expect(pythonNumber(token)).toBe(expected)
  })

  it.each([
    ['10.0', '10.0'],
    ['10.00', '10.0'],
    ['1e1', '10.0'],
    ['1E1', '10.0'],
    ['-0.0', '-0.0'],
    ['-0e0', '-0.0'],
    ['0E5', '0.0'],
    ['1e-400', '0.0'],
    ['-1e-400', '-0.0'],
    ['0.1', '0.1'],
    ['0.10000000000000001', '0.1'],
    ['9007199254740993.0', '9007199254740992.0'],
  ])('reads %s as a double and prints %s', (token, expected) => {
    expect(pythonNumber(token)).toBe(expected)
  })

  it('has a text for the largest double, none past it, and one for any integer', () => {
    expect(pythonNumber('1.7976931348623157e308')).toBe('1.7976931348623157e+308')
    expect(pythonNumber('1.7976931348623159e308')).toBeUndefined()
    expect(pythonNumber('-1e309')).toBeUndefined()
    expect(pythonNumber('1'.repeat(400))).toBe('1'.repeat(400))
  })

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(numberToken, (token) => {
        const once = pythonNumber(token) ?? expect.unreachable('the token is finite')
        expect(pythonNumber(once)).toBe(once)
      }),
      { numRuns: 500 },
    )
  })
})

describe('pythonFloat', () => {
  it.each([
    [1e-4, '0.0001'],
    [0.00009999999999999999, '9.999999999999999e-05'],
    [1e-5, '1e-05'],
    [1.5e-7, '1.5e-07'],
    [1e-10, '1e-10'],
    [5e-324, '5e-324'],
    [9999999999999998, '9999999999999998.0'],
    [1e16, '1e+16'],
    [-1e16, '-1e+16'],
    [1.2345678901234567e19, '1.2345678901234567e+19'],
    [1e22, '1e+22'],
    [1e100, '1e+100'],
    [1767225600, '1767225600.0'],
    [-0, '-0.0'],
    [0, '0.0'],
  ])('prints %d as %s', (number, expected) => {
    expect(pythonFloat(number)).toBe(expected)
  })

  it('prints what reads back as the same double', () => {
    fc.assert(
      fc.property(anyDouble, (number) => {
        expect(Number(pythonFloat(number))).toBe(number)
      }),
      { numRuns: 2_000 },
    )
  })

  it('prints a point or an exponent, so that no double looks like an integer', () => {
    fc.assert(
      fc.property(anyDouble, (number) => {
        expect(pythonFloat(number)).toMatch(/^-?(?:\d+\.\d+|\d(?:\.\d+)?e[+-]\d{2,3})$/)
      }),
      { numRuns: 1_000 },
    )
  })

  it('prints an exponent exactly below 1e-4 and from 1e16 on', () => {
    const around = fc.tuple(
      fc.integer({ min: -7, max: 19 }),
      fc.double({ min: 1, max: 10, noNaN: true }),
    )
    fc.assert(
      fc.property(around, ([exponent, digits]) => {
        const number = Number(`${digits}e${exponent}`)
        expect(pythonFloat(number).includes('e')).toBe(number < 1e-4 || number >= 1e16)
      }),
      { numRuns: 500 },
    )
  })
})

describe('asciiString', () => {
  it('escapes as Python does: short escapes, \\u00xx below space, DEL and all beyond ASCII', () => {
    expect(asciiString('"\\/\b\f\n\r\t')).toBe(String.raw`"\"\\/\b\f\n\r\t"`)
    expect(asciiString('\0\x1f ~\x7f\x80é李😀\ud800')).toBe(
      String.raw`"\u0000\u001f ~\u007f\u0080\u00e9\u674e\ud83d\ude00\ud800"`,
    )
  })

  it('is printable ASCII and reads back as the same text', () => {
    fc.assert(
      fc.property(text, (original) => {
        expect(asciiString(original)).toMatch(/^[ -~]*$/)
        expect(JSON.parse(asciiString(original))).toBe(original)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('compareCodePoints', () => {
  it('puts U+FFFF before U+10000, which UTF-16 order does not', () => {
    expect(compareCodePoints('\uffff', '\u{10000}')).toBeLessThan(0)
    expect('\uffff' < '\u{10000}').toBe(false)
  })

  it('puts a text after its own beginning, and no text first', () => {
    expect(compareCodePoints('ab', 'a')).toBeGreaterThan(0)
    expect(compareCodePoints('', 'a')).toBeLessThan(0)
    expect(compareCodePoints('a😀', 'a😀')).toBe(0)
  })

  it('puts a lone surrogate below every astral character, whatever its half', () => {
    expect(compareCodePoints('\udfff', '\u{10000}')).toBeLessThan(0)
    expect(compareCodePoints('\ud800', '\ud7ff')).toBeGreaterThan(0)
  })

  it('orders as UTF-32 bytes are ordered', () => {
    const units = (s: string) => Array.from(s, (char) => char.codePointAt(0) ?? 0)
    const utf32 = (s: string) =>
      Buffer.from(units(s).flatMap((p) => [p >> 16, (p >> 8) & 255, p & 255]))
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareCodePoints(a, b))).toBe(Buffer.compare(utf32(a), utf32(b)))
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('canonicalText', () => {
  it('sorts keys at every depth and separates as Python does', () => {
    expect(canonicalText(parseJson('{"b":[1,{"d":null,"c":true}],"a":{},"A":[]}'))).toBe(
      '{"A": [], "a": {}, "b": [1, {"c": true, "d": null}]}',
    )
  })

  it('keeps the last of repeated keys', () => {
    expect(canonicalText(parseJson('{"a":1,"b":2,"a":3}'))).toBe('{"a": 3, "b": 2}')
  })

  it('prints numbers as Python does, where writtenText leaves them', () => {
    const value = parseJson('{"z":1e16,"a":[10.00,-0]}')
    expect(canonicalText(value)).toBe('{"a": [10.0, 0], "z": 1e+16}')
    expect(writtenText(value)).toBe('{"a": [10.00, -0], "z": 1e16}')
  })

  it('stops the program if it is given a number that is not finite: the rules refuse those', () => {
    expect(() => canonicalText([new JsonNumber('1e309')])).toThrow(AssertionError)
    expect(writtenText([new JsonNumber('1e309')])).toBe('[1e309]')
  })

  it('is printable ASCII, and the same again when it is read and printed', () => {
    fc.assert(
      fc.property(jsonValue, (value) => {
        const canonical = canonicalText(value)
        expect(canonical).toMatch(/^[ -~]*$/)
        expect(canonicalText(parseJson(canonical))).toBe(canonical)
        expect(canonicalText(parseJson(writtenText(value)))).toBe(canonical)
      }),
      { numRuns: 500 },
    )
  })
})
