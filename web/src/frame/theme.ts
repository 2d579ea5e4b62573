/** Light or dark: as the system has it, unless the user says otherwise. */
import { useSyncExternalStore } from 'react'

export const THEMES = ['auto', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

const REMEMBERED = 'toychain-theme'

let current: Theme = chosenBefore()
const listeners = new Set<() => void>()
show()

export function useTheme(): Theme {
  return useSyncExternalStore(listen, () => current)
}

export function chooseTheme(theme: Theme): void {
  current = theme
  show()
  try {
    localStorage.setItem(REMEMBERED, theme)
  } catch {
    // The choice then lasts as long as the page.
  }
  for (const listener of listeners) listener()
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

function listen(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
