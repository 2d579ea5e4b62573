/** A search for a proof in figures: how far it is, beside what one takes on average. */

/** How a search goes, since it began. */
export interface SearchSample {
  readonly tries: number
  /** Tries a second. */
  readonly rate: number
  readonly seconds: number
}

export interface SearchFigures {
  /** Tries that a search takes on average. */
  readonly expected: number
  /** How long those take at this rate, in seconds; undefined where there is no rate yet. */
  readonly expectedSeconds: number | undefined
  /** Tries so far as a part of the expected, 0 to 1. */
  readonly share: number
  readonly isPast: boolean
}

/** @param zeros leading zero hex digits wanted; each makes it 16 times harder */
export function searchFigures({ tries, rate }: SearchSample, zeros: number): SearchFigures {
  const expected = expectedTries(zeros)
  return {
    expected,
    expectedSeconds: rate === 0 ? undefined : expected / rate,
    share: Math.min(1, tries / expected),
    isPast: tries > expected,
  }
}

/** How many tries a proof takes on average: each digit that has to be zero is so once in sixteen times. */
export function expectedTries(zeros: number): number {
  return 16 ** zeros
}
