/**
 * Tells whether a chain of headers is valid, from whatever height on: linkage, proof of work, difficulty and
 * median time. Takes one header at a time and keeps no more of them than the checks look back at. Where it
 * begins in the middle of a chain, some checks need headers that came before: they are counted, and said.
 */
import type { Header } from './block.ts'
import type { Check, Past } from './checks.ts'
import { assert, RuleError } from './errors.ts'
import type { BlockHash } from './hash.ts'

/** Rules of headers that come alone. */
export interface HeaderRules {
  readonly genesis: BlockHash
  readonly checks: readonly Check[]
  /** How many headers before one its checks look at. */
  readonly lookBack: number
  /** Makes the checks of the step `header`. @param hex 80 bytes @throws RuleError */
  decodeHeader(hex: string, index: number): Header
  /** Makes the checks of the step `place` that can be made; gives the others. @throws RuleError */
  checkKnownPlace(header: Header, past: Past): readonly Check[]
  work(header: Header): bigint
  /** The same for headers whose heights are not known: without the checks that count heights. */
  readonly withoutHeights: () => HeaderRules
}

/** What somebody says of a header beside its bytes. */
export interface HeaderClaims {
  readonly height?: number
  readonly hash?: string
}

/** A check that could not be made of every header. */
export interface OpenCheck {
  readonly check: Check
  /** Headers of which it was not made. */
  readonly count: number
  /** The position of the last of them, from 0. */
  readonly last: number
}

/** Heights where none is known begin here, far from any genesis. */
const SOMEWHERE = 2 ** 40

export class HeaderChainVerifier {
  readonly #rules: HeaderRules
  readonly #firstIndex: number
  readonly #kept = new Map<number, Header>()
  readonly #open = new Map<Check, OpenCheck>()
  #first: Header | undefined
  #last: Header | undefined
  #count = 0
  #work = 0n

  /** @param firstHeight of the first header, from 0; undefined where it is not known */
  constructor(rules: HeaderRules, firstHeight: number | undefined) {
    this.#rules = firstHeight === undefined ? rules.withoutHeights() : rules
    this.#firstIndex = (firstHeight ?? SOMEWHERE) + 1
    // Of rules that do not know heights, none of those checks is made.
    const made = new Set(this.#rules.checks.map(nameOf))
    const never = rules.checks.filter((check) => !made.has(nameOf(check)))
    for (const check of never) this.#open.set(check, { check, count: 0, last: 0 })
  }

  /** Takes the next header. @param hex 80 bytes @throws RuleError: what follows cannot mend it */
  push(hex: string, { height, hash }: HeaderClaims = {}): Header {
    const position = this.#count
    const index = this.#firstIndex + position
    if (height !== undefined && height !== index - 1) {
      throw new RuleError('bad-claim', { field: 'height', expected: index - 1, got: height })
    }
    const header = this.#rules.decodeHeader(hex, index)
    if (hash !== undefined && hash !== header.hash) {
      throw new RuleError('bad-claim', { field: 'hash', expected: header.hash, got: hash })
    }
    this.#note(this.#checkPlace(header), position)
    this.#keep(header)
    this.#count++
    this.#work += this.#rules.work(header)
    return header
  }

  get count(): number {
    return this.#count
  }

  /** The first header and the last. */
  get ends(): { readonly first: Header; readonly last: Header } | undefined {
    const [first, last] = [this.#first, this.#last]
    return first === undefined || last === undefined ? undefined : { first, last }
  }

  /** The work of all headers taken. */
  get work(): bigint {
    return this.#work
  }

  /** What could not be checked of every header, for want of headers before the first. */
  get open(): readonly OpenCheck[] {
    const never = [...this.#open.values()].filter(({ count }) => count === 0)
    const sometimes = [...this.#open.values()].filter(({ count }) => count > 0)
    return [
      ...sometimes,
      ...never.map((open) => ({ ...open, count: this.#count, last: this.#count - 1 })),
    ]
  }

  #checkPlace(header: Header): readonly Check[] {
    const ancestor = (index: number) => this.#kept.get(index)
    const isFirst = this.#last === undefined
    // A chain may begin anywhere but with a genesis elsewhere than at its start.
    if (isFirst && header.index > 1 && header.parent !== undefined) {
      return this.#rules.checks.filter(({ step }) => step === 'place')
    }
    return this.#rules.checkKnownPlace(header, { parent: this.#last, ancestor })
  }

  #note(open: readonly Check[], last: number): void {
    for (const check of open) {
      const known = this.#rules.checks.find((one) => nameOf(one) === nameOf(check))
      assert(known !== undefined, 'a check that was not made is one of the table')
      this.#open.set(known, { check: known, count: (this.#open.get(known)?.count ?? 0) + 1, last })
    }
  }

  #keep(header: Header): void {
    this.#first ??= header
    this.#last = header
    this.#kept.set(header.index, header)
    this.#kept.delete(header.index - this.#rules.lookBack)
  }
}

function nameOf({ step, code }: Check): string {
  return `${step}:${code}`
}
