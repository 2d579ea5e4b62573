/**
 * Tells whether a chain is valid, and if not at which block and by which rule. Takes one block at a
 * time, so a chain of any length is verified in the memory of two blocks.
 */
import type { Header } from './block.ts'
import { pastOf } from './checks.ts'
import type { Consensus } from './consensus.ts'
import { attempt, type DecodeError, RuleError } from './errors.ts'
import type { Json } from './json/json.ts'

export type Verdict =
  | {
      readonly valid: true
      readonly length: number
      readonly tip: Header
      readonly chainwork: bigint
    }
  | {
      readonly valid: false
      /** Position of the block at fault, counted from 1; 0 where there is no block at all. */
      readonly block: number
      readonly error: RuleError | DecodeError
    }

/** A chain of no blocks is none. */
export function emptyChain(): RuleError {
  return new RuleError('empty-chain', { expected: 'at least one block', got: 'none' })
}

export class ChainVerifier {
  readonly #rules: Consensus
  #last: Header | undefined
  #length = 0
  #chainwork = 0n
  #fault: { block: number; error: RuleError } | undefined

  constructor(rules: Consensus) {
    this.#rules = rules
  }

  /** Takes the next block; its header, or undefined once the chain is known to be invalid. */
  push(block: Json): Header | undefined {
    if (this.#fault !== undefined) return undefined
    this.#length++
    const { value: header, error } = attempt(() => {
      const { header } = this.#rules.decodeBlock(block)
      this.#rules.checkPlace(header, pastOf(this.#last))
      return header
    })
    if (error !== undefined) {
      this.#fault = { block: this.#length, error }
      return undefined
    }
    this.#chainwork += this.#rules.work(header)
    this.#last = header
    return header
  }

  /** Blocks taken so far. */
  get length(): number {
    return this.#length
  }

  /** The verdict over the blocks taken so far. */
  verdict(): Verdict {
    if (this.#fault !== undefined) return { valid: false, ...this.#fault }
    if (this.#last === undefined) {
      return { valid: false, block: 0, error: emptyChain() }
    }
    return { valid: true, length: this.#length, tip: this.#last, chainwork: this.#chainwork }
  }
}
