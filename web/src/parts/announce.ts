/** What screen readers are to say: one line at a time, in the page's one live region (app.tsx). */
import { useSyncExternalStore } from 'react'
import { Listeners } from './listeners.ts'

let said = ''
const listeners = new Listeners()

export function announce(text: string): void {
  // The same words twice would not be read the second time.
  said = text === said ? `${text}\u00a0` : text
  listeners.tell()
}

export function useAnnouncement(): string {
  return useSyncExternalStore(listeners.listen, () => said)
}
