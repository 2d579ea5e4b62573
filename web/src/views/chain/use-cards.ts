/** The cards of the rows that are drawn, and what is beside them, as they come. */
import { useEffect, useMemo, useReducer, useState } from 'react'
import { read } from '../../chain/reader.ts'
import { CardCache } from './card-cache.ts'
import { ForkCache } from './fork-cache.ts'
import { branchesNear, type PlacedBranch } from './lanes.ts'
import type { Range } from './rows.ts'

/** @param at the chain's length, and how often it has been rewritten */
export function useCards(
  { newest, oldest }: Range,
  { length, rewrites }: { length: number; rewrites: number },
): CardCache {
  const [, draw] = useReducer((count: number) => count + 1, 0)
  const [cache] = useState(() => new CardCache((part) => read('cards', part), draw))
  useEffect(
    () => cache.want({ newest, oldest }, { length, rewrites }),
    [cache, newest, oldest, length, rewrites],
  )
  return cache
}

/** @param branches those near the rows that are drawn */
export function useForks(
  branches: readonly PlacedBranch[],
  { length, rewrites }: { length: number; rewrites: number },
): ForkCache {
  const [, draw] = useReducer((count: number) => count + 1, 0)
  const [cache] = useState(() => new ForkCache((ask) => read('fork', ask), draw))
  useEffect(() => cache.want(branches, { length, rewrites }), [cache, branches, length, rewrites])
  return cache
}

/** Those of the branches that are to be seen among the rows; the same list while they are the same. */
export function useBranchesNear(
  branches: readonly PlacedBranch[],
  { newest, oldest }: Range,
): readonly PlacedBranch[] {
  return useMemo(() => branchesNear(branches, { newest, oldest }), [branches, newest, oldest])
}
