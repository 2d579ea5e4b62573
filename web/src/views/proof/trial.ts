/** Trying proofs by hand and by machine: how many were tried, and which was the best so far. */
import { type Puzzle, puzzleDigest } from '../../../../src/core/puzzle.ts'
import { leadingZeros } from '../../chain/numbers.ts'
import type { Try } from '../../parts/digest-rows.tsx'

export interface Trial {
  /** The proof that is looked at. */
  readonly now: Try
  /** How many were tried since the puzzle was begun; the same one twice counts once in a row. */
  readonly tried: number
  /** The one with the most leading zeros, of equal ones the first. */
  readonly best: Try
  /** The last ones, oldest first. */
  readonly last: readonly Try[]
}

/** Tries that are shown. */
export const SHOWN_TRIES = 8

export function beginTrial(puzzle: Puzzle, proof = 0): Trial {
  const now = tryProof(puzzle, proof)
  return { now, tried: 1, best: now, last: [now] }
}

export function nextTrial(trial: Trial, puzzle: Puzzle, proof: number): Trial {
  if (proof === trial.now.proof) return trial
  const now = tryProof(puzzle, proof)
  return {
    now,
    tried: trial.tried + 1,
    best: isBetter(now, trial.best) ? now : trial.best,
    last: [...trial.last.filter((each) => each.proof !== proof), now].slice(-SHOWN_TRIES),
  }
}

/**
 * Tries one proof after another for as long as it may.
 * @param mayGoOn asked before each try
 */
export function runTrial(trial: Trial, puzzle: Puzzle, mayGoOn: () => boolean): Trial {
  let { now, tried, best } = trial
  const ring = [...trial.last]
  while (leadingZeros(now.digest) < puzzle.zeros && mayGoOn()) {
    now = tryProof(puzzle, now.proof + 1)
    tried++
    if (isBetter(now, best)) best = now
    ring.push(now)
    if (ring.length > SHOWN_TRIES) ring.shift()
  }
  return { now, tried, best, last: ring }
}

export function isFound({ now }: Trial, { zeros }: Puzzle): boolean {
  return leadingZeros(now.digest) >= zeros
}

function tryProof(puzzle: Puzzle, proof: number): Try {
  return { proof, digest: puzzleDigest(puzzle, proof) }
}

function isBetter(a: Try, b: Try): boolean {
  return leadingZeros(a.digest) > leadingZeros(b.digest)
}
