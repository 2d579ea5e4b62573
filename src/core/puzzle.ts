/**
 * Proof of work as a puzzle that a miner can solve without knowing any rule, the plain search over it, and
 * the order in which nodes try proofs. If all began at 0, the fastest would find each proof first, and its
 * rivals the same one: mining is a lottery only because each begins somewhere else.
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

/** Nodes begin their searches at a random proof below this. */
export const MAX_PROOF_START = 2 ** 30

/** Proofs below this are tried first: students' programs with integers of 32 bits can read them. */
const EASY_PROOFS = 2 ** 31

/** Proofs one after another. */
export interface ProofRange {
  readonly from: number
  readonly tries: number
}

/**
 * The proofs from a position on, of a search that begins at `start`; fewer than asked for where it goes
 * on elsewhere: from `start` up to 2^31, then from 0 to `start`, then from 2^31 on.
 */
export function rangeAt(start: number, position: number, tries: number): ProofRange {
  const untilWrap = EASY_PROOFS - start
  if (position < untilWrap) {
    return { from: start + position, tries: Math.min(tries, untilWrap - position) }
  }
  if (position < EASY_PROOFS) {
    return { from: position - untilWrap, tries: Math.min(tries, EASY_PROOFS - position) }
  }
  return { from: position, tries: Math.min(tries, Number.MAX_SAFE_INTEGER + 1 - position) }
}

/** How many proofs a search that begins at `start` has tried when it comes to this one, itself included. */
export function triesUntil(start: number, proof: number): number {
  if (proof >= EASY_PROOFS) return proof + 1
  return proof >= start ? proof - start + 1 : proof + (EASY_PROOFS - start) + 1
}
