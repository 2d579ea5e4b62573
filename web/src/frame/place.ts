/**
 * Every view's address: `#/view/argument?key=value`. It lives in the fragment, because the paths
 * belong to the node's API: `/chain` is what curl reads, `/#/chain` what people see.
 */

export const VIEWS = [
  'now',
  'hash',
  'proof',
  'lab',
  'chain',
  'block',
  'branch',
  'act',
  'network',
  'charts',
  'tour',
  'glossary',
  'present',
] as const

export type View = (typeof VIEWS)[number]

export interface Place {
  readonly view: View
  /** What of it: a height, a hash; empty for the view itself. */
  readonly what: string
  readonly query: Readonly<Record<string, string>>
}

/** The place that an address names; undefined for one that we do not have. */
export function parsePlace(fragment: string): Place | undefined {
  const [path = '', search = ''] = fragment.replace(/^#?\/?/, '').split('?', 2)
  const [name = '', ...rest] = path.split('/')
  const view = name === '' ? 'now' : VIEWS.find((known) => known === name)
  const what = decoded(rest.join('/'))
  if (view === undefined || what === undefined) return undefined
  return { view, what, query: Object.fromEntries(new URLSearchParams(search)) }
}

/** The address of a place, for a link. */
export function hrefOf(
  view: View,
  what: string | number = '',
  query: Readonly<Record<string, string>> = {},
): string {
  const search = new URLSearchParams(query).toString()
  const path = what === '' ? view : `${view}/${encodeURIComponent(what)}`
  return `#/${view === 'now' && what === '' ? '' : path}${search === '' ? '' : `?${search}`}`
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    // A percent sign that begins no escape: a broken link, which leads nowhere.
    return undefined
  }
}
