/** ElementScanner beside the reader of whole texts: one verdict, one list, whatever the chunks. */
import { describe, expect, it } from 'vitest'
import { fc } from './fast-check.ts'
import { damaged, jsonText, stringToken } from './json-arbitraries.ts'
import { readWhole, scanned } from './scanned.ts'

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

const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 })

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
