/** The kernels one message at a time, for machines without SIMD. Exports the same as simd.ts. */
import * as classic from './classic'
import * as header from './header'

export { digest } from './classic'
export { HEADER } from './header'

export function prepareHeader(): void {
  header.prepare<u32>()
}

export function searchHeader(from: u32, tries: u32, top: u32): i32 {
  return header.search<u32>(from, tries, top)
}

export function reserve(blocks: u32): usize {
  return classic.reserve<u32>(blocks)
}

export function searchDecimal(
  blocks: u32,
  digitsAt: u32,
  unitsAt: u32,
  from: u32,
  end: u32,
  mask: u32,
): i32 {
  return classic.search<u32>(blocks, digitsAt, unitsAt, from, end, mask)
}
