/** What a judgement comes to: stages, in each a few checks, and remarks that are no failures. */
import type { DecodeError, ErrorData, RuleError } from '../../core/errors.ts'

/** What one check found. */
export type Judgement =
  | { readonly passed: true }
  | Failure
  /** Meaningless, because another check did not pass: its stage and name. */
  | { readonly passed: null; readonly restsOn: string }

export interface Failure {
  readonly passed: false
  /** What a right node does, or the text that should be there. */
  readonly expected: string
  /** What came instead. */
  readonly got: string
  /** The likely mistake, where evidence shows it. */
  readonly hint?: string | undefined
  /** The block at which it shows, counted from 1, and the rule that it breaks. */
  readonly block?: number | undefined
  readonly rule?: string | undefined
  /** The text whose hash is right, and the one that was hashed, where that is known. */
  readonly texts?: { readonly right: string; readonly hashed: string | undefined }
}

export type CheckReport = {
  readonly name: string
  readonly why: string
  readonly source: string
} & Judgement

export interface StageReport {
  readonly stage: string
  /** Whether a node has to pass it to be a right one. */
  readonly required: boolean
  /** False if a check failed, else null if one is meaningless. */
  readonly passed: boolean | null
  readonly checks: readonly CheckReport[]
}

export interface Report {
  readonly node: string
  /** Name of the chain spec, and zeros of a proof. */
  readonly chain: string
  readonly difficulty: number | undefined
  /** Whether all required stages passed. */
  readonly passed: boolean
  readonly stages: readonly StageReport[]
  readonly remarks: readonly string[]
  /** What the judge leaves in the node. */
  readonly left: string
}

export const PASSED: Judgement = { passed: true }

export function failed(
  expected: string,
  got: string,
  more: Omit<Failure, 'passed' | 'expected' | 'got'> = {},
): Failure {
  return { passed: false, expected, got, ...more }
}

/** A block breaks a rule, and the rule says itself what it compared. */
export function brokenRule(
  { code, details, message }: RuleError | DecodeError,
  block: number,
  hint = message,
): Failure {
  if (Array.isArray(details.expected)) {
    const [expected, got] = [details.expected, details.got].map(
      (keys) => `the keys ${[keys].flat().join(', ')}`,
    )
    return failed(expected ?? '', got ?? '', { block, rule: code, hint: whichKey(details) ?? hint })
  }
  const expected = String(details.expected ?? 'a block as the rules want it')
  return failed(expected, String(details.got ?? message), { block, rule: code, hint })
}

/** Which key of an object is missing, or one too many. */
export function whichKey({ expected, got }: ErrorData): string | undefined {
  if (!Array.isArray(expected) || !Array.isArray(got)) return undefined
  const missing = expected.filter((key) => !got.includes(key))
  const more = got.filter((key) => !expected.includes(key))
  if (missing.length === 1 && more.length === 1) {
    return `"${missing[0]}" is missing, and "${more[0]}" is there: is it spelt wrongly?`
  }
  const said = [
    ...missing.map((key) => `"${key}" is missing`),
    ...more.map((key) => `"${key}" is one key too many`),
  ]
  return said.length === 0 ? undefined : said.join(', ')
}

/** The first check that failed, in the order of the stages. */
export function firstFailure(
  stages: readonly StageReport[],
): { readonly stage: StageReport; readonly check: CheckReport & Failure } | undefined {
  for (const stage of stages) {
    for (const check of stage.checks) if (check.passed === false) return { stage, check }
  }
  return undefined
}
