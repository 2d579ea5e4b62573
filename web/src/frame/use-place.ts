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

/** Goes to an address of this page; with `replace`, the back button does not return to this one. */
export function go(href: string, { replace = false } = {}): void {
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
