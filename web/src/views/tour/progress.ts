/**
 * What has been done of the tour. Which steps are done is in the address, so that it outlives the page and
 * goes from node to node; what came of them is kept for as long as the page is open.
 */
import { useSyncExternalStore } from 'react'
import { Listeners } from '../../parts/listeners.ts'
import type { StepResult } from './steps.ts'
import type { StepId } from './story.ts'

export type Progress = ReadonlyMap<StepId, StepResult>

let progress: Progress = new Map()
let left: string | undefined
const listeners = new Listeners()

export function useProgress(): Progress {
  return useSyncExternalStore(listeners.listen, () => progress)
}

/** Keeps what came of a step; of one that was given up, what came of it before. */
export function keepResult(step: StepId, result: StepResult): void {
  progress = new Map(progress).set(step, result)
  listeners.tell()
}

/** Where the tour was left, as an address of this page; undefined before it has begun. */
export function placeLeft(): string | undefined {
  return left
}

export function leaveAt(href: string): void {
  left = href
}
