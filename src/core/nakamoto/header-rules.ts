/**
 * The rules of headers that come alone, for chains whose blocks are somebody else's: Bitcoin's own headers obey
 * the same rows of checks as ours do.
 */
import { type Check, Pipeline } from '../checks.ts'
import { assert } from '../errors.ts'
import { type BlockHash, isBlockHash } from '../hash.ts'
import type { HeaderRules } from '../header-chain.ts'
import { RETARGET_BLOCKS } from './bitcoin.ts'
import type { BodyReading } from './body.ts'
import { bitsOf } from './header.ts'
import { type HeaderParameters, headerFormCheck, placeChecks, workChecks } from './header-checks.ts'
import { MEDIAN_BLOCKS } from './median-time.ts'
import { BlockReading, type TransactionReading } from './reading.ts'
import { decodeCompact, workOf } from './target.ts'

/** @param genesis the hash of the only header that may come without one before it */
export function headerRules(
  parameters: HeaderParameters,
  genesis: BlockHash,
  has: (row: Check) => boolean = () => true,
): HeaderRules {
  const { difficulty } = parameters
  assert(difficulty.type === 'bitcoin', 'what the other rules look back at is kept by a node')
  const pipeline = new Pipeline<BlockReading, TransactionReading, BodyReading>({
    rows: [
      headerFormCheck(),
      ...workChecks(parameters, () => genesis),
      ...placeChecks(parameters),
    ].filter(has),
    isGenesis: (read) => read.isGenesis,
    itemsIn: () => [],
  })
  return {
    genesis,
    checks: pipeline.checks,
    lookBack: Math.max(RETARGET_BLOCKS, MEDIAN_BLOCKS),
    decodeHeader: (hex, index) => {
      const read = new BlockReading(hex)
      pipeline.checkForm(read)
      return read.placed(() => index)
    },
    checkKnownPlace: (header, past) => pipeline.checkKnownPlace(header, past),
    work: (header) => workOf(decodeCompact(bitsOf(header)).magnitude),
    periodBlocks: RETARGET_BLOCKS,
    beginsPeriod: (header, parent) => bitsOf(header) !== bitsOf(parent),
    withoutHeights: () =>
      headerRules(parameters, genesis, (row) => has(row) && !countsHeights(row)),
  }
}

/** Bitcoin's main network. Source: Bitcoin Core, src/kernel/chainparams.cpp. */
export function bitcoinHeaderRules(): HeaderRules {
  const genesis = '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f'
  assert(isBlockHash(genesis), 'a hash has 64 digits')
  return headerRules(
    {
      difficulty: { type: 'bitcoin', spacingSec: 600 },
      easiestBits: 0x1d00ffff,
      maxFutureSec: 7_200,
    },
    genesis,
  )
}

/** Which difficulty is demanded depends on where a period begins. */
function countsHeights({ step, code }: Check): boolean {
  return step === 'place' && code === 'bad-diffbits'
}
