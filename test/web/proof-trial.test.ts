/** Tries at a proof, without a browser: what is counted, what is the best, where it ends. */
import { describe, expect, it } from 'vitest'
import { search, solves } from '../../src/core/puzzle.ts'
import { CLASSIC, withDifficulty } from '../../src/core/spec.ts'
import { bitDifferences, changedBits } from '../../web/src/chain/digests.ts'
import { leadingZeros } from '../../web/src/chain/numbers.ts'
import {
  beginTrial,
  isFound,
  nextTrial,
  runTrial,
  SHOWN_TRIES,
} from '../../web/src/views/proof/trial.ts'

const { rules } = withDifficulty(CLASSIC, 2)
const puzzle = rules.puzzle(rules.genesis.header)

describe('a trial', () => {
  it('counts each number once in a row, and keeps the last ones', () => {
    let trial = beginTrial(puzzle)
    for (const proof of [5, 5, 6, 5]) trial = nextTrial(trial, puzzle, proof)
    expect(trial.tried).toBe(4)
    expect(trial.last.map(({ proof }) => proof)).toEqual([0, 6, 5])
    for (let proof = 10; proof < 30; proof++) trial = nextTrial(trial, puzzle, proof)
    expect(trial.last).toHaveLength(SHOWN_TRIES)
  })

  it('runs to the first proof that fits, and remembers the best until then', () => {
    const trial = runTrial(beginTrial(puzzle), puzzle, () => true)
    expect(trial.now.proof).toBe(search(puzzle, { from: 0, tries: 1_000_000 }))
    expect(isFound(trial, puzzle)).toBe(true)
    expect(trial.tried).toBe(trial.now.proof + 1)
    expect(trial.best).toBe(trial.now)
  })

  it('stops where it may not go on, at the best so far', () => {
    let left = 100
    const trial = runTrial(beginTrial({ ...puzzle, zeros: 64 }), puzzle, () => left-- > 0)
    const tries = Array.from({ length: trial.now.proof + 1 }, (_, proof) => proof)
    expect(trial.tried).toBe(tries.length)
    const most = Math.max(...tries.slice(0, 200).map((proof) => zerosOf(proof)))
    expect(leadingZeros(trial.best.digest)).toBe(most)
    expect(tries.findIndex((proof) => zerosOf(proof) === most)).toBe(trial.best.proof)
  })
})

function zerosOf(proof: number): number {
  let zeros = 0
  while (solves({ ...puzzle, zeros: zeros + 1 }, proof)) zeros++
  return zeros
}

describe('the bits of two digests', () => {
  it('differ digit by digit', () => {
    expect(bitDifferences('0f3', '0a3')).toEqual([0, 5, 0])
    expect(changedBits('0f3', '0a3')).toBe(2)
    expect(changedBits('ffff', '0000')).toBe(16)
    expect(changedBits('abc', 'abc')).toBe(0)
  })
})
