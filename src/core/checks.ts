/**
 * A rule set's checks as one ordered table, and the driver that runs it. The node, `examine`, the page and
 * docs/PROTOCOL.md all read the same rows. Invariant: a row refuses with its own code, so the list is what is
 * checked and nothing else.
 */
import type { Header } from './block.ts'
import { type RuleCode, type RuleData, RuleError } from './errors.ts'

/**
 * Steps of a block's life, in order, by what they need: the block as it came (`header`), its ancestors
 * (`place`), the clock (`time`), header and body (`binding`), the body (`body`), the ledger (`connect`).
 */
export const STEPS = ['header', 'place', 'time', 'binding', 'body', 'connect'] as const
export type Step = (typeof STEPS)[number]

export interface Check {
  readonly step: Step
  /** `transaction`: each transaction in turn goes through all such checks that stand together. */
  readonly scope: 'block' | 'transaction'
  /** The blocks that it is for: a first one, those after it, or every one. */
  readonly of: 'genesis' | 'later' | 'every'
  readonly code: RuleCode
  /** Where the rule comes from. */
  readonly source: string
}

/** A block's ancestors, as far as they are known. */
export interface Past {
  /** The block before; undefined where the block is to be a genesis. */
  readonly parent: Header | undefined
  /** An ancestor by its index; undefined where it is not known. */
  ancestor(index: number): Header | undefined
}

/** A past of which only the block before is known. */
export function pastOf(parent: Header | undefined): Past {
  return { parent, ancestor: (index) => (index === parent?.index ? parent : undefined) }
}

/** A header and what it stands on. */
export interface Placed {
  readonly header: Header
  readonly past: Past
}

/** Gives what was compared, where the subject is refused. */
type Refuse<Subject, Code extends RuleCode = RuleCode> = (
  subject: Subject,
) => RuleData[Code] | undefined

type BlockRow<Read> = Check & {
  readonly step: 'header'
  readonly scope: 'block'
  readonly refuse: Refuse<Read>
}
type ItemRow<Item> = Check & {
  readonly step: 'header'
  readonly scope: 'transaction'
  readonly refuse: Refuse<Item>
}
type PlaceRow = Check & {
  readonly step: 'place'
  readonly scope: 'block'
  readonly refuse: Refuse<Placed>
}

/**
 * A row of the table. `Read` is a block that has come, `Item` a transaction of it: a rule set reads of them
 * what its checks look at.
 */
export type Row<Read, Item> = BlockRow<Read> | ItemRow<Item> | PlaceRow

/** Makes the rows of a rule set: each refuses with the data of its code. */
export class Rows<Read, Item> {
  /** A check of the block as it came. */
  form<Code extends RuleCode>(
    code: Code,
    { source, of = 'every' }: Origin,
    refuse: Refuse<Read, Code>,
  ): BlockRow<Read> {
    return { step: 'header', scope: 'block', of, code, source, refuse }
  }

  /** A check of a transaction as it came. */
  transaction<Code extends RuleCode>(
    code: Code,
    { source, of = 'every' }: Origin,
    refuse: Refuse<Item, Code>,
  ): ItemRow<Item> {
    return { step: 'header', scope: 'transaction', of, code, source, refuse }
  }

  /** A check of a block's place after its ancestors. */
  place<Code extends RuleCode>(
    code: Code,
    { source, of = 'every' }: Origin,
    refuse: Refuse<Placed, Code>,
  ): PlaceRow {
    return { step: 'place', scope: 'block', of, code, source, refuse }
  }
}

/** Where a check comes from, and which blocks it is for. */
interface Origin {
  readonly source: string
  readonly of?: Check['of']
}

interface PipelineOptions<Read, Item> {
  readonly rows: readonly Row<Read, Item>[]
  readonly isGenesis: (read: Read) => boolean
  /** The transactions of a block that has passed all rows before theirs. */
  readonly itemsIn: (read: Read) => readonly Item[]
}

/** Runs a table: what refuses first, throws. */
export class Pipeline<Read, Item> {
  readonly checks: readonly Check[]
  readonly #options: PipelineOptions<Read, Item>
  readonly #items: readonly ItemRow<Item>[]
  readonly #placed: readonly PlaceRow[]
  /** The rows of the step `header` in order; one list for all that are made of each transaction. */
  readonly #forms: readonly (BlockRow<Read> | readonly ItemRow<Item>[])[]

  constructor(options: PipelineOptions<Read, Item>) {
    const { rows } = options
    this.#options = options
    this.checks = rows.map(({ step, scope, of, code, source }) => ({
      step,
      scope,
      of,
      code,
      source,
    }))
    this.#items = rows.filter(isItemRow)
    this.#placed = rows.filter(isPlaceRow)
    const first = this.#items[0]
    const formOf = (row: Row<Read, Item>) => {
      if (row.step === 'place') return []
      if (row.scope === 'block') return [row]
      return row === first ? [this.#items] : []
    }
    this.#forms = rows.flatMap<BlockRow<Read> | readonly ItemRow<Item>[]>(formOf)
  }

  /** The step `header` of a block and of all its transactions. @throws RuleError */
  checkForm(read: Read): void {
    const { isGenesis, itemsIn } = this.#options
    const except = isGenesis(read) ? 'later' : 'genesis'
    for (const row of this.#forms) {
      if ('code' in row) {
        if (row.of !== except) check(row, read)
      } else {
        for (const [position, item] of itemsIn(read).entries()) checkAll(row, item, { position })
      }
    }
  }

  /** The checks of a transaction by itself. @throws RuleError */
  checkTransaction(item: Item): void {
    checkAll(this.#items, item, {})
  }

  /** The step `place`. @throws RuleError */
  checkPlace(header: Header, past: Past): void {
    const except = past.parent === undefined ? 'later' : 'genesis'
    for (const row of this.#placed) if (row.of !== except) check(row, { header, past })
  }
}

function check<Subject>(row: Check & { readonly refuse: Refuse<Subject> }, subject: Subject): void {
  const data = row.refuse(subject)
  if (data !== undefined) throw new RuleError(row.code, data)
}

function checkAll<Item>(
  rows: readonly ItemRow<Item>[],
  item: Item,
  { position }: { readonly position?: number },
): void {
  for (const row of rows) {
    const data = row.refuse(item)
    if (data === undefined) continue
    throw new RuleError(
      row.code,
      position === undefined ? data : { transaction: position, ...data },
    )
  }
}

function isItemRow<Read, Item>(row: Row<Read, Item>): row is ItemRow<Item> {
  return row.scope === 'transaction'
}

function isPlaceRow<Read, Item>(row: Row<Read, Item>): row is PlaceRow {
  return row.step === 'place'
}
