/** A report as a page of text that one can read from the back of the room. */
import { printable } from '../../core/printable.ts'
import {
  type CheckReport,
  type Failure,
  firstFailure,
  type Report,
  type StageReport,
} from './report.ts'

/** Colours a text, where the page is shown in colours. */
export type Paint = (colour: 'green' | 'red' | 'yellow' | 'bold' | 'dim', text: string) => string

/** One stage: a line, and beneath it what did not pass. */
export function stageLines(
  { stage, required, passed, checks }: StageReport,
  paint: Paint,
): string[] {
  const note = required ? '' : paint('dim', '  (not required)')
  const done = checks.filter((check) => check.passed === true).length
  const head = `${mark(passed, paint)} ${paint('bold', stage.padEnd(13))} ${done} of ${checks.length} checks passed${note}`
  return [
    head,
    ...checks.flatMap((check) => (check.passed === false ? [failureLine(check, paint)] : [])),
    ...openLines(checks, paint),
  ]
}

function failureLine({ name, why }: CheckReport, paint: Paint): string {
  return `    ${mark(false, paint)} ${name.padEnd(24)} ${printable(why)}`
}

/** What could not be judged: those that rest on the same check in one line. */
function openLines(checks: readonly CheckReport[], paint: Paint): string[] {
  const byRest = new Map<string, string[]>()
  for (const check of checks) {
    if (check.passed !== null) continue
    byRest.set(check.restsOn, [...(byRest.get(check.restsOn) ?? []), check.name])
  }
  return [...byRest].map(([restsOn, names]) => {
    const which = names.length === checks.length ? 'all of it' : names.join(', ')
    return `    ${mark(null, paint)} ${paint('dim', `not judged, because it rests on ${restsOn}: ${which}`)}`
  })
}

/** ✓ and ✗ come with a word, for who does not see the colour or the sign. */
function mark(passed: boolean | null, paint: Paint): string {
  if (passed === true) return paint('green', '✓ right')
  return passed === false ? paint('red', '✗ wrong') : paint('yellow', '– open ')
}

/** What follows the stages: the first failure explained, the remarks, what the judge left. */
export function endLines(report: Report, paint: Paint): string[] {
  const first = firstFailure(report.stages)
  return [
    '',
    ...(first === undefined ? [] : [...explanation(first.stage, first.check, paint), '']),
    ...report.remarks.map((remark) => `${paint('dim', 'remark:')} ${printable(remark)}`),
    ...(report.remarks.length === 0 ? [] : ['']),
    verdict(report, paint),
    paint('dim', `The judge leaves behind: ${report.left}.`),
  ]
}

function verdict({ passed, stages }: Report, paint: Paint): string {
  const required = stages.filter((stage) => stage.required)
  const right = required.filter((stage) => stage.passed === true).length
  const count = `${right} of ${required.length} required stage(s)`
  return passed
    ? paint('green', `The node is right: ${count} passed.`)
    : paint('red', `The node is not right yet: ${count} passed.`)
}

/** The first mistake: where, why it matters, what was expected and what came, and what it likely is. */
function explanation(
  { stage, required }: Pick<StageReport, 'stage' | 'required'>,
  check: CheckReport & Failure,
  paint: Paint,
): string[] {
  const { expected, got, hint, block, rule, why, source } = check
  const title = required ? 'The first mistake' : 'Not required, and worth mending'
  const where = [
    `${stage}, ${check.name}`,
    ...(block === undefined ? [] : [`block ${block}`]),
    ...(rule === undefined ? [] : [`rule ${rule}`]),
  ]
  return [
    paint('bold', `${title}: ${where.join(', ')}`),
    ...(hint === undefined ? [] : [line('likely', printable(hint))]),
    ...sideBySide(['expected', expected], ['got', got]),
    ...textLines(check),
    line('why', printable(why)),
    paint('dim', line('source', printable(source))),
  ]
}

/** How much is shown before the place at which two texts part, and after it. */
const SHOWN_BEFORE = 40
const SHOWN_AFTER = 60
/** So much in common says that the two are one text with a fault, and not two. */
const COMMON = 8
const MAX_TEXT = 400

function textLines({ texts }: Failure): string[] {
  if (texts === undefined) return []
  const { right, hashed } = texts
  if (hashed === undefined) return [line('hash this', printable(right.slice(0, MAX_TEXT)))]
  return sideBySide(['hash this', right], ['and not', hashed])
}

function line(name: string, text: string): string {
  return `  ${name.padEnd(10)} ${text}`
}

type Named = readonly [name: string, text: string]

/** Two texts beneath each other, and the byte at which they part where they have a beginning in common. */
function sideBySide([one, expected]: Named, [other, got]: Named): string[] {
  const at = firstDifference(expected, got)
  const isLong = Math.max(expected.length, got.length) > SHOWN_BEFORE + SHOWN_AFTER
  const isAlike = at >= COMMON || (isHex(expected) && isHex(got))
  if (!isAlike) {
    return [
      line(one, printable(expected.slice(0, MAX_TEXT))),
      line(other, printable(got.slice(0, MAX_TEXT))),
    ]
  }
  const from = isLong ? Math.max(0, at - SHOWN_BEFORE) : 0
  const to = isLong ? at + SHOWN_AFTER : undefined
  const piece = (text: string) => {
    const isCut = to !== undefined && text.length > to
    return `${from > 0 ? '…' : ''}${printable(text.slice(from, to))}${isCut ? '…' : ''}`
  }
  const lead = printable(expected.slice(from, at)).length + (from > 0 ? 1 : 0)
  const byte = Buffer.byteLength(expected.slice(0, at)) + 1
  return [
    line(one, piece(expected)),
    line(other, piece(got)),
    line('', `${' '.repeat(lead)}^ they part at byte ${byte}`),
  ]
}

function firstDifference(a: string, b: string): number {
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  return at
}

function isHex(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text)
}
