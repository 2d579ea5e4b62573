/** The kernels with four lanes of SIMD. Exports the same as scalar.ts. */
import * as classic from './classic'
import * as header from './header'

export { digest } from './classic'
export { HEADER } from './header'

export function prepareHeader(): void {
  header.prepare<v128>()
}

export function searchHeader(from: u32, tries: u32, top: u32): i32 {
  return header.search<v128>(from, tries, top)
}

export function reserve(blocks: u32): usize {
  return classic.reserve<v128>(blocks)
}

export function searchDecimal(
  blocks: u32,
  digitsAt: u32,
  unitsAt: u32,
  from: u32,
  end: u32,
  mask: u32,
): i32 {
  return classic.search<v128>(blocks, digitsAt, unitsAt, from, end, mask)
}
