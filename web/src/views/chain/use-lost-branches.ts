/** The branches that lost, laid out: read anew when the chain was rewritten, and now and then. */
import { useMemo } from 'react'
import { client } from '../../node/client.ts'
import { useLoaded } from '../../parts/use-loaded.ts'
import { useNowMs } from '../../parts/use-now.ts'
import { type PlacedBranch, placeBranches } from './lanes.ts'

/** No event tells of a branch that came and lost at once. */
const LOOK_EVERY_MS = 15_000

export interface LostBranches {
  readonly branches: readonly PlacedBranch[]
  readonly error: unknown
  readonly retry: () => void
}

export function useLostBranches(rewrites: number): LostBranches {
  const look = Math.floor(useNowMs() / LOOK_EVERY_MS)
  const loaded = useLoaded('tips', `${rewrites} ${look}`, () => client.tips())
  const { value: tips } = loaded
  const branches = useMemo(() => {
    const lost = (tips ?? []).filter(({ isActive }) => !isActive)
    return placeBranches(
      lost.map(({ hash, fork, branchLength }) => ({
        tip: hash,
        fork: fork?.index ?? 0,
        length: branchLength,
      })),
    )
  }, [tips])
  const error = loaded.state === 'failed' ? loaded.error : undefined
  return { branches, error, retry: loaded.retry }
}
