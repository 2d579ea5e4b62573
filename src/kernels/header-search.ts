/**
 * Bitcoin's proof of work over the compiled kernel: a nonce so that the header's double SHA-256, read
 * as a little-endian number, is at most a target.
 */
import type { KernelModule } from './load.ts'
import { blocksOf, MAX_TRIES_PER_CALL, type ProofSearch, pad } from './proof-search.ts'

export interface HeaderPuzzle {
  /** 80 bytes; the last four, the nonce (little-endian), do not matter. */
  readonly header: Uint8Array
  /** 32 bytes, big-endian, as one writes numbers. */
  readonly target: Uint8Array
}

const HEADER_BYTES = 80
const NONCE_AT = 76
const DIGEST_BYTES = 32

export class HeaderSearch implements ProofSearch {
  readonly limit = 2 ** 32
  readonly #module: KernelModule
  readonly #puzzle: HeaderPuzzle
  /** The target's highest 32 bits. */
  readonly #top: number

  /** @throws RangeError if the header or the target is not of its size */
  constructor(module: KernelModule, puzzle: HeaderPuzzle) {
    checkSize('header', puzzle.header, HEADER_BYTES)
    checkSize('target', puzzle.target, DIGEST_BYTES)
    this.#module = module
    this.#puzzle = puzzle
    this.#top = viewOf(puzzle.target).getUint32(0)
    new Uint8Array(module.memory.buffer).set(puzzle.header, module.HEADER.value)
    module.prepareHeader()
  }

  candidate(from: number, end: number): number | undefined {
    for (let next = from; next < end; next += MAX_TRIES_PER_CALL) {
      const tries = Math.min(end - next, MAX_TRIES_PER_CALL)
      const distance = this.#module.searchHeader(next, tries, this.#top)
      if (distance >= 0) return next + distance
    }
    return undefined
  }

  solves(nonce: number): boolean {
    const header = this.#puzzle.header.slice()
    viewOf(header).setUint32(NONCE_AT, nonce, true)
    const number = this.#sha256(this.#sha256(header)).reverse()
    const i = number.findIndex((byte, i) => byte !== this.#puzzle.target[i])
    return i === -1 || (number[i] ?? 0) < (this.#puzzle.target[i] ?? 0)
  }

  #sha256(message: Uint8Array): Uint8Array {
    const blocks = blocksOf(message.length)
    const at = this.#module.reserve(blocks)
    const bytes = new Uint8Array(this.#module.memory.buffer, at, 64 * blocks)
    bytes.set(message)
    pad(bytes, message.length)
    const digestAt = this.#module.digest(blocks)
    return new Uint8Array(this.#module.memory.buffer).slice(digestAt, digestAt + DIGEST_BYTES)
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function checkSize(name: string, bytes: Uint8Array, size: number): void {
  if (bytes.length !== size) throw new RangeError(`${name}: ${bytes.length} bytes, not ${size}`)
}
