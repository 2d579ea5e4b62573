/** What the view "Send & mine" computes, without a browser: checks of a payment, figures of a search, bars. */
import { describe, expect, it } from 'vitest'
import { MAX_NUMBER_CHARS, MAX_PARTY_CHARS } from '../../src/core/limits.ts'
import { barsOf, isNobodyRead, soundLength } from '../../web/src/jobs/resolve-rows.ts'
import { searchFigures } from '../../web/src/jobs/search-figures.ts'
import { refusalOf } from '../../web/src/views/act/payment-check.ts'
import { EASY } from '../helpers/chains.ts'

const { rules } = EASY

describe('a payment that is typed', () => {
  it.each(['sender', 'recipient'] as const)('has a %s of any text up to the limit', (field) => {
    for (const text of ['', 'Lea', '<b>', '\ud800', 'x'.repeat(MAX_PARTY_CHARS)]) {
      expect(refusalOf(rules, field, text)).toBeUndefined()
    }
    expect(refusalOf(rules, field, 'x'.repeat(MAX_PARTY_CHARS + 1))).toBe(`bad-${field}`)
  })

  it('has an amount that is a JSON number, finite, and no longer than the limit', () => {
    for (const text of ['10.0', '-1', '0', '1e3', '9'.repeat(300)]) {
      expect(refusalOf(rules, 'amount', text), text).toBeUndefined()
    }
    for (const text of ['', 'ten', '1,5', '+1', '.5', '1.', '01', ' 1', '1e999', 'NaN']) {
      expect(refusalOf(rules, 'amount', text), text).toBe('bad-amount')
    }
    expect(refusalOf(rules, 'amount', `1.${'0'.repeat(MAX_NUMBER_CHARS - 2)}`)).toBeUndefined()
    expect(refusalOf(rules, 'amount', `1.${'0'.repeat(MAX_NUMBER_CHARS - 1)}`)).toBe('bad-amount')
  })
})

describe('the figures of a search', () => {
  it('set the tries beside the average, and say when it is past', () => {
    const atAverage = searchFigures({ tries: 256, rate: 64, seconds: 4 }, 2)
    expect(atAverage).toEqual({ expected: 256, expectedSeconds: 4, share: 1, isPast: false })
    const past = searchFigures({ tries: 257, rate: 0, seconds: 5 }, 2)
    expect(past).toEqual({ expected: 256, expectedSeconds: undefined, share: 1, isPast: true })
    expect(searchFigures({ tries: 64, rate: 1, seconds: 1 }, 2).share).toBe(0.25)
  })
})

describe('the bars of a report', () => {
  const entry = (verdict: string, length?: number, block?: number) => ({ verdict, length, block })

  it('are as long as the chains are beside the longest of all', () => {
    const { ours, others } = barsOf(4, [entry('shorter', 2), entry('unreachable')])
    expect(ours).toEqual({ share: 1, soundShare: 1 })
    expect(others).toEqual([{ share: 0.5, soundShare: 0.5 }, undefined])
  })

  it('show an invalid chain to its bad block as sound, and at least that block as not', () => {
    const said = entry('invalid', 8, 5)
    const read = entry('invalid', 2, 3)
    expect(barsOf(4, [said, read]).others).toEqual([
      { share: 1, soundShare: 0.5 },
      { share: 0.375, soundShare: 0.25 },
    ])
    expect([said, read, entry('shorter', 2)].map(soundLength)).toEqual([4, 2, undefined])
  })

  it('know when nobody was read', () => {
    expect(isNobodyRead([])).toBe(true)
    expect(isNobodyRead([entry('unreachable'), entry('self', 2), entry('misbehaved')])).toBe(true)
    expect(isNobodyRead([entry('unreachable'), entry('tie', 2)])).toBe(false)
  })
})
