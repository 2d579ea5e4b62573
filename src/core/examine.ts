/**
 * A block's checks, one by one: which it passed, which it failed, which were never reached. The node
 * only needs the first "no"; whoever teaches or learns wants the whole list.
 */
import type { Block } from './block.ts'
import { type Check, type Past, STEPS, type Step } from './checks.ts'
import type { Consensus } from './consensus.ts'
import { assert, attempt, type RuleCode, type RuleError } from './errors.ts'
import type { Json } from './json/json.ts'

export interface CheckResult extends Check {
  readonly outcome: 'passed' | 'failed' | 'not-reached'
}

export interface Examination {
  /** The block, where its form is right. */
  readonly block: Block | undefined
  /** In the order in which they are made; those of other kinds of blocks are left out. */
  readonly checks: readonly CheckResult[]
  /** Why the failed one failed; undefined where all that were made passed. */
  readonly error: RuleError | undefined
}

/** Makes every check of a block that can be made. */
export function examine(rules: Consensus, json: Json, past: Past): Examination {
  return examinePlace(rules, examineForm(rules, json), past)
}

/** The checks that need the block alone. */
export function examineForm(rules: Consensus, json: Json): Examination {
  const { isGenesis, transactions } = rules.outline(json)
  const other = isGenesis ? 'later' : 'genesis'
  const checks = rules.checks
    .filter(({ of }) => of !== other)
    .map((check) => ({ ...check, outcome: 'not-reached' as const }))
  const decoded = attempt(() => rules.decodeBlock(json))
  if (decoded.error === undefined) {
    return { block: decoded.value, checks: results(checks, 'header', undefined), error: undefined }
  }
  const { error } = decoded
  const known = results(checks, 'header', error)
  const later = laterRefusals(rules, transactions, error)
  return { block: undefined, checks: doubted(known, later), error }
}

/** The same block, whose form has been examined, after those before it. */
export function examinePlace(rules: Consensus, form: Examination, past: Past): Examination {
  const { block } = form
  if (block === undefined) return form
  const { error } = attempt(() => rules.checkPlace(block.header, past))
  return { block, checks: results(form.checks, 'place', error), error }
}

/** What a step has shown, all steps before it having been passed. */
function results(
  checks: readonly CheckResult[],
  step: Step,
  error: RuleError | undefined,
): readonly CheckResult[] {
  const failed = checks.findIndex((check) => check.step === step && check.code === error?.code)
  assert(failed >= 0 || error === undefined, `${error?.code} is a check of the step ${step}`)
  const end = STEPS.indexOf(step)
  return checks.map((check, i) => {
    if (i === failed) return { ...check, outcome: 'failed' }
    const isReached = failed >= 0 ? i < failed : STEPS.indexOf(check.step) <= end
    return isReached ? { ...check, outcome: 'passed' } : check
  })
}

/**
 * What the transactions after the one at fault are refused with. One after another goes through all its
 * checks, and these have not been come to.
 */
function laterRefusals(
  rules: Consensus,
  transactions: readonly Json[],
  { data }: RuleError,
): readonly RuleCode[] {
  if (!('transaction' in data) || data.transaction === undefined) return []
  return transactions.slice(data.transaction + 1).flatMap((item) => {
    const refused = attempt(() => rules.decodeTransaction(item)).error
    return refused === undefined ? [] : [refused.code]
  })
}

/** From the first check on that one of these refuses, none counts as passed. */
function doubted(
  checks: readonly CheckResult[],
  refusals: readonly RuleCode[],
): readonly CheckResult[] {
  const first = checks.findIndex(({ scope, code }) => {
    return scope === 'transaction' && refusals.includes(code)
  })
  if (first < 0) return checks
  return checks.map((check, i) => {
    return i >= first && check.outcome === 'passed' ? { ...check, outcome: 'not-reached' } : check
  })
}
