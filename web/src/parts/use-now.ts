/** The time, for what is counted from it: all who look see the same second. */
import { useSyncExternalStore } from 'react'
import { Listeners } from './listeners.ts'

const TICK_MS = 1_000

let nowMs = Date.now()
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Listeners()

/** Milliseconds since 1970, anew each second. */
export function useNowMs(): number {
  return useSyncExternalStore(listen, () => nowMs)
}

function listen(listener: () => void): () => void {
  const leave = listeners.listen(listener)
  timer ??= setInterval(tick, TICK_MS)
  return () => {
    leave()
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

function tick(): void {
  nowMs = Date.now()
  listeners.tell()
}
