/**
 * What decoders are fed: bytes of every kind, valid texts that were damaged byte by byte or token
 * by token, and values whose form is right and whose meaning is odd.
 */
import { fc } from '../helpers/fast-check.ts'

/** Bytes without any order, and those that JSON, HTTP and UTF-8 are made of. */
export const anyBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc
    .array(fc.constantFrom(...Buffer.from('{}[]":,\\0129.-+eE tfnul/u\n\r\t\0')), { maxLength: 60 })
    .map((bytes) => Uint8Array.from(bytes)),
  fc
    .array(
      fc.constantFrom(0xef, 0xbb, 0xbf, 0xc0, 0xc3, 0xe0, 0xed, 0xa0, 0xf0, 0xf4, 0x80, 0xff, 0x22),
      { maxLength: 20 },
    )
    .map((bytes) => Uint8Array.from(bytes)),
)

/** The same as texts, lone surrogates included. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  anyBytes.map((bytes) => Buffer.from(bytes).toString('latin1')),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc
    .array(fc.nat(0xffff), { maxLength: 20 })
    .map((units) => units.map((unit) => String.fromCharCode(unit)).join('')),
)

/** A place in something, as a part of its length, and what is done there. */
interface Damage {
  readonly kind: 'flip' | 'cut off' | 'put' | 'repeat' | 'drop' | 'swap'
  readonly at: number
  readonly to: number
  readonly byte: number
}

/**
 * A part of a whole, evenly: doubles as fast-check makes them are nearly always next to nothing.
 */
export const share: fc.Arbitrary<number> = fc.nat(999_999).map((part) => part / 1_000_000)

const damages: fc.Arbitrary<readonly Damage[]> = fc.array(
  fc.record({
    kind: fc.constantFrom<Damage['kind']>('flip', 'cut off', 'put', 'repeat', 'drop', 'swap'),
    at: share,
    to: share,
    byte: fc.nat(255),
  }),
  { minLength: 1, maxLength: 4 },
)

/** Bytes with some of them changed, cut off, put in, repeated or swapped. */
export function damagedBytes(whole: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  return fc.tuple(whole, damages).map(([bytes, all]) => {
    const parts = all.reduce((list, damage) => damaged(list, damage, byteDamaged), [...bytes])
    return Uint8Array.from(parts)
  })
}

function byteDamaged(byte: number, damage: number): number {
  return byte ^ (1 << (damage % 8))
}

/** Tokens to put in the place of others: odd values of every JSON type. */
export const ODD_TOKENS = [
  '""',
  '"1"',
  '"\\u0000"',
  '"\\ud800"',
  '"__proto__"',
  '"toString"',
  '"😀"',
  '0',
  '-0',
  '1',
  '-1',
  '1.0',
  '1e0',
  '100',
  '0.1e1',
  '1e400',
  '-1e400',
  '1e-400',
  '9007199254740991',
  '9007199254740992',
  `1${'0'.repeat(400)}`,
  `0.${'3'.repeat(400)}`,
  'null',
  'true',
  'false',
  '[]',
  '{}',
  '[[]]',
  '[1]',
  '{"a":1}',
  '{"__proto__":1}',
  '['.repeat(70),
  '\ufeff',
  '\u2028',
  'NaN',
  "'",
  `"${'f'.repeat(64)}"`,
  `"${'F'.repeat(64)}"`,
  `"${'x'.repeat(1_100)}"`,
]

/** Those of them that are JSON by themselves. */
const ODD_VALUES = ODD_TOKENS.filter((token) => {
  try {
    JSON.parse(token)
    return true
  } catch {
    return false
  }
})

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|\s+|./gsu

/** A JSON text with some of its tokens dropped, repeated, swapped or replaced. */
export function damagedTokens(whole: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(whole, damages).map(([text, all]) => {
    const tokens = text.match(TOKEN) ?? []
    const odd = (_token: string, i: number) => ODD_TOKENS[i % ODD_TOKENS.length] ?? ''
    return all.reduce((list, damage) => damaged(list, damage, odd), [...tokens]).join('')
  })
}

const VALUE = /"(?:[^"\\]|\\.)*"(?!\s*:)|-?\d[\d.eE+-]*|true|false|null/gu

/** A JSON text with one or two of its values replaced: its form stays, its meaning is odd. */
export function otherValues(whole: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const change = fc.record({ at: share, odd: fc.constantFrom(...ODD_VALUES) })
  return fc.tuple(whole, fc.array(change, { minLength: 1, maxLength: 2 })).map(([start, changes]) =>
    changes.reduce((text, { at, odd }) => {
      const values = [...text.matchAll(VALUE)]
      const found = values[Math.floor(at * values.length)]
      if (found === undefined) return text
      return text.slice(0, found.index) + odd + text.slice(found.index + found[0].length)
    }, start),
  )
}

/** A valid text, damaged by bytes, by tokens or in its values, or not at all. */
export function damagedText(whole: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    whole,
    otherValues(whole),
    damagedTokens(whole),
    damagedBytes(whole.map((text) => Buffer.from(text))).map((bytes) => {
      return Buffer.from(bytes).toString('utf8')
    }),
  )
}

function damaged<T>(
  list: readonly T[],
  { kind, at, to, byte }: Damage,
  change: (item: T, byte: number) => T,
): T[] {
  const [i, j] = [Math.floor(at * list.length), Math.floor(to * list.length)]
  const [one, other] = [list[i], list[j]]
  if (one === undefined || other === undefined) return [...list]
  switch (kind) {
    case 'flip':
      return list.with(i, change(one, byte))
    case 'cut off':
      return list.slice(0, i)
    case 'put':
      return list.toSpliced(i, 0, change(one, byte))
    case 'repeat':
      return list.toSpliced(i, 0, ...list.slice(Math.min(i, j), Math.max(i, j)).slice(0, 64))
    case 'drop':
      return list.toSpliced(i, Math.abs(j - i) % 8 || 1)
    case 'swap':
      return list.with(i, other).with(j, one)
  }
}

/** A text in pieces, cut at random places; no pieces are lost. */
export function inPieces<
  T extends { slice(from: number, to?: number): T; readonly length: number },
>(whole: T, cuts: readonly number[]): T[] {
  const places = cuts.map((cut) => Math.floor(cut * (whole.length + 1))).sort((a, b) => a - b)
  return [0, ...places].map((from, i) => whole.slice(from, places[i]))
}

export const cuts: fc.Arbitrary<readonly number[]> = fc.array(share, { maxLength: 6 })
