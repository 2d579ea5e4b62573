/** `toychain node`: its options. What it does is in run-node.ts, read only when it is asked for. */
import { availableParallelism } from 'node:os'
import { Command, InvalidArgumentError, Option } from 'commander'
import { RuleError } from '../core/errors.ts'
import { MAX_REQUESTS_PER_MINUTE } from '../core/limits.ts'
import { MAX_PROOF_START } from '../core/puzzle.ts'
import { parseAddress } from '../node/peers/address.ts'
import {
  chainOption,
  DEFAULT_PORT,
  dataOption,
  difficultyOption,
  portNumber,
  positiveNumber,
  seconds,
  tokenText,
  wholeNumber,
} from './config.ts'
import type { NodeFlags } from './run-node.ts'
import { Exit, type Terminal } from './terminal.ts'

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

export function nodeCommand(terminal: Terminal): Command {
  return new Command('node')
    .description('run a node: REST API, miner, durable storage')
    .option(
      '--host <address>',
      'address to listen on (default: both loopbacks, 127.0.0.1 and ::1)',
      hostName,
    )
    .addOption(
      new Option('-p, --port <port>', 'port to listen on; 0 picks a free one')
        .env('PORT')
        .argParser(portNumber)
        .default(DEFAULT_PORT),
    )
    .addOption(dataOption().conflicts('memory'))
    .option('--memory', 'keep nothing: the data live as long as the node')
    .addOption(chainOption())
    .addOption(difficultyOption())
    .option('--mine', 'mine one block after another')
    .option('--threads <n>', 'threads that search for proofs (default: one for each core)', threads)
    .option(
      '--proof-start <n>',
      'where searches for proofs begin, below 2^30 (default: a random proof, so that mining is a lottery)',
      proofStart,
    )
    .option('--peer <address>', 'another node to register at start (repeatable)', collectPeer)
    .option(
      '--resolve-every <seconds>',
      'resolve with the registered nodes by itself, so often',
      seconds,
    )
    .option('--no-page', 'serve the API alone, without the page for browsers')
    .option(
      '--build-page',
      'in a clone: build the page first where it is missing or older than its sources (npm start does)',
    )
    .option(
      '--allowed-host <name>',
      'another name that requests may have in Host (repeatable)',
      collectHost,
    )
    .option(
      '--allow-origin <origin>',
      'pages of this origin may read, such as https://class.example (repeatable)',
      collectOrigin,
    )
    .option(
      '--allow-origin-write <origin>',
      'pages of this origin may read and change, with the token where there is one (repeatable)',
      collectOrigin,
    )
    .addOption(
      new Option('--token <token>', 'require this token for what changes the node')
        .env('TOYCHAIN_TOKEN')
        .argParser(tokenText),
    )
    .option(
      '--rate-limit <n>',
      `requests a minute from one address, loopback too (default: ${MAX_REQUESTS_PER_MINUTE}, loopback exempt)`,
      positiveNumber,
    )
    .addOption(
      new Option('--log-level <level>', 'what to log, as JSON lines')
        .choices(LOG_LEVELS)
        .default('warn'),
    )
    .addHelpText(
      'after',
      `
Examples:
  toychain node                          classic chain on http://127.0.0.1:5000
  toychain node --port 5001              a second node beside it
  toychain node --memory --difficulty 2  a quick one that forgets
  toychain node --port 5001 --peer 127.0.0.1:5000 --resolve-every 5
                                         one that follows the first`,
    )
    .action(async (flags: NodeFlags, command: Command) => {
      // An empty variable is no token, as compose files pass it; an empty flag asked for one.
      if (flags.token === '' && command.getOptionValueSource('token') === 'cli') {
        throw new Exit(2, '--token: expected a token, got nothing')
      }
      await (await import('./run-node.ts')).runNode(flags, terminal)
    })
}

function threads(text: string): number {
  const value = positiveNumber(text)
  const cores = availableParallelism()
  if (value <= cores) return value
  throw new InvalidArgumentError(`Expected at most ${cores} threads, the cores of this machine.`)
}

function proofStart(text: string): number {
  const value = wholeNumber(text)
  if (value < MAX_PROOF_START) return value
  throw new InvalidArgumentError(`Expected a proof from 0 to ${MAX_PROOF_START - 1}.`)
}

function collectPeer(value: string, previous?: readonly string[]): readonly string[] {
  try {
    return collect(parseAddress(value), previous)
  } catch (cause) {
    if (!(cause instanceof RuleError)) throw cause
    throw new InvalidArgumentError(`Expected ${cause.data.expected}.`)
  }
}

function collectHost(value: string, previous?: readonly string[]): readonly string[] {
  return collect(hostName(value), previous)
}

/** There is no sign for every name: whoever leads a name to this node could then use it from their page. */
function hostName(value: string): string {
  if (/^[^\s*/@]+$/.test(value)) return value
  throw new InvalidArgumentError('Expected a name or an address, such as class.example.')
}

/** Only what a browser sends as Origin: another spelling would never match. */
function collectOrigin(value: string, previous?: readonly string[]): readonly string[] {
  const origin = URL.parse(value)?.origin
  if (origin === value && /^https?:/.test(value)) return collect(value, previous)
  const right = origin === undefined || origin === 'null' ? 'https://class.example' : origin
  throw new InvalidArgumentError(`Expected an origin alone, as browsers send it: ${right}`)
}

function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value]
}
