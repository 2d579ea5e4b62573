/**
 * npm takes options for its own that stand before "--", and hands them on as variables. A node that was
 * meant to forget would keep its data then, on another port than the one that was asked for.
 */
import type { Command } from 'commander'
import { Exit, type Terminal } from './terminal.ts'

/** Options that npm has too, and may have from a user's settings. */
const NPM_OWN = ['json', 'force', 'yes']

/** Refuses to run a command some of whose options npm has kept. @throws Exit 2 */
export function refuseEatenOptions({ process: { env } }: Terminal, command: Command): void {
  const script = env.npm_lifecycle_event
  if (script === undefined) return
  const args = [...command.args]
  const eaten: string[] = []
  const wanted: string[] = []
  for (const { long, required } of command.options) {
    if (long == null || NPM_OWN.includes(long.slice(2))) continue
    const value = env[`npm_config_${long.replace(/^--(no-)?/, '').replaceAll('-', '_')}`]
    // npm hands --no-page on as an empty text, and --port without "=" as true, with its value behind it.
    const isNo = long.startsWith('--no-')
    if (value === undefined || (value === '') !== isNo) continue
    eaten.push(long)
    const given = required && value === 'true' ? args.shift() : value
    wanted.push(required && given !== undefined ? `${long} ${given}` : long)
  }
  const isExcess = command.registeredArguments.length === 0 && args.length > 0
  if (eaten.length === 0 && !isExcess) return
  // Short options are not told at all, and -p is the one that a node has.
  const rest = eaten.length === 0 && isExcess ? ['-p', ...args] : args
  const start = script === 'start' ? 'npm start --' : `npm run ${script} -- ${command.name()}`
  throw new Exit(
    2,
    `npm has kept ${eaten.join(', ') || 'an option'} for itself: what is for toychain stands behind "--", as in\n  ${start} ${[...wanted, ...rest].join(' ')}`,
  )
}
