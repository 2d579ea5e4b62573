/** Something that the user sets off: it runs once at a time, can be given up, and ends well or badly. */
import { useCallback, useEffect, useRef, useState } from 'react'

export interface Action<A extends readonly unknown[], T> {
  readonly run: (...args: A) => Promise<void>
  /** Gives up what runs. */
  readonly cancel: () => void
  readonly isRunning: boolean
  /** What it came to the last time; undefined before, and while it runs again. */
  readonly result: T | undefined
  readonly error: unknown
  /** Forgets what it came to. */
  readonly clear: () => void
}

interface Outcome<T> {
  readonly result: T | undefined
  readonly error: unknown
}

const NOTHING = { result: undefined, error: undefined }

export function useAction<A extends readonly unknown[], T>(
  act: (signal: AbortSignal, ...args: A) => Promise<T>,
): Action<A, T> {
  const [outcome, setOutcome] = useState<Outcome<T>>(NOTHING)
  const [isRunning, setRunning] = useState(false)
  const running = useRef<AbortController>(undefined)
  const latest = useRef(act)
  latest.current = act
  // What a view has set off is given up when the view is left.
  useEffect(() => () => running.current?.abort(), [])

  const run = useCallback(async (...args: A) => {
    if (running.current !== undefined) return
    const controller = new AbortController()
    running.current = controller
    setRunning(true)
    setOutcome(NOTHING)
    try {
      const result = await latest.current(controller.signal, ...args)
      setOutcome({ result, error: undefined })
    } catch (error) {
      // Who gives something up knows that it has not been done.
      if (!controller.signal.aborted) setOutcome({ result: undefined, error })
    } finally {
      running.current = undefined
      setRunning(false)
    }
  }, [])
  const cancel = useCallback(() => running.current?.abort(), [])
  const clear = useCallback(() => setOutcome(NOTHING), [])
  return { run, cancel, isRunning, ...outcome, clear }
}
