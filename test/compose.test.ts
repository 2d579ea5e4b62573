/** compose.yaml says what the program understands, and its nodes know each other. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { nodeCommand } from '../src/cli/node.ts'
import type { NodeFlags } from '../src/cli/run-node.ts'
import { Terminal } from '../src/cli/terminal.ts'

interface Service {
  readonly command: string
  readonly ports: readonly string[]
  readonly volumes: readonly string[]
  readonly build: string
}

const file = fileURLToPath(new URL('../compose.yaml', import.meta.url))
const { services, volumes }: { services: Record<string, Service>; volumes: object } = parse(
  readFileSync(file, 'utf8'),
  { merge: true },
)
const names = Object.keys(services)

/** What the program reads in a service's command. */
function flagsOf({ command }: Service): NodeFlags {
  const [name, ...args] = command.split(' ')
  expect(name).toBe('node')
  const program = nodeCommand(new Terminal(process)).action(() => {})
  return program.parse(args, { from: 'user' }).opts()
}

describe('compose.yaml', () => {
  it('has three nodes, each built from this folder', () => {
    expect(names).toHaveLength(3)
    for (const { build } of Object.values(services)) expect(build).toBe('.')
  })

  it.each(names)('%s knows the two others, answers to its name, and resolves by itself', (name) => {
    const service = services[name]
    if (service === undefined) throw new Error('a service')
    const flags = flagsOf(service)
    const others = names.filter((other) => other !== name)
    expect(flags.peer).toEqual(others.map((other) => `${other}:5000`))
    expect(flags.allowedHost).toEqual([name])
    expect(flags.resolveEvery).toBeGreaterThan(0)
    expect(flags).toMatchObject({ host: '0.0.0.0', port: 5000, data: '/data' })
    expect(service.volumes).toEqual([`${name}:/data`])
    expect(volumes).toHaveProperty(name)
  })

  it('gives each a port of this machine, on loopback only', () => {
    const ports = Object.values(services).flatMap((service) => service.ports)
    expect(new Set(ports).size).toBe(3)
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:5000$/)
  })
})
