/** Mining failing blocks of the copy again, one after another, until all hold or somebody gives up. */
import { useState } from 'react'
import { expectedTries } from '../../jobs/search-figures.ts'
import { announce } from '../../parts/announce.ts'
import { type Action, useAction } from '../../parts/use-action.ts'
import { labText } from '../../text/lab.ts'
import { useText } from '../../text/language.ts'
import { nextStep } from './judge.ts'
import { type MiningProgress, mineProof } from './mining.ts'
import { currentWorkbench, setProof } from './workbench.ts'

export interface Remining {
  readonly action: Action<['one' | 'all'], void>
  /** What is searched for; undefined while nothing is. */
  readonly search: Searched | undefined
}

export interface Searched extends MiningProgress {
  readonly index: number
  /** How many tries it takes on average. */
  readonly expected: number
}

export function useRemining(): Remining {
  const text = useText(labText)
  const [search, setSearch] = useState<Searched>()
  const action = useAction(async (signal, which: 'one' | 'all') => {
    try {
      do await mineNext(signal)
      while (which === 'all' && canGoOn())
    } catch (error) {
      if (signal.aborted) announce(text.cancelled)
      throw error
    } finally {
      setSearch(undefined)
    }
  })

  async function mineNext(signal: AbortSignal): Promise<void> {
    const bench = currentWorkbench()
    const step = bench === undefined ? undefined : nextStep(bench.copy, bench.judgement)
    if (step?.type !== 'mine') return
    const { at, parent, puzzle } = step
    const about = { index: parent.index + 1, expected: expectedTries(puzzle.zeros) }
    setSearch({ ...about, tried: 0, seconds: 0 })
    const found = await mineProof(puzzle, {
      signal,
      onProgress: (progress) => setSearch({ ...about, ...progress }),
    })
    setProof(at, parent, found)
  }

  return { action, search }
}

function canGoOn(): boolean {
  const bench = currentWorkbench()
  return bench !== undefined && nextStep(bench.copy, bench.judgement).type === 'mine'
}
