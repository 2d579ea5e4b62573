/**
 * The inputs that broke other programs, as bytes: the JSON test suite (seriot.ch) and the list of
 * naughty strings. Invariant: every entry of both files is one of them, and the tests say how many.
 */
import { sharedVector } from '../helpers/vectors.ts'

export interface JsonCase {
  readonly name: string
  readonly expect: 'accept' | 'reject' | 'either, no crash'
  readonly base64: string
}

export interface Entry {
  readonly name: string
  readonly bytes: Buffer
  /** The same as a text; what is not UTF-8 in it is replaced. */
  readonly text: string
}

interface JsonSuite {
  readonly parsing: readonly JsonCase[]
  readonly transform: readonly { readonly name: string; readonly base64: string }[]
}

/** The JSON texts that a reader must take, must refuse, or may do either with. */
export function jsonCases(): readonly JsonCase[] {
  return jsonSuite().parsing
}

export function naughtyStrings(): readonly string[] {
  return JSON.parse(sharedVector('badinputs/naughty_strings.json')).strings
}

/** Every entry of both files. */
export function allEntries(): readonly Entry[] {
  const { parsing, transform } = jsonSuite()
  const texts = [...parsing, ...transform].map(({ name, base64 }) => {
    return entry(name, Buffer.from(base64, 'base64'))
  })
  const strings = naughtyStrings().map((text, i) => entry(`naughty string ${i}`, Buffer.from(text)))
  return [...texts, ...strings]
}

function jsonSuite(): JsonSuite {
  return JSON.parse(sharedVector('badinputs/json_test_suite.json'))
}

function entry(name: string, bytes: Buffer): Entry {
  return { name, bytes, text: bytes.toString('utf8') }
}

const UNRESERVED = /[A-Za-z0-9._~-]/

/** Every byte that is not unreserved as %XX (RFC 3986, section 2.1), whether it is UTF-8 or not. */
export function percentEncoded(bytes: Buffer): string {
  return Array.from(bytes, (byte) => {
    const char = String.fromCharCode(byte)
    return UNRESERVED.test(char) ? char : `%${byte.toString(16).padStart(2, '0').toUpperCase()}`
  }).join('')
}

/** The bytes as one line that a header may hold: no control characters but the tab. */
export function headerValue(bytes: Buffer): string {
  const kept = bytes.filter((byte) => byte === 0x09 || (byte >= 0x20 && byte !== 0x7f))
  return Buffer.from(kept).toString('latin1')
}

/**
 * The bytes as a raw request line may hold them: what would end the address or the line left out.
 */
export function rawTarget(bytes: Buffer): Buffer {
  return Buffer.from(bytes.filter((byte) => byte > 0x20 && byte !== 0x7f))
}
