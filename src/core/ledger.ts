/**
 * What blocks do to accounts. A rule set says what an account's state is, as a text of its own; here it is
 * only read, changed and changed back. Invariant: a diff has before and after of each account that its block
 * changed, so that undoing it needs no rule.
 */
import { assert } from './errors.ts'

export interface LedgerReader {
  /** The state of an account; undefined for one that has none. */
  account(name: string): string | undefined
}

export interface LedgerChange {
  readonly account: string
  readonly before: string | undefined
  readonly after: string | undefined
}

/** What connecting one block changes: each account once. */
export type LedgerDiff = readonly LedgerChange[]

/** What a block changes of a chain without accounts. */
export const NO_CHANGES: LedgerDiff = []

/** A ledger with changes on top of it that are not written yet. */
export class LedgerDraft implements LedgerReader {
  readonly #ledger: LedgerReader
  readonly #after = new Map<string, string | undefined>()

  constructor(ledger: LedgerReader) {
    this.#ledger = ledger
  }

  account(name: string): string | undefined {
    return this.#after.has(name) ? this.#after.get(name) : this.#ledger.account(name)
  }

  /** @param name not empty */
  set(name: string, state: string | undefined): void {
    assert(name !== '', 'an account has a name')
    this.#after.set(name, state)
  }

  diff(): LedgerDiff {
    const changes = Array.from(this.#after, ([account, after]) => {
      return { account, before: this.#ledger.account(account), after }
    })
    return changes.filter(({ before, after }) => before !== after)
  }
}

/** The diff that takes another one back. */
export function undone(diff: LedgerDiff): LedgerDiff {
  return diff.map(({ account, before, after }) => ({ account, before: after, after: before }))
}
