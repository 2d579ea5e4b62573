/** `toychain mine | send | chain`: talking to a running node through the typed client. */
import { Command, InvalidArgumentError } from 'commander'
import type { MineWish, ServedBlock } from '../api/client/client.ts'
import { jsonNumber } from '../core/json/json.ts'
import { MAX_BLOCKS_PER_CALL } from '../core/limits.ts'
import { printable } from '../core/printable.ts'
import { clientOf, nodeOption, positiveNumber, tokenOption } from './config.ts'
import { Exit, type Terminal } from './terminal.ts'

interface NodeFlags {
  readonly node: string
  readonly token?: string
}

/** Blocks that `toychain chain` shows unless it is asked for others. */
const SHOWN_BLOCKS = 10

export function mineCommand(terminal: Terminal): Command {
  return new Command('mine')
    .description('make a running node mine a block')
    .option('--recipient <name>', 'who gets the reward (default: the node)')
    .option('--blocks <n>', `how many, one after another, at most ${MAX_BLOCKS_PER_CALL}`, blocks)
    .addOption(nodeOption())
    .addOption(tokenOption())
    .action(async (flags: NodeFlags & MineWish) => {
      const { recipient, blocks } = flags
      const wish = {
        ...(recipient === undefined ? {} : { recipient }),
        ...(blocks === undefined ? {} : { blocks }),
      }
      const said = blocks === undefined ? 'Searching for a proof…' : `Mining ${blocks} blocks…`
      const block = await terminal.waitingFor(said, clientOf(flags).mine(wish))
      terminal.print(terminal.style('bold', `Block ${block.index} forged`))
      terminal.printFields([
        ['Hash', printable(block.hash)],
        ['Proof', `${block.proof}, found after ${block.tries} tries`],
        ['Transactions', String(block.transactions.length)],
      ])
      for (const { sender, recipient, amount } of block.transactions) {
        terminal.print(`    ${printable(sender)} → ${printable(recipient)}  ${amount}`)
      }
    })
}

function blocks(text: string): number {
  const value = positiveNumber(text)
  if (value <= MAX_BLOCKS_PER_CALL) return value
  throw new InvalidArgumentError(`Expected at most ${MAX_BLOCKS_PER_CALL} blocks.`)
}

export function sendCommand(terminal: Terminal): Command {
  return new Command('send')
    .description('send a transaction to a running node')
    .argument('<sender>', 'who pays: any text')
    .argument('<recipient>', 'who is paid: any text')
    .argument('<amount>', 'a number, kept as written: 10 and 10.0 are different')
    .addOption(nodeOption())
    .addOption(tokenOption())
    .addHelpText('after', '\nExample:\n  toychain send Lea Mark 10')
    .action(async (sender: string, recipient: string, amount: string, flags: NodeFlags) => {
      if (jsonNumber(amount) === undefined) {
        throw new Exit(
          2,
          `the amount must be a number such as 10, 0.5 or 1e-7, not "${printable(amount)}"`,
        )
      }
      terminal.print(printable((await clientOf(flags).send({ sender, recipient, amount })).message))
    })
}

export function chainCommand(terminal: Terminal): Command {
  return new Command('chain')
    .description("show a running node's chain")
    .option('--from <index>', 'first block to show', positiveNumber)
    .option(
      '--limit <n>',
      `most blocks to show (default: the last ${SHOWN_BLOCKS}, all with --json)`,
      positiveNumber,
    )
    .option('--json', 'print the blocks as the node serves them')
    .addOption(nodeOption())
    .action(async (flags: NodeFlags & { from?: number; limit?: number; json?: true }) => {
      const client = clientOf(flags)
      const part = {
        ...(flags.from === undefined ? {} : { from: flags.from }),
        ...(flags.limit === undefined ? {} : { limit: flags.limit }),
      }
      if (flags.json) {
        terminal.print(await client.chainText(part))
        return
      }
      const { height } = await client.info()
      const limit = flags.limit ?? SHOWN_BLOCKS
      const from = flags.from ?? Math.max(1, height - limit + 1)
      const { blocks, length } = await client.chain({ from, limit })
      for (const block of blocks) printBlock(terminal, block)
      if (blocks.length < length) {
        const rest = `${blocks.length} of ${length} blocks; more with --from and --limit.`
        terminal.say(terminal.style('dim', rest))
      }
    })
}

function printBlock(terminal: Terminal, block: ServedBlock): void {
  const { index, timestamp, proof, previousHash, transactions } = block
  const time = new Date(Number(timestamp) * 1000)
  const when = Number.isNaN(time.getTime())
    ? timestamp
    : time.toISOString().replace('T', ' ').slice(0, 19)
  terminal.print(`${terminal.style('bold', `Block ${index}`)}  ${when}  proof ${proof}`)
  terminal.print(`  ${terminal.style('dim', `after ${printable(previousHash)}`)}`)
  for (const { sender, recipient, amount } of transactions) {
    terminal.print(`  ${printable(sender)} → ${printable(recipient)}  ${amount}`)
  }
}
