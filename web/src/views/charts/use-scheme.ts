/** Whether the page is light or dark just now: by the user's choice, or else by the system's. */
import { useSyncExternalStore } from 'react'
import { useTheme } from '../../frame/theme.ts'

const system = matchMedia('(prefers-color-scheme: dark)')

export function useScheme(): 'light' | 'dark' {
  const theme = useTheme()
  const isDark = useSyncExternalStore(listen, () => system.matches)
  if (theme !== 'auto') return theme
  return isDark ? 'dark' : 'light'
}

function listen(listener: () => void): () => void {
  system.addEventListener('change', listener)
  return () => system.removeEventListener('change', listener)
}
