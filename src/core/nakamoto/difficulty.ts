/**
 * How hard the next block has to be: one of four rules, which a chain spec names. Each looks at ancestors only,
 * so it can be told before a block is there. `fixed` is the whole rule of a chain for experiments: it never
 * changes.
 */
import type { Header } from '../block.ts'
import type { NOT_CHECKABLE, Past } from '../checks.ts'
import { assertNever } from '../errors.ts'
import { type Asert, asertBits } from './asert.ts'
import { type BitcoinRetarget, bitcoinBits } from './bitcoin.ts'
import { type Lwma, lwmaBits } from './lwma.ts'
import { encodeCompact } from './target.ts'

export type Difficulty = { readonly type: 'fixed' } | Lwma | Asert | BitcoinRetarget

/** The bits that the block after these has to carry. @param limit the easiest target */
export function nextBits(
  past: Past & { readonly parent: Header },
  difficulty: Difficulty,
  limit: bigint,
): number | typeof NOT_CHECKABLE {
  switch (difficulty.type) {
    case 'fixed':
      return encodeCompact(limit)
    case 'lwma':
      return lwmaBits(past, difficulty, limit)
    case 'asert':
      return asertBits(past, difficulty, limit)
    case 'bitcoin':
      return bitcoinBits(past, difficulty, limit)
    default:
      return assertNever(difficulty)
  }
}
