/**
 * Reads the results that vitest left, prints them as one line, and fails where a test was skipped
 * although what it needs should be there: in CI every suite runs, those of TOYCHAIN_TESTS=full among
 * them, but for the one for an old Node.js and those over reference data that are not there.
 */
import { existsSync, readFileSync } from 'node:fs'

const results = JSON.parse(readFileSync('.cache/tests.json', 'utf8'))
const tests = results.testResults.flatMap((file) => file.assertionResults)
const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed')
const vectors = process.env.TOYCHAIN_VECTORS ?? '../shared/vectors'
const tools = process.env.TOYCHAIN_TOOLS ?? '../shared/tools'

const wrongly = skipped.filter(({ fullName }) => {
  if (fullName.includes('no shared vectors')) return existsSync(vectors)
  if (fullName.includes('no tutorial_node.py')) return existsSync(`${tools}/tutorial_node.py`)
  return !fullName.includes('run where the system has an older one')
})
for (const { fullName } of skipped) console.log(`skipped: ${fullName}`)
for (const { fullName } of wrongly) console.error(`SKIPPED ALTHOUGH IT COULD RUN: ${fullName}`)
const count = (status) => tests.filter((test) => test.status === status).length
console.log(`${count('passed')} passed, ${count('failed')} failed, ${skipped.length} skipped`)
process.exit(wrongly.length > 0 || tests.length === 0 ? 1 : 0)
