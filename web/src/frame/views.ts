/** Which view is shown at which place. All but the first are loaded when they are first asked for. */
import { type ComponentType, createElement, useEffect, useState } from 'react'
import { Loading } from '../parts/states.tsx'
import { NowView } from '../views/now/now-view.tsx'
import type { Place, View } from './place.ts'

export type ViewComponent = ComponentType<{ readonly place: Place }>

export const COMPONENTS: Readonly<Record<View, ViewComponent>> = {
  now: NowView,
  hash: lazyView(async () => (await import('../views/hash/hash-view.tsx')).HashView),
  proof: lazyView(async () => (await import('../views/proof/proof-view.tsx')).ProofView),
  chain: lazyView(async () => (await import('../views/chain/chain-view.tsx')).ChainView),
  block: lazyView(async () => (await import('../views/block/block-view.tsx')).BlockView),
  branch: lazyView(async () => (await import('../views/branch/branch-view.tsx')).BranchView),
  lab: lazyView(async () => (await import('../views/lab/lab-view.tsx')).LabView),
  act: lazyView(async () => (await import('../views/act/act-view.tsx')).ActView),
  network: lazyView(async () => (await import('../views/network/network-view.tsx')).NetworkView),
  charts: lazyView(async () => (await import('../views/charts/charts-view.tsx')).ChartsView),
  glossary: lazyView(
    async () => (await import('../views/glossary/glossary-view.tsx')).GlossaryView,
  ),
  present: lazyView(async () => (await import('../views/present/present-view.tsx')).PresentView),
  tour: lazyView(async () => (await import('../views/tour/tour-view.tsx')).TourView),
}

/** Those that the head names; the others are reached from within them. */
export const NAMED: readonly View[] = [
  'now',
  'hash',
  'proof',
  'lab',
  'chain',
  'act',
  'network',
  'charts',
  'tour',
]

/** The view that has the whole screen, without head and foot. */
export const WITHOUT_FRAME: View = 'present'

/** The view in the head that a view belongs to. */
export const BELONGS_TO: Partial<Record<View, View>> = { block: 'chain', branch: 'chain' }

/**
 * A view that is loaded when it is first shown. Not React's `lazy`: whoever suspends is shown no sooner
 * than 300 ms after what stands in its place, however quickly it comes.
 */
function lazyView(load: () => Promise<ViewComponent>): ViewComponent {
  let loaded: ViewComponent | undefined
  return function LazyView({ place }) {
    const [View, setView] = useState(() => loaded)
    const [error, setError] = useState<unknown>()
    useEffect(() => {
      if (loaded !== undefined) return
      load().then((view) => {
        loaded = view
        setView(() => view)
      }, setError)
    }, [])
    if (error !== undefined) throw error
    return View === undefined ? createElement(Loading) : createElement(View, { place })
  }
}
