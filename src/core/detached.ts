/**
 * Texts that are kept for long, cut out of longer ones. V8 cuts texts of 13 characters and more by
 * reference (`SlicedString`), so that one name would keep the whole request alive that it came in.
 */

/** The same text in memory of its own. */
export function detached(text: string): string {
  // Joining makes a text of its own once it is read, and the cut refers to that one.
  return ` ${text}`.slice(1)
}
