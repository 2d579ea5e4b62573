/** A report as JUnit's XML, which course servers and CI read: a suite for each stage, a case for each check. */
import { printableLines } from '../../core/printable.ts'
import type { CheckReport, Report } from './report.ts'

export function junitText({ node, stages }: Report): string {
  const suites = stages.map(({ stage, required, checks }) => {
    const failures = checks.filter(({ passed }) => passed === false).length
    const skipped = checks.filter(({ passed }) => passed === null).length
    // What is not required fails no build: it is told as skipped.
    const counts = required
      ? `failures="${failures}" skipped="${skipped}"`
      : `failures="0" skipped="${failures + skipped}"`
    const cases = checks.map((check) => caseText(stage, check, required)).join('\n')
    return `  <testsuite name="${xml(stage)}" tests="${checks.length}" ${counts}>\n${cases}\n  </testsuite>`
  })
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${xml(`toychain check ${node}`)}">\n${suites.join('\n')}\n</testsuites>\n`
}

function caseText(stage: string, check: CheckReport, required: boolean): string {
  const head = `    <testcase classname="${xml(stage)}" name="${xml(check.name)}"`
  if (check.passed === true) return `${head}/>`
  if (check.passed === null) {
    return `${head}>\n      <skipped message="${xml(`rests on ${check.restsOn}`)}"/>\n    </testcase>`
  }
  const { expected, got, hint = '', why } = check
  const message = `expected ${expected}, got ${got}`
  if (!required)
    return `${head}>\n      <skipped message="${xml(`not required: ${message}`)}"/>\n    </testcase>`
  const body = xml([hint, why].filter((text) => text !== '').join('\n'))
  return `${head}>\n      <failure message="${xml(message)}">${body}</failure>\n    </testcase>`
}

/** Text in XML 1.0, in which control and format characters and lone surrogates are escaped or replaced. */
function xml(text: string): string {
  return printableLines(text.toWellFormed())
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
}
