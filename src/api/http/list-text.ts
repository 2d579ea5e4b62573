/** Lists that many answers have in common, as JSON: made once for all of them. */

/**
 * @param write the JSON of a list; lists that it is given do not change
 * @returns the same, which remembers what it has written as long as somebody has the list
 */
export function oncePerList<T>(write: (list: readonly T[]) => string): typeof write {
  const written = new WeakMap<readonly T[], string>()
  return (list) => {
    const known = written.get(list)
    if (known !== undefined) return known
    const text = write(list)
    written.set(list, text)
    return text
  }
}
