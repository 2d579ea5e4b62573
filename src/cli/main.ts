/** The program: its commands, its help, and how it ends. Exit status: 0 done, 1 refused or failed, 2 misused. */
import { existsSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Argument, Command, CommanderError } from 'commander'
import { NodeRefusal, NodeUnreachable } from '../api/client.ts'
import { printable } from '../core/printable.ts'
import { StoreError } from '../node/ports.ts'
import { VERSION } from '../version.ts'
import { benchCommand } from './bench.ts'
import { nodeCommand } from './node.ts'
import { nodesCommand, resolveCommand } from './peers.ts'
import { resetCommand } from './reset.ts'
import { chainCommand, mineCommand, sendCommand } from './talk.ts'
import { Exit, say, style, surviveOutputErrors } from './terminal.ts'
import { hashCommand, verifyCommand } from './verify.ts'

goWhereTheUserIs()
surviveOutputErrors({ goOn: false })

const program = new Command('toychain')
  .description('A blockchain node to learn, teach and prototype with.')
  .version(VERSION, '-v, --version', 'print the version')
  .helpCommand('help [command]', 'show help for a command')
  .configureHelp({
    styleTitle: (title) => style('bold', title),
    // Every command has options; to say so in each line would cost the room for what it does.
    subcommandTerm: (command) =>
      [command.name(), ...command.registeredArguments.map(argumentTerm)].join(' '),
    minWidthToWrap: 20,
  })
  .addHelpText(
    'after',
    `
Begin with:
  toychain node               a node on http://127.0.0.1:5000, with its docs
  toychain send Lea Mark 10   a payment, which waits for a block
  toychain mine               a block, with the payment in it
  toychain COMMAND --help     more about a command`,
  )
  .exitOverride()
  .showHelpAfterError('(add --help for what there is)')
for (const command of [
  nodeCommand(),
  mineCommand(),
  sendCommand(),
  chainCommand(),
  nodesCommand(),
  resolveCommand(),
  verifyCommand(),
  hashCommand(),
  benchCommand(),
  resetCommand(),
]) {
  program.addCommand(command.copyInheritedSettings(program))
}

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = exitStatus(error)
}

function argumentTerm(argument: Argument): string {
  const name = argument.variadic ? `${argument.name()}...` : argument.name()
  return argument.required ? `<${name}>` : `[${name}]`
}

/** npm runs a script in the clone's root, but files are named from where npm was called. */
function goWhereTheUserIs(): void {
  const { npm_lifecycle_event: script, INIT_CWD: startedIn } = process.env
  const root = fileURLToPath(new URL('../../', import.meta.url))
  if (script === undefined || startedIn === undefined || !existsSync(startedIn)) return
  if (realpathSync(process.cwd()) === realpathSync(root)) process.chdir(startedIn)
}

/** Says what went wrong, once, and gives the status. What nobody expected keeps its stack. */
function exitStatus(error: unknown): number {
  // Commander has said it already; its status is 0 for help and version.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof Exit) return fail(error.message, error.status)
  if (error instanceof StoreError) return fail(error.message, 1)
  if (error instanceof NodeUnreachable) {
    return fail(
      `${error.message}.\nIs it running? Start one with "npm start" or "toychain node", or name it with --node.`,
      1,
    )
  }
  if (error instanceof NodeRefusal) {
    const code = error.code === '' ? '' : ` (${error.code})`
    return fail(`the node refused${code}: ${error.message}`, 1)
  }
  throw error
}

function fail(message: string, status: number): number {
  const lines = message.split('\n').map(printable)
  say(`${style('red', 'toychain:', process.stderr)} ${lines.join('\n')}`)
  return status
}
