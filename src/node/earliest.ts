/** The earliest of several times, of which some may not be set. */
export function earliest(...timesMs: (number | undefined)[]): number | undefined {
  const known = timesMs.filter((timeMs) => timeMs !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}
