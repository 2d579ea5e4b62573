/** What the two searches have in common, so that counting and ending is written once (kernel.ts). */
export interface ProofSearch {
  /** Proofs are below this. */
  readonly limit: number
  /**
   * The lowest proof at or after `from` and before `end` that may be a solution, or undefined if none
   * is: no solution is below it.
   */
  candidate(from: number, end: number): number | undefined
  /** Whether a candidate is a solution. */
  solves(candidate: number): boolean
}

/** The compiled kernel counts in 31 bits. */
export const MAX_TRIES_PER_CALL = 1_000_000_000

/** With SHA-256's padding: a one, zeros, the length in bits (FIPS 180-4, section 5.1.1). */
export function blocksOf(messageBytes: number): number {
  return Math.ceil((messageBytes + 1 + 8) / 64)
}

/** Writes the padding behind a message that lies at the start of its blocks. */
export function pad(blocks: Uint8Array, messageBytes: number): void {
  blocks.fill(0, messageBytes)
  blocks[messageBytes] = 0x80
  const view = new DataView(blocks.buffer, blocks.byteOffset + blocks.length - 8, 8)
  view.setUint32(0, Math.floor(messageBytes / 2 ** 29))
  view.setUint32(4, (messageBytes * 8) % 2 ** 32)
}
