/** A stage: a few small checks, one after another, of one thing that a node has to do. */
import type { CheckReport, Judgement } from '../report/report.ts'
import type { World } from '../world/world.ts'

export interface Check {
  readonly name: string
  /** Why it matters, in a sentence. */
  readonly why: string
  /** Where it is written that it has to be so. */
  readonly source: string
  /** Checks without which this one means nothing, each as `stage/name`. */
  readonly needs?: readonly string[]
  readonly judge: (world: World) => Promise<Judgement>
}

export interface Stage {
  readonly name: string
  readonly required: boolean
  /** Stages that have to run before this one. */
  readonly after: readonly string[]
  readonly checks: readonly Check[]
  /** Looks at all that was found, where only the whole shows what the mistake is. */
  readonly refine?: (reports: readonly CheckReport[]) => readonly CheckReport[]
}

/** The same reports with another hint for those of these names that failed. */
export function withHint(
  reports: readonly CheckReport[],
  names: readonly string[],
  hint: string,
): readonly CheckReport[] {
  return reports.map((report) =>
    report.passed === false && names.includes(report.name) ? { ...report, hint } : report,
  )
}

export function hasPassed(reports: readonly CheckReport[], name: string): boolean {
  return reports.some((report) => report.name === name && report.passed === true)
}

export function hasFailed(reports: readonly CheckReport[], name: string): boolean {
  return reports.some((report) => report.name === name && report.passed === false)
}

/** Whether a check failed with this hint. */
export function hasHint(reports: readonly CheckReport[], hint: string): boolean {
  return reports.some((report) => report.passed === false && report.hint === hint)
}

/** The tutorial's program, as of the commit that this judge knows. */
export const TUTORIAL = 'dvf/blockchain, blockchain.py, commit 68066d6'
