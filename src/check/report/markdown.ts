/** A report in Markdown, for a comment or a hand-in. What a node has said stands in fences, as data. */
import { printable, printableLines } from '../../core/printable.ts'
import type { CheckReport, Failure, Report, StageReport } from './report.ts'

export function markdownText(report: Report): string {
  const { node, chain, passed, stages, remarks, left } = report
  const lines = [
    `# toychain check: ${passed ? 'passed' : 'not passed'}`,
    '',
    `Node ${code(node)}, chain ${code(chain)}.`,
    '',
    '| stage | required | result |',
    '|---|---|---|',
    ...stages.map(
      (stage) => `| ${stage.stage} | ${stage.required ? 'yes' : 'no'} | ${resultOf(stage)} |`,
    ),
    '',
    ...stages.flatMap(({ stage, checks }) =>
      checks.flatMap((check) => (check.passed === true ? [] : checkLines(stage, check))),
    ),
    ...(remarks.length === 0
      ? []
      : ['## Remarks', '', ...remarks.map((remark) => fenced(remark)), '']),
    `The judge leaves behind: ${left}.`,
  ]
  return `${lines.join('\n')}\n`
}

function resultOf({ passed, checks }: StageReport): string {
  const right = checks.filter((check) => check.passed === true).length
  const word = passed === true ? '✓ passed' : passed === false ? '✗ failed' : '– open'
  return `${word}, ${right} of ${checks.length} checks`
}

function checkLines(stage: string, check: CheckReport): string[] {
  const head = `## ${check.passed === false ? '✗' : '–'} ${stage}: ${check.name}`
  if (check.passed === null)
    return [head, '', `Not judged: it rests on ${code(check.restsOn)}.`, '']
  if (check.passed === true) return []
  const { why, expected, got, hint, block, rule, source } = check
  const place = [
    ...(block === undefined ? [] : [`block ${block}`]),
    ...(rule === undefined ? [] : [`rule ${code(rule)}`]),
  ]
  return [
    head,
    '',
    `Why: ${why}. Source: ${source}.${place.length === 0 ? '' : ` At ${place.join(', ')}.`}`,
    '',
    'Expected:',
    '',
    fenced(expected),
    '',
    'Got:',
    '',
    fenced(got),
    '',
    ...(hint === undefined ? [] : ['Likely:', '', fenced(hint), '']),
    ...textsLines(check),
  ]
}

function textsLines({ texts }: Failure): string[] {
  if (texts === undefined) return []
  const { right, hashed } = texts
  const theirs = hashed === undefined ? [] : ['This was hashed:', '', fenced(hashed), '']
  return ['This text is to be hashed:', '', fenced(right), '', ...theirs]
}

/** Text as data: a fence that is longer than any run of backticks in it. */
function fenced(text: string): string {
  const shown = printableLines(text)
  const longest = (shown.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2)
  const fence = '`'.repeat(longest + 1)
  return `${fence}\n${shown}\n${fence}`
}

function code(text: string): string {
  return `\`${printable(text).replaceAll('`', "'")}\``
}
