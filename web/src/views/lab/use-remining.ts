/**
 * Mining invalid blocks of the copy again, one after another, until all are valid or somebody gives up; on
 * the sample, against the honest miners, and then on until the rewritten chain is the longer one.
 */
import { useState } from 'react'
import type { Puzzle } from '../../../../src/core/puzzle.ts'
import { type MiningProgress, ProofMiner } from '../../jobs/proof-miner.ts'
import { expectedTries } from '../../jobs/search-figures.ts'
import { announce } from '../../parts/announce.ts'
import { type Action, useAction } from '../../parts/use-action.ts'
import { labText } from '../../text/lab.ts'
import { useText } from '../../text/language.ts'
import { mineHonestly, nextHeader } from './honest-miners.ts'
import { nextStep } from './judge.ts'
import { standingOf } from './race.ts'
import { currentWorkbench, setProof, setRace } from './workbench.ts'

/** `race`: mines on after the last block, until the rewritten chain is longer than the honest one. */
export type ReminingGoal = 'one' | 'all' | 'race'

export interface Remining {
  readonly action: Action<[ReminingGoal], void>
  /** What is searched for; undefined while nothing is. */
  readonly search: Searched | undefined
}

export interface Searched extends MiningProgress {
  readonly puzzle: Puzzle
  readonly index: number
  /** How many tries it takes on average. */
  readonly expected: number
}

const miner = new ProofMiner()

export function useRemining(): Remining {
  const text = useText(labText)
  const [search, setSearch] = useState<Searched>()
  const action = useAction(async (signal, goal: ReminingGoal) => {
    const bench = currentWorkbench()
    const honest = new AbortController()
    const others =
      bench?.source.type === 'sample' ? mineHonestly(bench.copy, honest.signal) : undefined
    try {
      if (goal === 'race') while (isBehind()) await mineOn(signal)
      else {
        do await mineNext(signal)
        while (goal === 'all' && canGoOn())
      }
    } catch (error) {
      if (signal.aborted) announce(text.cancelled)
      throw error
    } finally {
      honest.abort()
      setSearch(undefined)
      await others
    }
  })

  async function mineNext(signal: AbortSignal): Promise<void> {
    const bench = currentWorkbench()
    const step = bench === undefined ? undefined : nextStep(bench.copy, bench.judgement)
    if (step?.type !== 'mine') return
    const { at, parent, puzzle } = step
    setProof(at, parent, await searchFor(puzzle, parent.index + 1, signal))
  }

  /** One more block after the last of the copy. */
  async function mineOn(signal: AbortSignal): Promise<void> {
    const bench = currentWorkbench()
    if (bench === undefined) return
    const { copy, race, judgement } = bench
    const parent = race.added.at(-1) ?? judgement.blocks.at(-1)?.block?.header
    if (parent === undefined) return
    const puzzle = copy.rules.puzzle(parent)
    const { proof } = await searchFor(puzzle, parent.index + 1, signal)
    const header = nextHeader(copy.rules, parent, { proof, by: 'rewriter' })
    setRace(copy, (latest) => ({ ...latest, added: [...latest.added, header] }))
  }

  function searchFor(puzzle: Puzzle, index: number, signal: AbortSignal) {
    const about = { puzzle, index, expected: expectedTries(puzzle.zeros) }
    setSearch({ ...about, tried: 0, seconds: 0 })
    const onProgress = (progress: MiningProgress) => setSearch({ ...about, ...progress })
    return miner.mine(puzzle, { signal, onProgress })
  }

  return { action, search }
}

function canGoOn(): boolean {
  const bench = currentWorkbench()
  return bench !== undefined && nextStep(bench.copy, bench.judgement).type === 'mine'
}

function isBehind(): boolean {
  const bench = currentWorkbench()
  if (bench === undefined || bench.judgement.firstInvalid !== undefined) return false
  const { honest, rewritten } = standingOf(bench)
  return rewritten <= honest
}
