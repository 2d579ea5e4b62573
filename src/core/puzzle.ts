/**
 * Proof of work as a puzzle that a miner can solve without knowing any rule, and the plain search
 * over it. The search counts upwards, so the lowest proof is found and every node finds the same.
 */
import { sha256Hex } from '#crypto'

/** Find a decimal proof so that SHA-256 of `before`, proof, `after` begins with `zeros` zero digits. */
export interface DecimalPuzzle {
  readonly type: 'decimal'
  readonly before: string
  readonly after: string
  /** Leading zero hex digits wanted, 0 to 64; each one makes it 16 times harder. */
  readonly zeros: number
}

export type Puzzle = DecimalPuzzle

/** The text whose digest decides about a proof. */
export function puzzleText(puzzle: Puzzle, proof: number): string {
  return `${puzzle.before}${proof}${puzzle.after}`
}

/** The digest that decides about a proof, as hex. */
export function puzzleDigest(puzzle: Puzzle, proof: number): string {
  return sha256Hex(puzzleText(puzzle, proof))
}

/** Whether a proof solves the puzzle. */
export function solves(puzzle: Puzzle, proof: number): boolean {
  return puzzleDigest(puzzle, proof).startsWith('0'.repeat(puzzle.zeros))
}

/** The lowest solution among `tries` proofs from `from` on, or undefined. */
export function search(
  puzzle: Puzzle,
  { from, tries }: { from: number; tries: number },
): number | undefined {
  const { before, after } = puzzle
  const zeros = '0'.repeat(puzzle.zeros)
  const end = Math.min(from + tries, Number.MAX_SAFE_INTEGER + 1)
  for (let proof = from; proof < end; proof++) {
    if (sha256Hex(before + proof + after).startsWith(zeros)) return proof
  }
  return undefined
}
