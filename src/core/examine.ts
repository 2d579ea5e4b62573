/**
 * A block's checks, one by one: which it passed, which it failed, which were never reached. The node
 * only needs the first "no"; whoever teaches or learns wants the whole list.
 */
import type { Block, Header } from './block.ts'
import type { BlockCheck, Consensus } from './consensus.ts'
import { assert, type RuleCode, RuleError } from './errors.ts'
import { type Json, JsonNumber, JsonObject } from './json/json.ts'

export interface CheckResult extends BlockCheck {
  readonly outcome: 'passed' | 'failed' | 'not-reached'
}

export interface Examination {
  /** The block, where its form is right. */
  readonly block: Block | undefined
  /** In the order in which they are made. */
  readonly checks: readonly CheckResult[]
  /** Why the failed one failed; undefined where all passed. */
  readonly error: RuleError | undefined
}

/**
 * Makes every check of a block that can be made.
 * @param parent the block before; undefined where there is none, as for a genesis
 */
export function examine(rules: Consensus, json: Json, parent: Header | undefined): Examination {
  const checks = rules.checks(isFirst(json) ? 'genesis' : 'later')
  const decoded = attempt(() => rules.decodeBlock(json))
  if (decoded.error !== undefined) {
    const { error } = decoded
    const known = results(checks, 'form', error)
    return { block: undefined, checks: doubted(known, laterRefusals(rules, json, error)), error }
  }
  const { value: block } = decoded
  const placed = attempt(() => rules.checkAgainstParent(block.header, parent))
  return { block, checks: results(checks, 'place', placed.error), error: placed.error }
}

type Attempt<T> = { readonly value: T; readonly error?: undefined } | { readonly error: RuleError }

function attempt<T>(check: () => T): Attempt<T> {
  try {
    return { value: check() }
  } catch (error) {
    if (!(error instanceof RuleError)) throw error
    return { error }
  }
}

/** @param step where the error came from; all checks of the steps before it have passed */
function results(
  checks: readonly BlockCheck[],
  step: BlockCheck['step'],
  error: RuleError | undefined,
): readonly CheckResult[] {
  if (error === undefined) return checks.map((check) => ({ ...check, outcome: 'passed' }))
  const failed = checks.findIndex((check) => check.step === step && check.code === error.code)
  assert(failed >= 0, `${error.code} is one of the checks of a block's ${step}`)
  return checks.map((check, i) => {
    if (i === failed) return { ...check, outcome: 'failed' }
    return { ...check, outcome: i < failed ? 'passed' : 'not-reached' }
  })
}

/**
 * What the transactions after the one at fault are refused with. A block's reader takes one after
 * another through all their checks, and has not come to these.
 */
function laterRefusals(rules: Consensus, json: Json, error: RuleError): readonly RuleCode[] {
  const { transaction } = error.data
  const transactions = json instanceof JsonObject ? json.get('transactions') : undefined
  if (typeof transaction !== 'number' || !Array.isArray(transactions)) return []
  return transactions.slice(transaction + 1).flatMap((item: Json) => {
    const refused = attempt(() => rules.decodeTransaction(item)).error
    return refused === undefined ? [] : [refused.code]
  })
}

/** From the first check on that one of these refuses, none counts as passed. */
function doubted(
  checks: readonly CheckResult[],
  refusals: readonly RuleCode[],
): readonly CheckResult[] {
  const first = checks.findIndex((check) => check.step === 'form' && refusals.includes(check.code))
  if (first < 0) return checks
  return checks.map((check, i) => {
    return i >= first && check.outcome === 'passed' ? { ...check, outcome: 'not-reached' } : check
  })
}

function isFirst(json: Json): boolean {
  if (!(json instanceof JsonObject)) return false
  const index = json.get('index')
  return index instanceof JsonNumber && index.token === '1'
}
