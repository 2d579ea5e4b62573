/**
 * Random JSON for property tests: values with awkward keys and numbers, and texts written in every
 * way that RFC 8259 allows.
 */
import { type Json, JsonNumber, JsonObject } from '../../../src/core/json/json.ts'
import { fc } from '../../helpers/fast-check.ts'

/** A place in a text, 0 to 1, evenly: `fc.double` favours the very beginning. */
export const fraction: fc.Arbitrary<number> = fc.nat(999_999).map((n) => n / 1_000_000)

const digits = fc.stringMatching(/^[0-9]{1,25}$/)
const integerPart = fc.oneof(fc.constant('0'), fc.stringMatching(/^[1-9][0-9]{0,24}$/))

/** A token of JSON's number grammar; its double is finite. */
export const numberToken: fc.Arbitrary<string> = fc.oneof(
  fc.integer().map(String),
  fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => JSON.stringify(x)),
  fc
    .tuple(
      fc.constantFrom('', '-'),
      integerPart,
      fc.oneof(
        fc.constant(''),
        digits.map((d) => `.${d}`),
      ),
      fc.oneof(
        fc.constant(''),
        fc
          .tuple(fc.constantFrom('e', 'E'), fc.constantFrom('', '+', '-'), fc.nat(40))
          .map((parts) => parts.join('')),
        fc.constantFrom('e-400', 'E-5', 'e+16', 'e15', 'e0', 'e-00'),
      ),
    )
    .map((parts) => parts.join('')),
)

/** Texts of any UTF-16 units: control characters, quotes, astral pairs, lone surrogates. */
export const text: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  // Not fc.string's unit "binary": building that one takes two seconds.
  fc.array(fc.nat(0x10ffff), { maxLength: 6 }).map((points) => String.fromCodePoint(...points)),
  fc
    .array(fc.nat(0xffff), { maxLength: 6 })
    .map((units) => units.map((unit) => String.fromCharCode(unit)).join('')),
  fc.constantFrom('__proto__', 'constructor', '1', '10', '"', '\\', '\u2028', '\u007f', ']', '[}'),
)

/** Any value, repeated keys included. */
export const jsonValue: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<Json>(null, true, false),
    text,
    numberToken.map((token) => new JsonNumber(token)),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.array(fc.tuple(text, tie('value')), { maxLength: 5 }).map((e) => new JsonObject(e)),
  ),
})).value

const space = fc.oneof(
  { arbitrary: fc.constant(''), weight: 3 },
  { arbitrary: fc.stringMatching(/^[ \t\r\n]{1,3}$/), weight: 1 },
)

/** One unit of a string as JSON may write it: itself where that is allowed, or one of its escapes. */
const writtenUnit = fc.oneof(
  fc.constantFrom('a', '[', ']', '{', '}', ',', ':', '/', ' ', 'é', '😀', '\u2028', '\u007f'),
  fc.constantFrom('\\"', '\\\\', '\\/', '\\b', '\\f', '\\n', '\\r', '\\t'),
  fc.tuple(fc.nat(0xffff), fc.boolean()).map(([unit, upper]) => {
    const four = unit.toString(16).padStart(4, '0')
    return `\\u${upper ? four.toUpperCase() : four}`
  }),
)

/** A string's token, in quotes. */
export const stringToken: fc.Arbitrary<string> = fc
  .array(writtenUnit, { maxLength: 6 })
  .map((units) => `"${units.join('')}"`)

/** A JSON text with space anywhere and escapes of every kind. */
export const jsonText: fc.Arbitrary<string> = fc.letrec<{ text: string; member: string }>(
  (tie) => ({
    text: fc
      .tuple(
        space,
        fc.oneof(
          { depthSize: 'small', withCrossShrink: true },
          fc.constantFrom('null', 'true', 'false'),
          numberToken,
          stringToken,
          list(tie('text')).map((items) => `[${items}]`),
          list(tie('member')).map((members) => `{${members}}`),
        ),
        space,
      )
      .map((parts) => parts.join('')),
    member: fc
      .tuple(space, stringToken, space, tie('text'))
      .map(([before, key, after, value]) => `${before}${key}${after}:${value}`),
  }),
).text

function list(item: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    fc.array(item, { minLength: 1, maxLength: 4 }).map((items) => items.join(',')),
    space,
  )
}

/** A text with up to three places where something was cut or put in: mostly no JSON any more. */
export function damaged(whole: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const damage = fc.record({
    at: fraction,
    cut: fc.nat(2),
    put: fc.constantFrom(
      '',
      ',',
      '[',
      ']',
      '{',
      '}',
      ':',
      '"',
      '\\',
      '0',
      '-',
      'e',
      '\u00a0',
      '\ufeff',
    ),
  })
  return fc.tuple(whole, fc.array(damage, { maxLength: 3 })).map(([start, damages]) =>
    damages.reduce((current, { at, cut, put }) => {
      const i = Math.floor(at * current.length)
      return current.slice(0, i) + put + current.slice(i + cut)
    }, start),
  )
}
