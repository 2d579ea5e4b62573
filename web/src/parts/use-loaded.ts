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

interface Request {
  readonly key: string
  readonly request: string
}

type Outcome<T> = (Request & { readonly value: T }) | (Request & { readonly error: unknown })

/**
 * Loads when `key` or `version` changes, and gives the earlier load up. While another version of the
 * same thing is loaded, the earlier one stays; another thing begins with nothing.
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
  // Another version, or another try, is another request.
  const request = `${key} ${version} ${turn}`
  const latest = useRef(load)
  latest.current = load
  useEffect(() => {
    const controller = new AbortController()
    const { signal } = controller
    latest.current(signal).then(
      (value) => {
        if (!signal.aborted) setOutcome({ key, request, value })
      },
      (error: unknown) => {
        if (!signal.aborted) setOutcome({ key, request, error })
      },
    )
    return () => controller.abort()
  }, [key, request])
  if (outcome === undefined || outcome.key !== key) {
    return { state: 'loading', value: undefined, retry }
  }
  if ('error' in outcome) return { state: 'failed', value: undefined, error: outcome.error, retry }
  return { state: 'loaded', value: outcome.value, retry }
}
