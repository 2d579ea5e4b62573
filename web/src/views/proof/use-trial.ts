/** A trial that somebody steers: by hand, number by number, or running by itself, frame by frame. */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Puzzle } from '../../../../src/core/puzzle.ts'
import { beginTrial, isFound, nextTrial, runTrial, type Trial } from './trial.ts'

/** What one frame may spend on digests, so that the page stays smooth. */
const SLICE_MS = 7
/** Digests between two looks at the clock. */
const LOOK_EVERY = 32
/** Who wants less motion sees it anew this often. */
const CALM_MS = 1_000

export interface SteeredTrial {
  readonly trial: Trial
  readonly isRunning: boolean
  readonly try: (proof: number) => void
  readonly start: () => void
  readonly stop: () => void
  readonly begin: () => void
}

export function useTrial(puzzle: Puzzle): SteeredTrial {
  const [trial, setTrial] = useState(() => beginTrial(puzzle))
  const [isRunning, setRunning] = useState(false)
  const latest = useRef(trial)

  const show = useCallback((next: Trial) => {
    latest.current = next
    setTrial(next)
  }, [])
  const begin = useCallback(() => {
    setRunning(false)
    show(beginTrial(puzzle))
  }, [puzzle, show])
  const isFirst = useRef(true)
  useEffect(() => {
    // Another puzzle is another search.
    if (!isFirst.current) begin()
    isFirst.current = false
  }, [begin])
  useEffect(() => {
    if (!isRunning) return
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches
    let shownMs = 0
    let frame = requestAnimationFrame(runFrame)
    return () => cancelAnimationFrame(frame)

    function runFrame(atMs: number): void {
      const endMs = performance.now() + SLICE_MS
      let count = 0
      latest.current = runTrial(latest.current, puzzle, () => {
        count++
        return count % LOOK_EVERY !== 0 || performance.now() < endMs
      })
      const isEnd = isFound(latest.current, puzzle)
      if (isEnd || !isCalm || atMs - shownMs >= CALM_MS) {
        shownMs = atMs
        setTrial(latest.current)
      }
      if (isEnd) setRunning(false)
      else frame = requestAnimationFrame(runFrame)
    }
  }, [isRunning, puzzle])

  return {
    trial,
    isRunning,
    try: (proof) => show(nextTrial(latest.current, puzzle, proof)),
    start: () => {
      // A proof that fits is no place to stand still.
      if (isFound(latest.current, puzzle)) {
        show(nextTrial(latest.current, puzzle, latest.current.now.proof + 1))
      }
      setRunning(true)
    },
    stop: () => {
      setRunning(false)
      setTrial(latest.current)
    },
    begin,
  }
}
