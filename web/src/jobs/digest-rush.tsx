/**
 * Digests pass by while a proof is searched for: real ones of the same puzzle, computed here. A search
 * makes millions a second; nobody could read them, so a few of them are shown.
 */
import { useEffect, useRef, useState } from 'react'
import { type Puzzle, puzzleDigest } from '../../../src/core/puzzle.ts'
import { DigestRows, type Try } from '../parts/digest-rows.tsx'

const SHOWN = 5
const EVERY_MS = 60
/** Who wants less motion sees a new one this often. */
const CALM_MS = 1_000

/** @param from how far the search is: the next number that is shown is at least this */
export function DigestRush({ puzzle, from }: { puzzle: Puzzle; from: number }) {
  const [tries, setTries] = useState<readonly Try[]>([])
  const latest = useRef(from)
  latest.current = from
  useEffect(() => {
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches
    const timer = setInterval(add, isCalm ? CALM_MS : EVERY_MS)
    return () => clearInterval(timer)

    function add(): void {
      setTries((before) => {
        const proof = Math.max(latest.current, (before.at(-1)?.proof ?? -1) + 1)
        return [...before, { proof, digest: puzzleDigest(puzzle, proof) }].slice(-SHOWN)
      })
    }
  }, [puzzle])
  return (
    <div className="rush" aria-hidden="true">
      <DigestRows tries={tries} zeros={puzzle.zeros} />
    </div>
  )
}

/** The end of a search: the tries before the proof that fits, and that proof. */
export function LastTries({ puzzle, proof }: { puzzle: Puzzle; proof: number }) {
  const first = Math.max(0, proof - SHOWN + 1)
  const tries = Array.from({ length: proof - first + 1 }, (_, i): Try => {
    return { proof: first + i, digest: puzzleDigest(puzzle, first + i) }
  })
  return (
    <div className="rush">
      <DigestRows tries={tries} zeros={puzzle.zeros} />
    </div>
  )
}
