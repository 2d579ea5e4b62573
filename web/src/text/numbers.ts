/** Numbers, times and durations as the chosen language writes them. */
import type { Language } from './language.ts'
import { tagOf } from './language.ts'

/** Made once for each language: making one takes longer than what a row of a long list may take. */
const COUNTS = inEach((tag) => new Intl.NumberFormat(tag, { maximumFractionDigits: 0 }))
const MOMENTS = inEach(
  (tag) => new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'medium' }),
)

/** A count with its thousands apart. */
export function countText(count: number, language: Language): string {
  return COUNTS[language].format(count)
}

/** A rate or a ratio, three digits of it: 14.3M, 1.67. */
export function shortNumber(value: number, language: Language): string {
  return value.toLocaleString(tagOf(language), {
    notation: 'compact',
    maximumSignificantDigits: 3,
  })
}

/** A time of day with its date. @param seconds since 1970, as written in a block */
export function momentText(seconds: string, language: Language): string {
  const date = new Date(Number(seconds) * 1000)
  // A block may say anything; what is no date is shown as it was written.
  if (Number.isNaN(date.getTime())) return seconds
  return MOMENTS[language].format(date)
}

const MANY = 1_000_000
const DAY_S = 86_400

const UNITS = [
  ['day', DAY_S],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** A length of time in its two largest units: "3 min 20 s", "0.4 s". */
export function durationText(seconds: number, language: Language): string {
  if (!Number.isFinite(seconds)) return '∞'
  if (seconds < 0) return `−${durationText(-seconds, language)}`
  const size = seconds
  const [unit, length] = UNITS.find(([, least]) => size >= least) ?? ['second', 1]
  if (length === 1)
    return inUnit(size < 10 ? Math.round(size * 10) / 10 : Math.round(size), unit, language)
  const whole = Math.floor(size / length)
  const [below, belowLength] = UNITS[UNITS.findIndex(([name]) => name === unit) + 1] ?? [
    'second',
    1,
  ]
  const rest = Math.floor((size - whole * length) / belowLength)
  if (whole >= 100 || rest === 0) return inUnit(whole, unit, language)
  return `${inUnit(whole, unit, language)} ${inUnit(rest, below, language)}`
}

function inUnit(value: number, unit: string, language: Language): string {
  return value.toLocaleString(tagOf(language), {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    // A timestamp may say anything: no number is to be wider than a screen.
    ...(value < MANY ? {} : { notation: 'scientific', maximumSignificantDigits: 3 }),
  })
}

/** A length of time before now, in words. */
export function agoText(seconds: number, language: Language): string {
  if (!(seconds < MANY * DAY_S)) return durationText(seconds, language)
  const format = new Intl.RelativeTimeFormat(tagOf(language), {
    numeric: 'always',
    style: 'narrow',
  })
  const [unit, length] = UNITS.find(([, least]) => seconds >= least) ?? ['second', 1]
  return format.format(-Math.max(0, Math.floor(seconds / length)), unit)
}

function inEach<T>(make: (tag: string) => T): Readonly<Record<Language, T>> {
  return { en: make(tagOf('en')), zh: make(tagOf('zh')) }
}
