/**
 * A block's checks, one by one: which it passed, which it failed, which were never reached. The node
 * only needs the first "no"; whoever teaches or learns wants the whole list.
 */
import type { Block, Header } from './block.ts'
import type { BlockCheck, Consensus } from './consensus.ts'
import { assert, RuleError } from './errors.ts'
import { type Json, JsonNumber, JsonObject } from './json.ts'

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
    return {
      block: undefined,
      checks: results(checks, 'form', decoded.error),
      error: decoded.error,
    }
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

function isFirst(json: Json): boolean {
  if (!(json instanceof JsonObject)) return false
  const index = json.get('index')
  return index instanceof JsonNumber && index.token === '1'
}
