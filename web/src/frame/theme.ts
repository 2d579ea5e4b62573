/** Light or dark: as the system has it, unless the user says otherwise. */
import { useSyncExternalStore } from 'react'
import { Listeners } from '../parts/listeners.ts'

export const THEMES = ['auto', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

const REMEMBERED = 'toychain-theme'

let current: Theme = chosenBefore()
const listeners = new Listeners()
show()

export function useTheme(): Theme {
  return useSyncExternalStore(listeners.listen, () => current)
}

export function chooseTheme(theme: Theme): void {
  current = theme
  show()
  try {
    localStorage.setItem(REMEMBERED, theme)
  } catch {
    // The choice then lasts as long as the page.
  }
  listeners.tell()
}

function show(): void {
  if (current === 'auto') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = current
}

function chosenBefore(): Theme {
  try {
    return THEMES.find((theme) => theme === localStorage.getItem(REMEMBERED)) ?? 'auto'
  } catch {
    // A browser that keeps nothing for this page: as the system has it.
    return 'auto'
  }
}
