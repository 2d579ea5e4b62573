/**
 * Tells whether a chain of headers is valid, from whatever height on: linkage, proof of work, difficulty and
 * median time. Takes one header at a time and keeps no more of them than the checks look back at. Where it
 * begins in the middle of a chain, some checks need headers that came before: they are counted, and said. Where
 * no height is known, the first change of the bits shows where a period begins, and heights count from there.
 */
import type { Header } from './block.ts'
import type { Check, Past } from './checks.ts'
import { RuleError } from './errors.ts'
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
  /** Heights matter only by what they leave when divided by this. */
  readonly periodBlocks: number
  /** Whether a new period begins with a header, as its bits show. */
  beginsPeriod(header: Header, parent: Header): boolean
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
  readonly #allRules: HeaderRules
  /** What can be told so far: all, once heights are known. */
  #rules: HeaderRules
  #firstIndex: number
  readonly #kept = new Map<number, Header>()
  readonly #open = new Map<string, OpenCheck>()
  #first: Header | undefined
  #last: Header | undefined
  #count = 0
  #work = 0n

  /** @param firstHeight of the first header, from 0; undefined where it is not known */
  constructor(rules: HeaderRules, firstHeight: number | undefined) {
    this.#allRules = rules
    this.#rules = firstHeight === undefined ? rules.withoutHeights() : rules
    this.#firstIndex = (firstHeight ?? SOMEWHERE) + 1
  }

  /** Takes the next header. @param hex 80 bytes @throws RuleError: what follows cannot mend it */
  push(hex: string, { height, hash }: HeaderClaims = {}): Header {
    const index = this.#firstIndex + this.#count
    if (height !== undefined && height !== index - 1) {
      throw new RuleError('bad-claim', { field: 'height', expected: index - 1, got: height })
    }
    const header = this.#inPeriod(this.#rules.decodeHeader(hex, index))
    if (hash !== undefined && hash !== header.hash) {
      throw new RuleError('bad-claim', { field: 'hash', expected: header.hash, got: hash })
    }
    for (const check of this.#checkPlace(header)) this.#note(check, 1, this.#count)
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
    const never = this.#uncounted.map((check) => {
      return { check, count: this.#count, last: this.#count - 1 }
    })
    return [...this.#open.values(), ...never]
  }

  /** The checks that wait for heights. */
  get #uncounted(): readonly Check[] {
    const made = new Set(this.#rules.checks.map(nameOf))
    return this.#allRules.checks.filter((check) => !made.has(nameOf(check)))
  }

  /** The header at its height, where it shows that a period begins. */
  #inPeriod(header: Header): Header {
    const parent = this.#last
    const isKnown = this.#rules === this.#allRules
    if (isKnown || parent === undefined || !this.#allRules.beginsPeriod(header, parent)) {
      return header
    }
    for (const check of this.#uncounted) this.#note(check, this.#count, this.#count - 1)
    this.#rules = this.#allRules
    const { periodBlocks } = this.#rules
    const further = periodBlocks - ((header.index - 1) % periodBlocks)
    const moved = (one: Header) => ({ ...one, index: one.index + further })
    const kept = [...this.#kept.values()].map(moved)
    this.#kept.clear()
    for (const one of kept) this.#kept.set(one.index, one)
    this.#last = moved(parent)
    this.#firstIndex += further
    return moved(header)
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

  /** Adds to the headers of which a check was not made. */
  #note(check: Check, count: number, last: number): void {
    const before = this.#open.get(nameOf(check))?.count ?? 0
    this.#open.set(nameOf(check), { check, count: before + count, last })
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
