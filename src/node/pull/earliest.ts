/** The earliest of several times, of which some may not be set; undefined where none is. */
export function earliest(timesMs: readonly (number | undefined)[]): number | undefined {
  const known = timesMs.filter((timeMs) => timeMs !== undefined)
  return known.reduce<number | undefined>((least, ms) => Math.min(least ?? ms, ms), undefined)
}
