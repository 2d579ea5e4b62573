/** Something that is loaded when it is shown: its states, and trying again. */
import { useCallback, useEffect, useRef, useState } from 'react'

export type Loaded<T> =
  | { readonly state: 'loading'; readonly value: undefined; readonly retry: () => void }
  | { readonly state: 'loaded'; readonly value: T; readonly retry: () => void }
  | {
      readonly state: 'failed'
      readonly value: undefined
      readonly error: unknown
      readonly retry: () => void
    }

type Outcome<T> =
  | { readonly key: string; readonly value: T }
  | { readonly key: string; readonly error: unknown }

/**
 * Loads when `key` or `version` changes. Another key is another thing: it begins with nothing, and the
 * load before it is given up. Another version is the same thing, newer: what was there stays until it
 * comes, and a load that runs is let run, so that versions that come fast do not starve each other.
 * @param load may be another function at each drawing; only key and version count
 */
export function useLoaded<T>(
  key: string,
  version: string | number,
  load: (signal: AbortSignal) => Promise<T>,
): Loaded<T> {
  const [outcome, setOutcome] = useState<Outcome<T>>()
  const [turn, setTurn] = useState(0)
  const retry = useCallback(() => setTurn((last) => last + 1), [])
  const request = `${key} ${version} ${turn}`
  const latest = useRef({ key, load, request })
  latest.current = { key, load, request }
  const running = useRef<{ readonly key: string; readonly controller: AbortController }>(undefined)

  const run = useCallback(async (request: string) => {
    const { key, load } = latest.current
    const controller = new AbortController()
    running.current = { key, controller }
    const loaded = await load(controller.signal).then(
      (value) => ({ key, value }),
      (error: unknown) => ({ key, error }),
    )
    if (controller.signal.aborted) return
    running.current = undefined
    setOutcome(loaded)
    if (latest.current.request !== request) run(latest.current.request)
  }, [])
  useEffect(() => {
    if (running.current?.key === key) return
    running.current?.controller.abort()
    run(request)
  }, [key, request, run])
  useEffect(() => {
    return () => {
      running.current?.controller.abort()
      running.current = undefined
    }
  }, [])

  if (outcome === undefined || outcome.key !== key) {
    return { state: 'loading', value: undefined, retry }
  }
  if ('error' in outcome) return { state: 'failed', value: undefined, error: outcome.error, retry }
  return { state: 'loaded', value: outcome.value, retry }
}
