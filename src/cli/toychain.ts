/** The program: its commands, its help, and its status. 0: done, 1: refused or failed, 2: misused. */
import { type Argument, Command, CommanderError } from 'commander'
import { NodeRefusal, NodeUnreachable } from '../api/client/client.ts'
import { printableLines } from '../core/printable.ts'
import { StoreError } from '../node/store/store.ts'
import { VERSION } from '../version.ts'
import { benchCommand } from './bench.ts'
import { checkCommand } from './check.ts'
import { nodeCommand } from './node.ts'
import { refuseEatenOptions } from './npm.ts'
import { nodesCommand, resolveCommand } from './peers.ts'
import { resetCommand } from './reset.ts'
import { chainCommand, mineCommand, sendCommand } from './talk.ts'
import { Exit, type Output, type Terminal } from './terminal.ts'
import { exportCommand, importCommand } from './transfer.ts'
import { hashCommand, verifyCommand } from './verify.ts'
import { verifyHeadersCommand } from './verify-headers.ts'

/** Where no terminal says how wide it is. */
const COLUMNS_ELSEWHERE = 80

/**
 * Runs one command to its end and gives the exit status; a node goes on after that, until a signal
 * ends it.
 * @param args what stands behind the program's name
 */
export async function toychain(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await program(terminal).parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    return exitStatus(error, terminal)
  }
}

function program(terminal: Terminal): Command {
  const { stdout, stderr } = terminal.process
  const hasColours = (stream: Output) => terminal.style('bold', '.', stream) !== '.'
  const program = new Command('toychain')
    .description('A blockchain node to learn, teach and prototype with.')
    .version(VERSION, '-v, --version', 'print the version')
    .helpCommand('help [command]', 'show help for a command')
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => widthOf(stdout),
      getErrHelpWidth: () => widthOf(stderr),
      getOutHasColors: () => hasColours(stdout),
      getErrHasColors: () => hasColours(stderr),
    })
    .configureHelp({
      styleTitle: (title) => terminal.style('bold', title),
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
    // What stands behind "nodes add" is for "add", though "nodes" has an option of that name too.
    .enablePositionalOptions()
    .showHelpAfterError('Add --help to see its arguments and options.')
    .hook('preAction', (_program, command) => {
      refuseEatenOptions(terminal, command)
      refuseExcess(command)
    })
  for (const create of [
    nodeCommand,
    mineCommand,
    sendCommand,
    chainCommand,
    nodesCommand,
    resolveCommand,
    exportCommand,
    importCommand,
    verifyCommand,
    verifyHeadersCommand,
    checkCommand,
    hashCommand,
    benchCommand,
    resetCommand,
  ]) {
    program.addCommand(inherit(create(terminal), program))
  }
  return program
}

/** @throws Exit 2 where there are more arguments than the command has */
function refuseExcess({ args, registeredArguments: known }: Command): void {
  if (known.at(-1)?.variadic === true || args.length <= known.length) return
  const wanted = known.length === 0 ? 'no argument' : `${known.length} argument(s)`
  throw new Exit(2, `expected ${wanted}, got ${args.map((arg) => `"${arg}"`).join(' ')}`)
}

/** Gives a command, and the commands beneath it, what holds for all: how help looks, how errors end. */
function inherit(command: Command, from: Command): Command {
  command.copyInheritedSettings(from)
  // They are refused in our own words.
  command.allowExcessArguments()
  for (const inner of command.commands) inherit(inner, command)
  return command
}

function widthOf({ isTTY, columns }: Output): number {
  return isTTY === true && columns !== undefined ? columns : COLUMNS_ELSEWHERE
}

function argumentTerm(argument: Argument): string {
  const name = argument.variadic ? `${argument.name()}...` : argument.name()
  return argument.required ? `<${name}>` : `[${name}]`
}

/** Says what went wrong, once, and gives the status. What nobody expected keeps its stack. */
function exitStatus(error: unknown, terminal: Terminal): number {
  // Commander has said it already; its status is 0 for help and version.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof Exit) return fail(terminal, error.message, error.status)
  if (error instanceof StoreError) return fail(terminal, error.message, 1)
  if (error instanceof NodeUnreachable) {
    return fail(
      terminal,
      `${error.message}.\nIs it running? Start one with "npm start" or "toychain node", or name it with --node.`,
      1,
    )
  }
  if (error instanceof NodeRefusal) {
    const code = error.code === '' ? '' : ` (${error.code})`
    return fail(terminal, `the node refused${code}: ${error.message}`, 1)
  }
  throw error
}

function fail(terminal: Terminal, message: string, status: number): number {
  if (message === '') return status
  const name = terminal.style('red', 'toychain:', terminal.process.stderr)
  terminal.say(`${name} ${printableLines(message)}`)
  return status
}
