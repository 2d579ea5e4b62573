/**
 * The cards near what one looks at, fetched by pages. What is wanted is looked up anew whenever there
 * is room for a request, so pages that were scrolled past are never asked for; pages that nobody has
 * looked at for longest are forgotten, so memory stays flat however far one scrolls.
 */
import type { Card } from '../../chain/reading.ts'
import type { Range } from './rows.ts'

export const PAGE = 64
export const MAX_PAGES = 40
const MAX_ASKED = 2

export type ReadCards = (part: { readonly from: number; readonly limit: number }) => Promise<{
  readonly cards: readonly Card[]
}>

interface Page {
  readonly cards: readonly Card[]
  /** The chain's length when it was asked for: the last page of a chain fills up later. */
  readonly length: number
}

export class CardCache {
  readonly #read: ReadCards
  readonly #onChange: () => void
  /** By number from 0, least recently wanted first. */
  readonly #pages = new Map<number, Page>()
  /** Those under way; another set since the chain was rewritten. */
  #asked = new Set<number>()
  /** Blocks whose link was found broken between two pages, and which were therefore read again. */
  readonly #doubted = new Set<number>()
  #wanted: Range = { newest: 0, oldest: 1 }
  #length = 0
  #rewrites = 0
  #error: unknown

  constructor(read: ReadCards, onChange: () => void) {
    this.#read = read
    this.#onChange = onChange
  }

  /** Why nothing more is asked for; undefined while all goes well. */
  get error(): unknown {
    return this.#error
  }

  card(index: number): Card | undefined {
    return this.#pages.get(pageOf(index))?.cards[(index - 1) % PAGE]
  }

  /** How many pages it holds. */
  get size(): number {
    return this.#pages.size
  }

  /**
   * @param at the chain's length as far as it is known, and how often it has been rewritten: after
   *   that, nothing that was read or is under way counts any longer
   */
  want(range: Range, { length, rewrites }: { length: number; rewrites: number }): void {
    this.#wanted = range
    this.#length = length
    if (rewrites !== this.#rewrites) this.#forget()
    this.#rewrites = rewrites
    this.#ask()
  }

  retry(): void {
    this.#error = undefined
    this.#onChange()
    this.#ask()
  }

  #forget(): void {
    this.#pages.clear()
    this.#doubted.clear()
    this.#asked = new Set()
    this.#error = undefined
    this.#onChange()
  }

  #ask(): void {
    const { newest, oldest } = this.#wanted
    for (let page = pageOf(newest); page >= pageOf(oldest) && newest >= oldest; page--) {
      const held = this.#pages.get(page)
      if (held !== undefined) {
        this.#pages.delete(page)
        this.#pages.set(page, held)
      }
      const isFree = this.#asked.size < MAX_ASKED && this.#error === undefined
      if (isFree && !this.#asked.has(page) && !this.#isWhole(held)) this.#load(page)
    }
  }

  #isWhole(held: Page | undefined): boolean {
    if (held === undefined) return false
    // A node that has fewer blocks than it said is not asked for the same ones again and again.
    return held.cards.length === PAGE || held.length === this.#length
  }

  #load(page: number): void {
    const asked = this.#asked
    const length = this.#length
    asked.add(page)
    this.#read({ from: page * PAGE + 1, limit: PAGE }).then(
      ({ cards }) => {
        asked.delete(page)
        if (asked === this.#asked) this.#put(page, { cards, length })
      },
      (error: unknown) => {
        asked.delete(page)
        if (asked !== this.#asked) return
        this.#error = error
        this.#onChange()
      },
    )
  }

  #put(number: number, page: Page): void {
    if (!this.#fits(number, page)) this.#pages.clear()
    this.#pages.delete(number)
    this.#pages.set(number, page)
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= MAX_PAGES) break
      this.#pages.delete(oldest)
    }
    this.#onChange()
    this.#ask()
  }

  /**
   * Whether a page is of the same chain as the others. A link that is still broken when both of its
   * ends have been read again is what the node serves, and is to be seen.
   */
  #fits(number: number, { cards }: Page): boolean {
    const before = this.#pages.get(number)?.cards ?? []
    if (before.some(({ hash }, i) => i < cards.length && cards[i]?.hash !== hash)) return false
    const first = number * PAGE + 1
    return (
      this.#doesLink(first, cards[0], this.card(first - 1)) &&
      this.#doesLink(first + PAGE, this.card(first + PAGE), cards[PAGE - 1])
    )
  }

  #doesLink(index: number, block: Card | undefined, before: Card | undefined): boolean {
    if (block === undefined || before === undefined || block.previousHash === before.hash)
      return true
    if (this.#doubted.has(index)) return true
    this.#doubted.add(index)
    return false
  }
}

function pageOf(index: number): number {
  return Math.floor((index - 1) / PAGE)
}
