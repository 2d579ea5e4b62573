/**
 * Where one was in the chain, kept with the entry in the browser's history: the back button and a
 * reload lead to the very same blocks.
 */
import type { Spot } from './rows.ts'

const KEY = 'chainSpot'

export function rememberSpot(spot: Spot | undefined): void {
  history.replaceState(spot === undefined ? null : { [KEY]: spot }, '')
}

export function rememberedSpot(): Spot | undefined {
  const state: unknown = history.state
  if (!isObject(state) || !(KEY in state)) return undefined
  const spot: unknown = state[KEY]
  if (!isObject(spot) || !('index' in spot) || !('part' in spot)) return undefined
  const { index, part } = spot
  return typeof index === 'number' && typeof part === 'number' ? { index, part } : undefined
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
