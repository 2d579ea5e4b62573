/** Which entry of the glossary is asked for: whoever presses a word, and the dialog that shows it. */
import { useSyncExternalStore } from 'react'
import { Listeners } from './listeners.ts'

let opened: string | undefined
const listeners = new Listeners()

/** @param name of an entry; undefined closes the dialog */
export function openTerm(name: string | undefined): void {
  opened = name
  listeners.tell()
}

export function useOpenTerm(): string | undefined {
  return useSyncExternalStore(listeners.listen, () => opened)
}
