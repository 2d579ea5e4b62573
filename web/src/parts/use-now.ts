/** The time, for what is counted from it: all who look see the same second. */
import { useSyncExternalStore } from 'react'

const TICK_MS = 1_000

let nowMs = Date.now()
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

/** Milliseconds since 1970, anew each second. */
export function useNowMs(): number {
  return useSyncExternalStore(listen, () => nowMs)
}

function listen(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(tick, TICK_MS)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

function tick(): void {
  nowMs = Date.now()
  for (const listener of listeners) listener()
}
