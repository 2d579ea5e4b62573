/** Judging a student's node in this process, and what is looked at of a report. */
import { type JudgeOptions, judge } from '../../src/check/judge.ts'
import { firstFailure, type Report } from '../../src/check/report/report.ts'
import { CLASSIC, withDifficulty } from '../../src/core/spec.ts'
import { type Student, startStudent, ZEROS } from './student.ts'

export const SPEC = withDifficulty(CLASSIC, ZEROS)

export async function judged(
  student: Student,
  options: Partial<JudgeOptions> = {},
): Promise<Report> {
  return judgedAt(await startStudent(student), options)
}

export async function judgedAt(node: string, options: Partial<JudgeOptions> = {}): Promise<Report> {
  const { report } = await judge({
    node: new URL(`${node}/`),
    spec: SPEC,
    timeoutMs: 5_000,
    deadlineMs: 60_000,
    hangMs: 100,
    overwrite: false,
    ...options,
  })
  return report
}

/** Each stage with whether it passed. */
export function stagesOf({ stages }: Report): Record<string, boolean | null> {
  return Object.fromEntries(stages.map(({ stage, passed }) => [stage, passed]))
}

/** The first failure, as `stage/check`, with its explanation. */
export function firstOf({ stages }: Report) {
  const first = firstFailure(stages)
  if (first === undefined) return { at: 'none', hint: '', block: undefined, expected: '', got: '' }
  const { hint = '', block, expected, got } = first.check
  return { at: `${first.stage.stage}/${first.check.name}`, hint, block, expected, got }
}

export const ALL_PASSED = {
  chain: true,
  transactions: true,
  mine: true,
  register: true,
  resolve: true,
  robust: true,
}
