/** A text read through ElementScanner, in chunks, and what the whole-text reader makes of it. */
import { DecodeError } from '../../../src/core/errors.ts'
import { formatJson, type Json, JsonObject, parseJson } from '../../../src/core/json/json.ts'
import { ElementScanner } from '../../../src/core/json/scan.ts'

export function inChunks(text: string, size: number): string[] {
  const chunks: string[] = []
  for (let i = 0; i < text.length; i += size) chunks.push(text.slice(i, i + size))
  return chunks
}

/** The array's elements, each read and printed again, or the code of the refusal. */
export function scanned(
  chunks: readonly string[],
  { key = 'chain', maxElementChars = 65_536 } = {},
): string[] | string {
  const scanner = new ElementScanner(key, { maxElementChars })
  return elementsOrCode(() => {
    const elements: string[] = []
    for (const chunk of chunks) {
      for (const text of scanner.push(chunk)) elements.push(formatJson(parseJson(text)))
    }
    scanner.end()
    return elements
  })
}

/** The same by reading the whole text at once, and looking for the array in the value. */
export function readWhole(text: string, key = 'chain'): string[] | string {
  return elementsOrCode(() => {
    const value = parseJson(text)
    if (value instanceof JsonObject) {
      // A repeated key is refused by the scanner's own rule.
      const named = value.entries.filter(([name]) => name === key)
      return named.length === 1 ? printed(named[0]?.[1]) : 'json-syntax'
    }
    return printed(value)
  })
}

function printed(value: Json | undefined): string[] | string {
  return Array.isArray(value) ? value.map((item: Json) => formatJson(item)) : 'json-syntax'
}

function elementsOrCode(read: () => string[] | string): string[] | string {
  try {
    return read()
  } catch (error) {
    if (error instanceof DecodeError) return error.code
    throw error
  }
}
