/** Anything as one text, for telling whether two are the same. */

/** An answer as a text that differs where the answers do. */
export function written(answer: unknown): string {
  return JSON.stringify(answer, (_key, value) => {
    return typeof value === 'bigint' ? `${value}n` : (value ?? null)
  })
}
