/**
 * `npm run bench [-- SUITE…] [--json]`: figures with a baseline beside each, measured in the same run.
 * The table goes to standard output, what is being done to standard error.
 */
import { type Figure, machineText, type Suite, tableText } from './measure.ts'
import { resolveSuite } from './resolve.ts'

const SUITES: Readonly<Record<string, Suite>> = { resolve: resolveSuite }

const args = process.argv.slice(2)
const isJson = args.includes('--json')
const names = args.filter((arg) => arg !== '--json')
const unknown = names.filter((name) => !(name in SUITES))
if (unknown.length > 0) {
  const known = Object.keys(SUITES).join(', ')
  process.stderr.write(`bench: no suite "${unknown.join('", "')}"; there are: ${known}\n`)
  process.exit(2)
}

const say = (line: string) => process.stderr.write(`${line}\n`)
say(machineText())
const figures: Figure[] = []
for (const [name, suite] of Object.entries(SUITES)) {
  if (names.length === 0 || names.includes(name)) figures.push(...(await suite(say)))
}
process.stdout.write(`${isJson ? JSON.stringify(figures, undefined, 2) : tableText(figures)}\n`)
