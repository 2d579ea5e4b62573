/**
 * What is worth saying about a block's texts: where a number is hashed in another text than it was
 * written, and how many zeros a digest begins with.
 */
import { type Json, JsonNumber, JsonObject, parseJson } from '../../../src/core/json/json.ts'

export interface RewrittenNumber {
  readonly written: string
  readonly hashed: string
}

/** Each pair once, in the order of the text. Both texts are of the same block. */
export function rewrittenNumbers(
  writtenText: string,
  hashedText: string,
): readonly RewrittenNumber[] {
  if (writtenText === hashedText) return []
  const hashed = numbersOf(parseJson(hashedText))
  const pairs = new Map<string, string>()
  for (const [i, written] of numbersOf(parseJson(writtenText)).entries()) {
    const other = hashed[i]
    if (other !== undefined && other !== written) pairs.set(written, other)
  }
  return [...pairs].map(([written, other]) => ({ written, hashed: other }))
}

/** The texts of all numbers, in order. */
function numbersOf(json: Json): string[] {
  if (json instanceof JsonNumber) return [json.token]
  if (json instanceof JsonObject) return json.entries.flatMap(([, value]) => numbersOf(value))
  return Array.isArray(json) ? json.flatMap(numbersOf) : []
}

/** How many zeros a digest begins with. */
export function leadingZeros(digest: string): number {
  return /^0*/.exec(digest)?.[0].length ?? 0
}
