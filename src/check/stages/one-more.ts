/** Why a call to mine has not added one block to the chain. */
import { isSameBlock } from '../world/served-chain.ts'
import type { Mined, World } from '../world/world.ts'

const ONE_BLOCK = 'one call to mine makes one block'
const NOT_APPENDED = 'the block that was mined has to be appended to the chain'
const TOO_LATE =
  'the answer came before the block was in the chain: wait until it is mined and appended, and answer then'
const NO_FIRST =
  'block 1 is another than before: /chain shows the whole chain, from the first block on'

export function whyNotOneMore({ before, after }: Mined, { hasComeLate }: World): string {
  const [first, then] = [before.blocks[0], after?.blocks[0]]
  if (first !== undefined && then !== undefined && !isSameBlock(first, then)) return NO_FIRST
  if ((after?.blocks.length ?? 0) > before.blocks.length) return ONE_BLOCK
  return hasComeLate ? TOO_LATE : NOT_APPENDED
}
