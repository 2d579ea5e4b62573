/** What a search for a proof costs: numbers, times and rates, from microseconds to beyond all years. */
import { type Language, tagOf } from '../../text/language.ts'
import { countText, durationText, shortNumber } from '../../text/numbers.ts'
import { GREAT, powerText } from './great.ts'

const YEAR_S = 365.25 * 86_400
/** Less is told in days. */
const LEAST_YEARS = 2

export function triesText(tries: number, language: Language): string {
  return tries < GREAT ? countText(tries, language) : powerText(tries)
}

export function rateText(tries: number, seconds: number, language: Language): string {
  return seconds > 0 ? shortNumber(tries / seconds, language) : '–'
}

export function timeText(seconds: number, language: Language): string {
  const years = seconds / YEAR_S
  if (years >= GREAT) return `${powerText(years)} ${yearsWord(language)}`
  if (years >= LEAST_YEARS) return inUnit(Math.round(years), 'year', language)
  if (seconds >= 1) return durationText(seconds, language)
  return inUnit(Number((seconds * 1000).toPrecision(2)), 'millisecond', language)
}

function inUnit(value: number, unit: 'year' | 'millisecond', language: Language): string {
  const unitDisplay = unit === 'year' ? 'long' : 'short'
  return value.toLocaleString(tagOf(language), { style: 'unit', unit, unitDisplay })
}

function yearsWord(language: Language): string {
  const format = new Intl.NumberFormat(tagOf(language), {
    style: 'unit',
    unit: 'year',
    unitDisplay: 'long',
  })
  return format.formatToParts(LEAST_YEARS).find(({ type }) => type === 'unit')?.value ?? ''
}
