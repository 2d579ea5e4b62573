/** What a BlockChain may be given. */
import type { Spec } from '../../core/spec.ts'
import type { Store } from '../store/store.ts'
import type { ChainLimits } from './chain-parts.ts'

export interface BlockChainOptions extends ChainLimits {
  readonly spec?: Spec | undefined
  readonly store?: Store | undefined
}

const OPTIONS = ['spec', 'store', 'poolLimits', 'maxSideBytes']

/** Plain JavaScript calls this too, and an option that means nothing would be taken without a word. */
export function refuseUnknown(options: BlockChainOptions): void {
  if ('difficulty' in options) {
    const right = 'withDifficulty(CLASSIC, 3)'
    throw new TypeError(`BlockChain: a difficulty belongs to a spec, as in {spec: ${right}}`)
  }
  const unknown = Object.keys(options).find((key) => !OPTIONS.includes(key))
  if (unknown === undefined) return
  throw new TypeError(`BlockChain: unknown option "${unknown}" (known: ${OPTIONS.join(', ')})`)
}

/** Those of a chain, among what a node was given. */
export function chainOptionsIn(options: BlockChainOptions): BlockChainOptions {
  const { spec, store, poolLimits, maxSideBytes } = options
  return { spec, store, poolLimits, maxSideBytes }
}
