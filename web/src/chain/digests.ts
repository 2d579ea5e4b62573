/** Digests of texts, and two of them compared bit by bit. */
import { sha256 } from '#crypto'

const utf8 = new TextEncoder()

/** SHA-256 of any text, as 64 hex digits: of its UTF-8 bytes. */
export function digestOfText(text: string): string {
  return Array.from(sha256(utf8.encode(text)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  )
}

/** The four bits of each hex digit that differ between two digests, digit by digit. */
export function bitDifferences(a: string, b: string): readonly number[] {
  return Array.from(a, (digit, i) => Number.parseInt(digit, 16) ^ Number.parseInt(b[i] ?? '0', 16))
}

/** How many bits differ. */
export function changedBits(a: string, b: string): number {
  return bitDifferences(a, b).reduce((sum, nibble) => sum + (BITS[nibble] ?? 0), 0)
}

/** How many bits of a number from 0 to 15 are set. */
const BITS = [0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4]
