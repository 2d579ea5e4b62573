import { describe, expect, it } from 'vitest'
import { agoText, durationText, momentText, shortNumber } from '../../web/src/text/numbers.ts'

describe('a length of time', () => {
  it.each([
    [0, '0 sec'],
    [0.44, '0.4 sec'],
    [59.4, '59 sec'],
    [60, '1 min'],
    [200, '3 min 20 sec'],
    [3_600, '1 hr'],
    [3_661, '1 hr 1 min'],
    [86_400 + 7_200, '1 day 2 hr'],
    [-200, '−3 min 20 sec'],
    [1e300, '1.16E295 days'],
    [Number.POSITIVE_INFINITY, '∞'],
  ])('of %d seconds is %s', (seconds, text) => {
    expect(durationText(seconds, 'en')).toBe(text)
  })

  it('is in the language that is asked for', () => {
    expect(durationText(200, 'zh')).toBe('3分钟 20秒')
    expect(agoText(200, 'zh')).toBe('3分钟前')
  })

  it('ago is whole, never in the future, and never wider than a screen', () => {
    expect(agoText(59.9, 'en')).toBe('59s ago')
    expect(agoText(-5, 'en')).toBe('0s ago')
    expect(agoText(1e300, 'en')).toBe('1.16E295 days')
  })
})

describe('a moment', () => {
  it('is a date, or what was written where that is none', () => {
    expect(momentText('1767225600.0', 'en')).toMatch(/^(Jan 1, 2026|Dec 31, 2025), /)
    expect(momentText('1e300', 'en')).toBe('1e300')
  })
})

describe('a rate', () => {
  it('has three digits', () => {
    expect(shortNumber(14_345_678, 'en')).toBe('14.3M')
    expect(shortNumber(14_345_678, 'zh')).toBe('1430万')
  })
})
