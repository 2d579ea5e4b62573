/** `toychain nodes` and `toychain resolve`: the other nodes that a running node knows. */
import { Command } from 'commander'
import type { HeardNode } from '../api/client/client.ts'
import { printable } from '../core/printable.ts'
import { clientOf, nodeOption, tokenOption } from './config.ts'
import type { Terminal } from './terminal.ts'

interface NodeFlags {
  readonly node: string
  readonly token?: string
}

export function nodesCommand(terminal: Terminal): Command {
  return new Command('nodes')
    .description('list, add or remove the nodes that a running node knows')
    .addOption(nodeOption())
    .action(async (flags: NodeFlags) => {
      const nodes = await clientOf(flags).nodes()
      if (nodes.length === 0) {
        terminal.print('No nodes are registered. Add one with "toychain nodes add HOST:PORT".')
        return
      }
      terminal.printTable(
        ['node', 'blocks', 'last heard', 'faults', 'state'],
        nodes.map((node) => ({
          cells: [
            node.node,
            lengthText(node),
            heardText(node.answered),
            String(node.faults),
            verdictText(node),
          ],
          note: node.detail,
        })),
      )
    })
    .addCommand(addCommand(terminal))
    .addCommand(removeCommand(terminal))
}

function addCommand(terminal: Terminal): Command {
  return new Command('add')
    .description('register other nodes, all or none')
    .argument('<address...>', 'host:port or http://host:port')
    .addOption(nodeOption())
    .addOption(tokenOption())
    .addHelpText('after', '\nExample:\n  toychain nodes add 127.0.0.1:5001 127.0.0.1:5002')
    .action(async (addresses: string[], flags: NodeFlags) => {
      terminal.print(printable((await clientOf(flags).register(addresses)).message))
    })
}

function removeCommand(terminal: Terminal): Command {
  return new Command('remove')
    .description('forget a node')
    .argument('<address>', 'as "toychain nodes" shows it')
    .addOption(nodeOption())
    .addOption(tokenOption())
    .action(async (address: string, flags: NodeFlags) => {
      terminal.print(printable((await clientOf(flags).removeNode(address)).message))
    })
}

export function resolveCommand(terminal: Terminal): Command {
  return new Command('resolve')
    .description('make a running node adopt the longest valid chain of all it knows')
    .addOption(nodeOption())
    .addOption(tokenOption())
    .action(async (flags: NodeFlags) => {
      const resolved = clientOf(flags).resolve()
      const { message, length, report } = await terminal.waitingFor('Asking the nodes…', resolved)
      terminal.print(`${terminal.style('bold', printable(message))}: ${length} block(s)`)
      if (report.length === 0) {
        terminal.print('No nodes are registered. Add one with "toychain nodes add HOST:PORT".')
        return
      }
      terminal.printTable(
        ['node', 'blocks', 'verdict'],
        report.map((node) => ({
          cells: [node.node, lengthText(node), verdictText(node)],
          note: node.detail,
        })),
      )
    })
}

function lengthText({ length }: HeardNode): string {
  return length === undefined ? '?' : String(length)
}

/** How a node's chain stands, and why it lost. */
function verdictText({ verdict, rule, block, reason }: HeardNode): string {
  if (verdict === undefined) return 'not asked yet'
  const why = rule === undefined ? reason : `${rule} at block ${block}`
  return why === undefined ? verdict : `${verdict} (${why})`
}

function heardText(answered: number | undefined): string {
  if (answered === undefined) return 'never'
  const ago = Math.max(0, Math.round(Date.now() / 1000 - answered))
  if (ago < 120) return `${ago} s ago`
  return ago < 7_200 ? `${Math.round(ago / 60)} min ago` : `${Math.round(ago / 3_600)} h ago`
}
