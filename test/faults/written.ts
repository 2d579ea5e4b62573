/** Anything as one text, for telling whether two are the same. */

/** An answer as a text that differs where the answers do, whatever the order of an object's keys. */
export function written(answer: unknown): string {
  return JSON.stringify(answer, (_key, value) => {
    if (typeof value === 'bigint') return `${value}n`
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value ?? null
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
