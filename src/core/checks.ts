/**
 * A rule set's checks as one ordered table, and the driver that runs it. The node, `examine`, the page and
 * docs/PROTOCOL.md all read the same rows. Invariant: a row refuses with its own code, so the list is what is
 * checked and nothing else.
 */
import type { Block, Header, Transaction } from './block.ts'
import { assert, type RuleCode, type RuleData, RuleError } from './errors.ts'
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

/** A block whose transactions have been applied, and the ledger as they have left it. */
export interface Settling {
  readonly block: Block
  readonly ledger: LedgerReader
}

/** What a check gives that needs an ancestor which is not known: neither yes nor no. */
export const NOT_CHECKABLE = 'not-checkable'

/** Gives what was compared, where the subject is refused. */
type Refuse<Subject, Code extends RuleCode, More = never> = (
  subject: Subject,
) => RuleData[Code] | More | undefined

type RowOf<S extends Step, Scope extends Check['scope'], Subject> = Check & {
  readonly step: S
  readonly scope: Scope
  readonly refuse: Refuse<Subject, RuleCode, S extends 'place' ? typeof NOT_CHECKABLE : never>
}

/**
 * A row of the table. `Read` is what has come, `Item` a transaction of it, `Bound` a body that has come for a
 * header: a rule set reads of them what its checks look at.
 */
export type Row<Read, Item, Bound = Block> =
  | RowOf<'header', 'block', Read>
  | RowOf<'header', 'transaction', Item>
  | RowOf<'place', 'block', Placed>
  | RowOf<'time', 'block', Timed>
  | RowOf<'binding', 'block', Bound>
  | RowOf<'body', 'block', Block>
  | RowOf<'body', 'transaction', Transaction>
  | RowOf<'connect', 'transaction', Paying>
  | RowOf<'connect', 'block', Settling>

/** Where a check comes from, and which blocks it is for: every one if left out. */
interface Origin {
  readonly source: string
  readonly of?: Check['of']
}

/** Makes the rows of a table: each refuses with the data of its code. */
export class Rows<Read, Item, Bound = Block> {
  /** A check of what has come. */
  form<C extends RuleCode>(code: C, origin: Origin, refuse: Refuse<Read, C>) {
    return rowOf(['header', 'block', code], origin, refuse)
  }

  /** A check of a transaction as it came. */
  transaction<C extends RuleCode>(code: C, origin: Origin, refuse: Refuse<Item, C>) {
    return rowOf(['header', 'transaction', code], origin, refuse)
  }

  place<C extends RuleCode>(
    code: C,
    origin: Origin,
    refuse: Refuse<Placed, C, typeof NOT_CHECKABLE>,
  ) {
    return rowOf(['place', 'block', code], origin, refuse)
  }

  time<C extends RuleCode>(code: C, origin: Origin, refuse: Refuse<Timed, C>) {
    return rowOf(['time', 'block', code], origin, refuse)
  }

  binding<C extends RuleCode>(code: C, origin: Origin, refuse: Refuse<Bound, C>) {
    return rowOf(['binding', 'block', code], origin, refuse)
  }

  /** A check of a body by itself. */
  body<C extends RuleCode>(code: C, origin: Origin, refuse: Refuse<Block, C>) {
    return rowOf(['body', 'block', code], origin, refuse)
  }

  /** A check of a transaction by itself, once it has been decoded. */
  signed<C extends RuleCode>(code: C, origin: Origin, refuse: Refuse<Transaction, C>) {
    return rowOf(['body', 'transaction', code], origin, refuse)
  }

  connecting<C extends RuleCode>(code: C, origin: Origin, refuse: Refuse<Paying, C>) {
    return rowOf(['connect', 'transaction', code], origin, refuse)
  }

  /** A check of a whole block, after its transactions. */
  settling<C extends RuleCode>(code: C, origin: Origin, refuse: Refuse<Settling, C>) {
    return rowOf(['connect', 'block', code], origin, refuse)
  }
}

function rowOf<S extends Step, Scope extends Check['scope'], Subject>(
  [step, scope, code]: readonly [step: S, scope: Scope, code: RuleCode],
  { source, of = 'every' }: Origin,
  refuse: RowOf<S, Scope, Subject>['refuse'],
): RowOf<S, Scope, Subject> {
  return { step, scope, of, code, source, refuse }
}

interface PipelineOptions<Read, Item, Bound> {
  readonly rows: readonly Row<Read, Item, Bound>[]
  readonly isGenesis: (read: Read) => boolean
  /** The transactions of what has passed all rows before theirs. */
  readonly itemsIn: (read: Read) => readonly Item[]
  /** What a transaction that has passed its checks does to the ledger; nothing if left out. */
  readonly apply?: (transaction: Transaction, ledger: LedgerDraft) => void
  /** What a block does to the ledger once all its checks have passed; nothing if left out. */
  readonly settle?: (block: Block, ledger: LedgerDraft) => void
}

/** Runs a table: what refuses first, throws. */
export class Pipeline<Read, Item, Bound = Block> {
  readonly checks: readonly Check[]
  readonly #options: PipelineOptions<Read, Item, Bound>
  /** The step `header`: rows of the block before its transactions, theirs, and those after. */
  readonly #before: readonly RowOf<'header', 'block', Read>[]
  readonly #items: readonly RowOf<'header', 'transaction', Item>[]
  readonly #after: readonly RowOf<'header', 'block', Read>[]
  readonly #place: readonly RowOf<'place', 'block', Placed>[]
  readonly #time: readonly RowOf<'time', 'block', Timed>[]
  readonly #binding: readonly RowOf<'binding', 'block', Bound>[]
  readonly #body: readonly RowOf<'body', 'block', Block>[]
  readonly #signed: readonly RowOf<'body', 'transaction', Transaction>[]
  readonly #connect: readonly RowOf<'connect', 'transaction', Paying>[]
  readonly #settle: readonly RowOf<'connect', 'block', Settling>[]

  constructor(options: PipelineOptions<Read, Item, Bound>) {
    const { rows } = options
    this.#options = options
    this.checks = rows.map(({ refuse: _, ...check }) => check)
    const forms = rows.filter((row) => row.step === 'header' && row.scope === 'block')
    this.#items = rows.filter((row) => row.step === 'header' && row.scope === 'transaction')
    const [ofItems] = this.#items
    const firstItem = ofItems === undefined ? -1 : rows.indexOf(ofItems)
    const isBefore = (row: (typeof rows)[number]) => firstItem < 0 || rows.indexOf(row) < firstItem
    this.#before = forms.filter(isBefore)
    this.#after = forms.filter((row) => !isBefore(row))
    this.#place = rows.filter((row) => row.step === 'place')
    this.#time = rows.filter((row) => row.step === 'time')
    this.#binding = rows.filter((row) => row.step === 'binding')
    this.#body = rows.filter((row) => row.step === 'body' && row.scope === 'block')
    this.#signed = rows.filter((row) => row.step === 'body' && row.scope === 'transaction')
    this.#connect = rows.filter((row) => row.step === 'connect' && row.scope === 'transaction')
    this.#settle = rows.filter((row) => row.step === 'connect' && row.scope === 'block')
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
    const open = this.checkKnownPlace(header, past)
    assert(open.length === 0, 'the ancestors that the checks look at are known')
  }

  /** The step `place` as far as ancestors are known; the checks that could not be made. @throws RuleError */
  checkKnownPlace(header: Header, past: Past): readonly Check[] {
    const except = past.parent === undefined ? 'later' : 'genesis'
    return run(this.#place, { header, past }, { except })
  }

  /** @throws RuleError whose kind is `future` */
  checkTime(header: Header, nowMs: number): void {
    run(this.#time, { header, nowMs })
  }

  /** The step `binding`, of a body and the header that it came for. @throws RuleError */
  checkBinding(bound: Bound): void {
    run(this.#binding, bound)
  }

  /** The step `body`: the whole, then each transaction by itself. @throws RuleError */
  checkBody(block: Block): void {
    const except = otherThan(block)
    run(this.#body, block, { except })
    for (const [position, transaction] of block.transactions.entries()) {
      run(this.#signed, transaction, { transaction: position, except })
    }
  }

  /** The checks of the step `body` of one transaction that has come alone. @throws RuleError */
  checkSigned(transaction: Transaction): void {
    run(this.#signed, transaction, { except: 'genesis' })
  }

  /**
   * The step `connect`: one transaction after another, each on what the ones before have left, then the whole.
   * @throws RuleError
   */
  connect(block: Block, ledger: LedgerReader): LedgerDiff {
    const draft = new LedgerDraft(ledger)
    const except = otherThan(block)
    for (const [position, transaction] of block.transactions.entries()) {
      run(this.#connect, { transaction, ledger: draft }, { transaction: position, except })
      this.#options.apply?.(transaction, draft)
    }
    run(this.#settle, { block, ledger: draft }, { except })
    this.#options.settle?.(block, draft)
    return draft.diff()
  }
}

/** The kind of blocks that one is not of. */
function otherThan({ header }: Block): 'genesis' | 'later' {
  return header.parent === undefined ? 'later' : 'genesis'
}

/**
 * The rows that could not be checked. Those of the blocks `except` are passed over; an error names the position
 * `transaction` in its block. @throws RuleError of the first row that refuses
 */
function run<Subject>(
  rows: readonly (Check & {
    readonly refuse: Refuse<Subject, RuleCode, typeof NOT_CHECKABLE>
  })[],
  subject: Subject,
  { except, transaction }: { except?: Check['of']; transaction?: number } = {},
): readonly Check[] {
  const open: Check[] = []
  for (const row of rows) {
    if (row.of === except) continue
    const data = row.refuse(subject)
    if (data === undefined) continue
    if (data !== NOT_CHECKABLE) {
      throw new RuleError(row.code, transaction === undefined ? data : { transaction, ...data })
    }
    open.push(row)
  }
  return open
}
