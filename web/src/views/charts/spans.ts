/** Lengths of time between blocks: shorter than a second, or of any length, and also negative. */
import { type Language, tagOf } from '../../text/language.ts'
import { durationText } from '../../text/numbers.ts'

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const DIGITS = [1, 2, 5]

/** Steps of an axis of time spans, in seconds: whole milliseconds, seconds, minutes, hours, days. */
export const SPAN_STEPS: readonly number[] = [
  ...[0.001, 0.01, 0.1].flatMap((size) => DIGITS.map((digit) => digit * size)),
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...Array.from({ length: 9 }, (_, i) => DIGITS.map((digit) => digit * 10 ** i * DAY)).flat(),
]

/** Seconds; more is no time that anybody counts in days. A timestamp may have 300 digits. */
const MAX_IN_DAYS = 1e12

/** @param seconds of any size and sign */
export function spanText(seconds: number, language: Language): string {
  const sign = seconds < 0 ? '−' : ''
  const size = Math.abs(seconds)
  if (size > 0 && size < 1) {
    const ms = Math.round(size * 1_000)
    return `${sign}${ms.toLocaleString(tagOf(language), { style: 'unit', unit: 'millisecond' })}`
  }
  if (size > MAX_IN_DAYS && Number.isFinite(size)) {
    const power = { notation: 'scientific', maximumSignificantDigits: 3 } as const
    return `${sign}${size.toLocaleString(tagOf(language), { ...power, style: 'unit', unit: 'second' })}`
  }
  return `${sign}${durationText(size, language)}`
}
