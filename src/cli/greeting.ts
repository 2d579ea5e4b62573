/** What a node says when it has started: where it listens, what it is, what to try next. */
import type { LiveNode } from '../adapters/live/live-node.ts'
import { hostsForOthers } from '../adapters/net/own-addresses.ts'
import type { Spec } from '../core/spec.ts'
import { VERSION } from '../version.ts'
import { type Places, urlOf } from './listen.ts'
import type { Terminal } from './terminal.ts'

export interface Greeting {
  readonly node: LiveNode
  readonly spec: Spec
  /** Where the data are; undefined for a node that keeps nothing. */
  readonly folder: string | undefined
  readonly places: Places
  readonly hasPage: boolean
  readonly hasToken: boolean
  readonly isMining: boolean
  /** Seconds; undefined for a node that resolves only when it is asked to. */
  readonly resolveEvery: number | undefined
}

export async function greet(terminal: Terminal, run: Greeting): Promise<void> {
  const { node, folder, places, hasToken } = run
  const url = urlOf(places)
  const others = hostsForOthers(places.hosts).map((host) => `${host}:${places.port}`)
  const [height, nodes] = await node.read((reader) => [reader.tip()?.index, reader.nodes().length])
  terminal.print(terminal.style('bold', `toychain ${VERSION}`))
  terminal.print()
  terminal.printFields([
    ['Listening', terminal.style('cyan', url)],
    ...others.map((other, i) => [i === 0 ? 'For others' : '', `http://${other}`] as const),
    ['Chain', `${run.spec.name}, ${height === 1 ? '1 block' : `${height} blocks`}`],
    ['Node id', node.id],
    ...(nodes === 0 ? [] : [['Nodes', nodesText(nodes, run.resolveEvery)] as const]),
    ...(run.isMining ? [['Mining', 'one block after another'] as const] : []),
    ['Data', folder ?? 'in memory only: gone when the node stops'],
  ])
  terminal.print()
  terminal.print('Try next, in another terminal or a browser:')
  terminal.print()
  const auth = hasToken ? '-H "authorization: Bearer $TOYCHAIN_TOKEN" ' : ''
  const calls: (readonly [call: string, what: string])[] = [
    [`curl ${auth}${url}/mine`, 'mine a block (a browser gets a button)'],
    [`curl ${url}/chain`, 'read the chain'],
    [`${url}/docs`, 'every call, to read and to try'],
  ]
  if (run.hasPage) calls.unshift([url, 'the page: see the chain, touch it, break it'])
  const [other] = others
  if (other !== undefined) {
    const start = terminal.process.env.npm_lifecycle_event ? 'npm start --' : 'toychain node'
    calls.push([`${start} --host 0.0.0.0 --peer ${other}`, 'on another machine: a second node'])
  }
  const width = calls.reduce((width, [call]) => Math.max(width, call.length), 0)
  for (const [call, what] of calls) {
    terminal.print(`  ${call.padEnd(width)}  ${terminal.style('dim', what)}`)
  }
  terminal.print()
  terminal.print(terminal.style('dim', 'Ctrl+C stops the node.'))
  if (other !== undefined && !hasToken) warnOfStrangers(terminal, places.hosts.join(', '))
}

function warnOfStrangers(terminal: Terminal, host: string): void {
  const warning = terminal.style('yellow', 'Warning:', terminal.process.stderr)
  terminal.say('')
  terminal.say(
    `${warning} this node listens beyond this machine (${host}) and has no --token:\nanybody who reaches it can send transactions and make it mine.`,
  )
}

function nodesText(count: number, resolveEvery: number | undefined): string {
  const known = count === 1 ? '1 other node' : `${count} other nodes`
  return resolveEvery === undefined ? known : `${known}, asked every ${resolveEvery} s`
}
