/**
 * The classic proof of work over the compiled kernel: a decimal number between two texts so that the
 * SHA-256 of all begins with zero hex digits. The kernel counts within numbers of one length, from a
 * hundred on; lengths and the numbers below 100 are dealt with here.
 */
import type { DecimalPuzzle } from '../core/puzzle.ts'
import type { KernelModule } from './load.ts'
import { blocksOf, MAX_TRIES_PER_CALL, type ProofSearch, pad } from './proof-search.ts'

/** What every runtime has, and ES2025 does not declare. */
declare const TextEncoder: new () => { encode(text: string): Uint8Array }

/** The kernel looks at the first 32 bits of a digest. */
const SEEN_ZEROS = 8

/** Where things are in the text that the kernel holds. */
interface Layout {
  readonly blocks: number
  readonly digitsAt: number
  readonly unitsAt: number
}

export class DecimalSearch implements ProofSearch {
  readonly limit = Number.MAX_SAFE_INTEGER + 1
  readonly #module: KernelModule
  readonly #before: Uint8Array
  readonly #after: Uint8Array
  readonly #zeros: number

  constructor(module: KernelModule, { before, after, zeros }: DecimalPuzzle) {
    const encoder = new TextEncoder()
    this.#module = module
    this.#before = encoder.encode(before)
    this.#after = encoder.encode(after)
    this.#zeros = zeros
  }

  candidate(from: number, end: number): number | undefined {
    for (let next = from; next < end; ) {
      if (next < 100) {
        if (this.solves(next)) return next
        next++
        continue
      }
      const hundred = next - (next % 100)
      const stop = Math.min(end, 10 ** String(next).length, hundred + MAX_TRIES_PER_CALL)
      const { blocks, digitsAt, unitsAt } = this.#write(hundred)
      const [skipped, count] = [next - hundred, stop - hundred]
      const mask = maskOf(this.#zeros)
      const distance = this.#module.searchDecimal(blocks, digitsAt, unitsAt, skipped, count, mask)
      if (distance >= 0) return hundred + distance
      next = stop
    }
    return undefined
  }

  solves(proof: number): boolean {
    // The kernel has seen these; below 100 it has seen none.
    if (this.#zeros <= SEEN_ZEROS && proof >= 100) return true
    const { blocks } = this.#write(proof)
    const view = new DataView(this.#module.memory.buffer, this.#module.digest(blocks), 32)
    for (let digit = 0; digit < this.#zeros; digit++) {
      const byte = digit < 64 ? view.getUint8(digit >> 1) : 0xff
      if ((digit % 2 === 0 ? byte >> 4 : byte & 15) !== 0) return false
    }
    return true
  }

  /** Writes the whole text with this number into the kernel's memory. */
  #write(proof: number): Layout {
    const digits = String(proof)
    const digitsAt = this.#before.length
    const unitsAt = digitsAt + digits.length - 1
    const length = unitsAt + 1 + this.#after.length
    const blocks = blocksOf(length)
    const at = this.#module.reserve(blocks)
    if (at === 0) throw new RangeError(`no memory for a text of ${length} bytes`)
    const bytes = new Uint8Array(this.#module.memory.buffer, at, 64 * blocks)
    bytes.set(this.#before)
    for (let i = 0; i < digits.length; i++) bytes[digitsAt + i] = digits.charCodeAt(i)
    bytes.set(this.#after, unitsAt + 1)
    pad(bytes, length)
    return { blocks, digitsAt, unitsAt }
  }
}

/** The bits of a digest's first word that have to be zero. */
function maskOf(zeros: number): number {
  return zeros >= SEEN_ZEROS ? 0xffffffff : ~(0xffffffff >>> (4 * zeros))
}
