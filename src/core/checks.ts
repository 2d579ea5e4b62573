/**
 * A rule set's checks as one ordered table, and the driver that runs it. The node, `examine`, the page and
 * docs/PROTOCOL.md all read the same rows. Invariant: a row refuses with its own code, so the list is what is
 * checked and nothing else.
 */
import type { Block, Header, Transaction } from './block.ts'
import { type RuleCode, type RuleData, RuleError } from './errors.ts'
import { type LedgerDiff, LedgerDraft, type LedgerReader } from './ledger.ts'

/**
 * Steps of a block's life, in order, by what they need: the block as it came, or its header where that comes
 * alone (`header`), its ancestors (`place`), the clock (`time`), header and body (`binding`), the body (`body`),
 * the ledger at its parent (`connect`).
 */
export const STEPS = ['header', 'place', 'time', 'binding', 'body', 'connect'] as const
export type Step = (typeof STEPS)[number]

export interface Check {
  readonly step: Step
  /** `transaction`: each transaction in turn goes through all such checks of the step. */
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

/** A header and the clock, in milliseconds since 1970. */
export interface Timed {
  readonly header: Header
  readonly nowMs: number
}

/** A transaction and the ledger as those before it have left it. */
export interface Paying {
  readonly transaction: Transaction
  readonly ledger: LedgerReader
}

/** Gives what was compared, where the subject is refused. */
type Refuse<Subject, Code extends RuleCode = RuleCode> = (
  subject: Subject,
) => RuleData[Code] | undefined

type RowOf<S extends Step, Scope extends Check['scope'], Subject> = Check & {
  readonly step: S
  readonly scope: Scope
  readonly refuse: Refuse<Subject>
}

/**
 * A row of the table. `Read` is what has come, `Item` a transaction of it: a rule set reads of them what its
 * checks look at.
 */
export type Row<Read, Item> =
  | RowOf<'header', 'block', Read>
  | RowOf<'header', 'transaction', Item>
  | RowOf<'place', 'block', Placed>
  | RowOf<'time', 'block', Timed>
  | RowOf<'binding', 'block', Block>
  | RowOf<'connect', 'transaction', Paying>

/** Where a check comes from, and which blocks it is for: every one if left out. */
interface Origin {
  readonly source: string
  readonly of?: Check['of']
}

/** Makes the rows of a table: each refuses with the data of its code. */
export class Rows<Read, Item> {
  /** A check of what has come. */
  form<C extends RuleCode>(code: C, origin: Origin, refuse: Refuse<Read, C>) {
    return rowOf(['header', 'block', code], origin, refuse)
  }

  /** A check of a transaction as it came. */
  transaction<C extends RuleCode>(code: C, origin: Origin, refuse: Refuse<Item, C>) {
    return rowOf(['header', 'transaction', code], origin, refuse)
  }

  place<C extends RuleCode>(code: C, origin: Origin, refuse: Refuse<Placed, C>) {
    return rowOf(['place', 'block', code], origin, refuse)
  }

  time<C extends RuleCode>(code: C, origin: Origin, refuse: Refuse<Timed, C>) {
    return rowOf(['time', 'block', code], origin, refuse)
  }

  binding<C extends RuleCode>(code: C, origin: Origin, refuse: Refuse<Block, C>) {
    return rowOf(['binding', 'block', code], origin, refuse)
  }

  connecting<C extends RuleCode>(code: C, origin: Origin, refuse: Refuse<Paying, C>) {
    return rowOf(['connect', 'transaction', code], origin, refuse)
  }
}

function rowOf<S extends Step, Scope extends Check['scope'], Subject>(
  [step, scope, code]: readonly [step: S, scope: Scope, code: RuleCode],
  { source, of = 'every' }: Origin,
  refuse: Refuse<Subject>,
): RowOf<S, Scope, Subject> {
  return { step, scope, of, code, source, refuse }
}

interface PipelineOptions<Read, Item> {
  readonly rows: readonly Row<Read, Item>[]
  readonly isGenesis: (read: Read) => boolean
  /** The transactions of what has passed all rows before theirs. */
  readonly itemsIn: (read: Read) => readonly Item[]
  /** What a transaction that has passed its checks does to the ledger; nothing if left out. */
  readonly apply?: (transaction: Transaction, ledger: LedgerDraft) => void
}

/** Runs a table: what refuses first, throws. */
export class Pipeline<Read, Item> {
  readonly checks: readonly Check[]
  readonly #options: PipelineOptions<Read, Item>
  /** The step `header`: rows of the block before its transactions, theirs, and those after. */
  readonly #before: readonly RowOf<'header', 'block', Read>[]
  readonly #items: readonly RowOf<'header', 'transaction', Item>[]
  readonly #after: readonly RowOf<'header', 'block', Read>[]
  readonly #place: readonly RowOf<'place', 'block', Placed>[]
  readonly #time: readonly RowOf<'time', 'block', Timed>[]
  readonly #binding: readonly RowOf<'binding', 'block', Block>[]
  readonly #connect: readonly RowOf<'connect', 'transaction', Paying>[]

  constructor(options: PipelineOptions<Read, Item>) {
    const { rows } = options
    this.#options = options
    this.checks = rows.map(({ refuse: _, ...check }) => check)
    const forms = rows.filter((row) => row.step === 'header' && row.scope === 'block')
    this.#items = rows.filter((row) => row.step === 'header' && row.scope === 'transaction')
    const firstItem = rows.findIndex(({ scope }) => scope === 'transaction')
    const isBefore = (row: Row<Read, Item>) => firstItem < 0 || rows.indexOf(row) < firstItem
    this.#before = forms.filter(isBefore)
    this.#after = forms.filter((row) => !isBefore(row))
    this.#place = rows.filter((row) => row.step === 'place')
    this.#time = rows.filter((row) => row.step === 'time')
    this.#binding = rows.filter((row) => row.step === 'binding')
    this.#connect = rows.filter((row) => row.step === 'connect')
  }

  /** The step `header`, with all transactions that have come. @throws RuleError */
  checkForm(read: Read): void {
    const { isGenesis, itemsIn } = this.#options
    const except = isGenesis(read) ? 'later' : 'genesis'
    run(this.#before, read, { except })
    for (const [transaction, item] of itemsIn(read).entries()) {
      run(this.#items, item, { transaction })
    }
    run(this.#after, read, { except })
  }

  /** The checks of a transaction by itself. @throws RuleError */
  checkTransaction(item: Item): void {
    run(this.#items, item)
  }

  /** @throws RuleError */
  checkPlace(header: Header, past: Past): void {
    const except = past.parent === undefined ? 'later' : 'genesis'
    run(this.#place, { header, past }, { except })
  }

  /** @throws RuleError whose kind is `future` */
  checkTime(header: Header, nowMs: number): void {
    run(this.#time, { header, nowMs })
  }

  /** The step `binding`, of a body and the header that it came for. @throws RuleError */
  checkBody(block: Block): void {
    run(this.#binding, block)
  }

  /** The step `connect`, one transaction after another, each on what the ones before have left. @throws RuleError */
  connect(block: Block, ledger: LedgerReader): LedgerDiff {
    const draft = new LedgerDraft(ledger)
    for (const [position, transaction] of block.transactions.entries()) {
      run(this.#connect, { transaction, ledger: draft }, { transaction: position })
      this.#options.apply?.(transaction, draft)
    }
    return draft.diff()
  }
}

interface RunOptions {
  /** Rows of these blocks are passed over. */
  readonly except?: 'genesis' | 'later'
  /** The position of a transaction in its block, which the error names. */
  readonly transaction?: number
}

/** @throws RuleError of the first row that refuses */
function run<Subject>(
  rows: readonly (Check & { readonly refuse: Refuse<Subject> })[],
  subject: Subject,
  { except, transaction }: RunOptions = {},
): void {
  for (const row of rows) {
    if (row.of === except) continue
    const data = row.refuse(subject)
    if (data === undefined) continue
    throw new RuleError(row.code, transaction === undefined ? data : { transaction, ...data })
  }
}
