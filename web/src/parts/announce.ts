/** What screen readers are to say: one line at a time, in the page's one live region (app.tsx). */
import { useSyncExternalStore } from 'react'

let said = ''
const listeners = new Set<() => void>()

export function announce(text: string): void {
  // The same words twice would not be read the second time.
  said = text === said ? `${text}\u00a0` : text
  for (const listener of listeners) listener()
}

export function useAnnouncement(): string {
  return useSyncExternalStore(listen, () => said)
}

function listen(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
