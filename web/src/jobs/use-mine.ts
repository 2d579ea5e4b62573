/** Mines one block for the user, and tells how the search goes while it runs. */
import { useEffect, useState } from 'react'
import type { MinedBlock } from '../../../src/api/client/client.ts'
import { useSpec } from '../chain/use-spec.ts'
import { change, client } from '../node/client.ts'
import { refresh } from '../node/connection.ts'
import { useConnectionPart } from '../node/use-connection.ts'
import { type Action, useAction } from '../parts/use-action.ts'
import type { SearchSample } from './search-figures.ts'

/** How a wish for a block ended: with one, or given up. */
export type MineOutcome =
  | {
      readonly type: 'mined'
      readonly block: MinedBlock
      readonly seconds: number
    }
  | { readonly type: 'given-up' }

export interface Mine<T> {
  readonly action: Action<[], T>
  /** Undefined until the node has been asked how it goes. */
  readonly sample: SearchSample | undefined
}

interface Start {
  readonly atMs: number
  readonly tried: number
}

const LOOK_EVERY_MS = 500

/** @param end makes of the outcome what the view wants of it; announces it too */
export function useMine<T>(end: (outcome: MineOutcome) => T | Promise<T>): Mine<T> {
  const [start, setStart] = useState<Start>()
  const [sample, setSample] = useState<SearchSample>()
  const action = useAction(async (signal) => {
    setSample(undefined)
    const outcome = await mineOnce(signal, setStart)
    refresh()
    return await end(outcome)
  })
  useEffect(() => {
    if (start === undefined) return
    const timer = setInterval(() => {
      client.mining().then(
        ({ tried, rate }) => {
          const seconds = (performance.now() - start.atMs) / 1000
          setSample({ tries: Math.max(0, tried - start.tried), rate, seconds })
        },
        () => {
          // The page's head says when nobody answers; the last figures stay until then.
        },
      )
    }, LOOK_EVERY_MS)
    return () => clearInterval(timer)
  }, [start])
  return { action, sample }
}

async function mineOnce(
  signal: AbortSignal,
  setStart: (start: Start | undefined) => void,
): Promise<MineOutcome> {
  try {
    return await change(async (node) => {
      const { tried } = await client.mining()
      const atMs = performance.now()
      setStart({ atMs, tried })
      const block = await node.mine({ signal })
      return { type: 'mined', block, seconds: (performance.now() - atMs) / 1000 }
    })
  } catch (error) {
    if (!signal.aborted) throw error
    return { type: 'given-up' }
  } finally {
    setStart(undefined)
  }
}

/** Whether the chain has gone on since a block was mined: what was said of that block is then old. */
export function useIsOldNews(outcome: MineOutcome | undefined): boolean {
  const height = useConnectionPart(({ info }) => info?.height ?? 0)
  return outcome?.type === 'mined' && height > outcome.block.index
}

/** How many zeros a proof's digest begins with on this chain; undefined until it is known. */
export function useZeros(): number | undefined {
  const spec = useSpec()
  return spec?.rules.puzzle(spec.rules.genesis.header).zeros
}
