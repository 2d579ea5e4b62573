/**
 * `npm run test:crash [-- --rounds N --seed S]`: kills nodes at moments of chance and looks whether
 * anything that they had answered is lost. Progress goes to standard error, the totals to standard
 * output; status 1 and the kept data folder where a round has shown a fault.
 */
import { parseArgs } from 'node:util'
import { Campaign, CrashFailure } from './campaign.ts'
import type { Totals } from './totals.ts'

/** What a round may take on average, before the whole is ended. */
const MAX_MS_PER_ROUND = 6_000
const SAY_EVERY = 25

const values = readArguments()
const [rounds, seed] = [wholeNumber('rounds'), wholeNumber('seed')]
say(`${rounds} rounds, seed ${seed}`)

const begunMs = performance.now()
const secondsPassed = () => ((performance.now() - begunMs) / 1000).toFixed(0)
const campaign = new Campaign({
  rounds,
  seed,
  maxMs: 60_000 + rounds * MAX_MS_PER_ROUND,
  onRound: (round, totals) => {
    if (round % SAY_EVERY === 0) say(progress(round, totals))
  },
})
try {
  await campaign.run()
} catch (error) {
  if (!(error instanceof CrashFailure)) throw error
  say(`\nFAILED in ${error.message}\n`)
  process.exitCode = 1
}
const { totals, fileSystem } = campaign
process.stdout.write(`${totals.table()}\n`)
process.stdout.write(`\nseed ${seed}, ${secondsPassed()} s, file system ${fileSystem}\n`)
for (const what of totals.unmet) {
  say(`FAILED: ${what}`)
  process.exitCode = 1
}
// A node that hangs would keep this process waiting for it.
if (process.exitCode === 1) process.exit()

function readArguments(): { rounds: string; seed: string } {
  const seed = String(Math.floor(Math.random() * 1e9))
  try {
    const options = {
      rounds: { type: 'string', default: '1000' },
      seed: { type: 'string', default: seed },
    } as const
    return parseArgs({ options }).values
  } catch (cause) {
    say(cause instanceof Error ? cause.message : String(cause))
    process.exit(2)
  }
}

function progress(round: number, { answers }: Totals): string {
  return `round ${round} of ${rounds}, ${answers} answers, ${secondsPassed()} s`
}

function wholeNumber(name: 'rounds' | 'seed'): number {
  const text = values[name]
  if (/^\d{1,9}$/.test(text)) return Number(text)
  say(`--${name}: expected a whole number, got ${text}`)
  process.exit(2)
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
