/**
 * `npm run bench [-- SUITE…] [--json]`: figures with a baseline beside each, measured in the same run.
 * The table goes to standard output, what is being done to standard error.
 */
import { parseArgs } from 'node:util'
import { floodSuite } from './flood.ts'
import { growthSuite } from './growth.ts'
import { type Figure, machineText, type Suite, tableText } from './measure.ts'
import { miningSuite } from './mining.ts'
import { nodesSuite } from './nodes.ts'
import { pageSuite } from './page.ts'
import { postsSuite } from './posts.ts'
import { readsSuite } from './reads.ts'
import { reorgSuite } from './reorg.ts'
import { resolveSuite } from './resolve.ts'
import { soakSuite } from './soak.ts'
import { validationSuite } from './validation.ts'

const SUITES: Readonly<Record<string, Suite>> = {
  posts: postsSuite,
  validation: validationSuite,
  reads: readsSuite,
  growth: growthSuite,
  resolve: resolveSuite,
  mining: miningSuite,
  page: pageSuite,
  flood: floodSuite,
  reorg: reorgSuite,
  soak: soakSuite,
  nodes: nodesSuite,
}
/** Take minutes, so they run only when they are named. */
const LONG = ['soak', 'flood', 'reorg']

const USAGE = `Usage: npm run bench [-- SUITE…] [--json] [--turns N] [--minutes N]

Suites: ${Object.keys(SUITES).join(', ')}; all but ${LONG.join(', ')} if none is named.
  --json       an array of {suite, case, ours, baseline, against, unit, ratio}
  --turns N    how often each measurement is made (default: 5; the median counts)
  --minutes N  how long the soak takes (default: 10)`

const { names, json, turns, minutes } = options()
const say = (line: string) => process.stderr.write(`${line}\n`)
say(machineText())
const figures: Figure[] = []
for (const name of names) {
  const suite = SUITES[name]
  if (suite !== undefined) figures.push(...(await suite(say, { turns, minutes })))
}
process.stdout.write(`${json ? JSON.stringify(figures, undefined, 2) : tableText(figures)}\n`)

/** What the command line asks for; ends the program if that cannot be done. */
function options() {
  const flags = {
    json: { type: 'boolean' },
    turns: { type: 'string', default: '5' },
    minutes: { type: 'string', default: '10' },
  } as const
  try {
    const help = { type: 'boolean', short: 'h' } as const
    const parsed = parseArgs({ options: { ...flags, help }, allowPositionals: true })
    const { json = false, turns, minutes, help: isHelp } = parsed.values
    if (isHelp) end(USAGE, 0)
    const unknown = parsed.positionals.filter((name) => !(name in SUITES))
    if (unknown.length > 0) end(`bench: no suite "${unknown.join('", "')}".\n${USAGE}`, 2)
    if (!/^[1-9]\d?$/.test(turns)) end(`bench: --turns: expected 1 to 99, got "${turns}"`, 2)
    if (!(Number(minutes) > 0)) end(`bench: --minutes: expected minutes, got "${minutes}"`, 2)
    const usual = Object.keys(SUITES).filter((name) => !LONG.includes(name))
    const names = parsed.positionals.length > 0 ? parsed.positionals : usual
    return { names, json, turns: Number(turns), minutes: Number(minutes) }
  } catch (error) {
    return end(`bench: ${error instanceof Error ? error.message : error}\n${USAGE}`, 2)
  }
}

function end(text: string, status: number): never {
  process[status === 0 ? 'stdout' : 'stderr'].write(`${text}\n`)
  process.exit(status)
}
