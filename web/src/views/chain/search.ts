/** What somebody looks for who types into the one field: a height, a hash, a party. */

export type Sought =
  | { readonly type: 'nothing' }
  | { readonly type: 'height'; readonly index: number }
  | { readonly type: 'hash'; readonly hash: string }
  | { readonly type: 'party'; readonly party: string }

const DIGITS = /^\d+$/
const HASH = /^[0-9a-f]{64}$/i

/** Heights and hashes may have space around them; a party is taken to the letter. */
export function soughtIn(text: string): Sought {
  const trimmed = text.trim()
  if (trimmed === '') return { type: 'nothing' }
  if (DIGITS.test(trimmed)) return { type: 'height', index: Number(trimmed) }
  if (HASH.test(trimmed)) return { type: 'hash', hash: trimmed.toLowerCase() }
  return { type: 'party', party: text }
}

/** The block that a place names; undefined where it names none of this chain. */
export function heightIn(what: string, length: number): number | undefined {
  const index = DIGITS.test(what) ? Number(what) : 0
  return index >= 1 && index <= length ? index : undefined
}
