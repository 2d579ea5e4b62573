/**
 * The text that classic hashes: a value as Python's `json.dumps(value, sort_keys=True)` prints it,
 * because that is what the tutorial's node hashes. Keys in code-point order, `", "` and `": "`
 * between tokens, everything beyond printable ASCII as \uXXXX, numbers as Python prints them.
 * Source: CPython, Lib/json/encoder.py and Objects/floatobject.c (repr, short float style).
 */
import { assert } from '../errors.ts'
import { type Json, JsonNumber, JsonObject } from '../json/json.ts'

/** How a printer writes a number: as Python does, or as it was written. */
export type NumberStyle = (token: string) => string

/** A value as Python prints it. Its numbers must be finite (see `pythonNumber`). */
export function canonicalText(value: Json): string {
  return printSorted(value, (token) => {
    const text = pythonNumber(token)
    assert(text !== undefined, 'canonicalText is given finite numbers')
    return text
  })
}

/** Python's layout, but every number as it was written: the text that we store and serve. */
export function writtenText(value: Json): string {
  return printSorted(value, (token) => token)
}

/**
 * A JSON number as Python prints it after reading it: an integer stays (`-0` becomes `0`), anything
 * with a point or an exponent becomes a double and prints as its repr. Undefined where the double
 * is not finite; integers have no such bound.
 */
export function pythonNumber(token: string): string | undefined {
  if (!/[.eE]/.test(token)) return token === '-0' ? '0' : token
  const number = Number(token)
  return Number.isFinite(number) ? pythonFloat(number) : undefined
}

/** A finite double as Python's repr: the shortest digits that read back as the same double. */
export function pythonFloat(number: number): string {
  if (number === 0) return Object.is(number, -0) ? '-0.0' : '0.0'
  const size = Math.abs(number)
  if (size >= 1e-4 && size < 1e16) {
    // JavaScript writes an exponent below 1e-6 and from 1e21 on, so never in this range.
    const text = String(number)
    return text.includes('.') ? text : `${text}.0`
  }
  const [digits = '', exponent = ''] = number.toExponential().split('e')
  return `${digits}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`
}

/** A text as a JSON string in printable ASCII. */
export function asciiString(text: string): string {
  // In one go: a text put together unit by unit keeps every piece of itself.
  return `"${text.replace(NEEDS_ESCAPE, (unit) => escapedUnit(unit.charCodeAt(0)))}"`
}

/** UTF-16 units, so that each half of a surrogate pair is escaped by itself. */
const NEEDS_ESCAPE = /[^ !#-[\]-~]/g

const SHORT_ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x08, '\\b'],
  [0x09, '\\t'],
  [0x0a, '\\n'],
  [0x0c, '\\f'],
  [0x0d, '\\r'],
  [0x22, '\\"'],
  [0x5c, '\\\\'],
])

function escapedUnit(unit: number): string {
  const short = SHORT_ESCAPES.get(unit)
  if (short !== undefined) return short
  if (unit >= 0x20 && unit <= 0x7e) return String.fromCharCode(unit)
  return `\\u${unit.toString(16).padStart(4, '0')}`
}

function printSorted(value: Json, number: NumberStyle): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return asciiString(value)
  if (value instanceof JsonNumber) return number(value.token)
  if (value instanceof JsonObject) {
    // A Map keeps the last of repeated keys, as Python's reader does.
    const members = [...new Map(value.entries)].sort(([a], [b]) => compareCodePoints(a, b))
    return `{${members.map(([k, v]) => `${asciiString(k)}: ${printSorted(v, number)}`).join(', ')}}`
  }
  return `[${value.map((item) => printSorted(item, number)).join(', ')}]`
}

/** Python orders texts by code point; JavaScript's `<` goes by UTF-16 unit and differs past U+D7FF. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const [left, right] = [a.charCodeAt(i), b.charCodeAt(i)]
    if (left === right) continue
    // Below the surrogates a unit is a code point.
    return Math.max(left, right) < SURROGATES ? left - right : compareSlowly(a, b)
  }
  return a.length - b.length
}

const SURROGATES = 0xd800

function compareSlowly(a: string, b: string): number {
  return codePoints(a) < codePoints(b) ? -1 : 1
}

/** The code points as six hex digits each, which order as the numbers do. */
function codePoints(text: string): string {
  return Array.from(text, (char) => char.codePointAt(0)?.toString(16).padStart(6, '0')).join('')
}
