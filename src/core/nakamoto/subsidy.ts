/**
 * New money: each block's coinbase gives a subsidy that halves every so many blocks and ends at nothing.
 * Source: Bitcoin Core, src/validation.cpp, GetBlockSubsidy. Halved there by a shift, which a shift of 64 places
 * would bring back (BIP42); here by division.
 */

export interface Issue {
  /** What the first block after the genesis gives, in units. */
  readonly subsidy: number
  /** Blocks until it halves. */
  readonly halvingBlocks: number
}

/** @param height Bitcoin's, from 0; the genesis itself gives nothing */
export function subsidyAt(height: number, { subsidy, halvingBlocks }: Issue): number {
  if (height === 0) return 0
  let units = subsidy
  for (let era = Math.floor(height / halvingBlocks); era > 0 && units > 0; era--) {
    units = Math.floor(units / 2)
  }
  return units
}

/** All that blocks will ever give. */
export function totalSubsidies({ subsidy, halvingBlocks }: Issue): bigint {
  // The genesis is the first of its era and gives nothing.
  let total = -BigInt(subsidy)
  for (let units = subsidy; units > 0; units = Math.floor(units / 2)) {
    total += BigInt(units) * BigInt(halvingBlocks)
  }
  return total
}
