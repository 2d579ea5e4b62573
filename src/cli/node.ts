/** `toychain node`: its options. What it does is in run-node.ts, read only when it is asked for. */
import { Command, Option } from 'commander'
import { MAX_REQUESTS_PER_MINUTE } from '../core/limits.ts'
import {
  chainOption,
  DEFAULT_PORT,
  dataOption,
  difficultyOption,
  portNumber,
  positiveNumber,
  tokenText,
} from './config.ts'
import { Exit } from './terminal.ts'

export interface NodeFlags {
  readonly host: string
  readonly port: number
  readonly data?: string
  readonly memory?: true
  readonly chain?: string
  readonly difficulty?: number
  readonly allowedHost?: readonly string[]
  readonly token?: string
  readonly rateLimit?: number
  readonly logLevel: string
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

export function nodeCommand(): Command {
  return new Command('node')
    .description('run a node: REST API, miner, durable storage')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', 'port to listen on; 0 picks a free one', portNumber, DEFAULT_PORT)
    .addOption(dataOption().conflicts('memory'))
    .option('--memory', 'keep nothing: the data live as long as the node')
    .addOption(chainOption())
    .addOption(difficultyOption())
    .option(
      '--allowed-host <name>',
      'another name that requests may have in Host (repeatable)',
      collect,
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
  toychain node --memory --difficulty 2  a quick one that forgets`,
    )
    .action(async (flags: NodeFlags, command: Command) => {
      // An empty variable is no token, as compose files pass it; an empty flag asked for one.
      if (flags.token === '' && command.getOptionValueSource('token') === 'cli') {
        throw new Exit(2, '--token: expected a token, got nothing')
      }
      await (await import('./run-node.ts')).runNode(flags)
    })
}

function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value]
}
