/** Where the page is, and going elsewhere: the browser's history does the work. */
import { useSyncExternalStore } from 'react'
import { type Place, parsePlace } from './place.ts'

let seen = { fragment: location.hash, place: parsePlace(location.hash) }

/** The place that the address names; undefined for one that we do not have. */
export function usePlace(): Place | undefined {
  return useSyncExternalStore(listen, () => {
    const { hash } = location
    // The same object for the same address, or React would draw for ever.
    if (hash !== seen.fragment) seen = { fragment: hash, place: parsePlace(hash) }
    return seen.place
  })
}

/**
 * Goes to an address of this page.
 * @param options.replace whether the back button does not return to this one
 * @param options.from the place that asks: it is no longer heard once another is shown
 */
export function go(
  href: string,
  { replace = false, from }: { replace?: boolean; from?: Place } = {},
): void {
  if (from !== undefined && seen.place !== from) return
  if (!replace) {
    location.hash = href
    return
  }
  // Somebody has gone on meanwhile: what is shown is no longer where the browser is.
  if (location.hash !== seen.fragment) return
  history.replaceState(null, '', href)
  dispatchEvent(new HashChangeEvent('hashchange'))
}

function listen(listener: () => void): () => void {
  addEventListener('hashchange', listener)
  return () => removeEventListener('hashchange', listener)
}
