/** Two digests of equal length, bit by bit. */

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
