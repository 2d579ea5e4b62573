/** The index that the block at a position of the copy has on the chain, whatever has been typed over it. */
import type { Copy } from './judge.ts'

export function indexOf({ originals }: Copy, at: number): number {
  return originals[at]?.header.index ?? 0
}
