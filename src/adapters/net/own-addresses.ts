/** The addresses under which this machine reaches a node of its own, and others reach it. */
import { hostname, networkInterfaces } from 'node:os'
import { isLoopback } from '../../node/peers/address.ts'

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]']

/** Whether a host to listen on means every address of the machine. */
export function isEverywhere(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

/**
 * `host:port` for each name and address that leads to a server which listens so; more names may, in
 * somebody's hosts file, and those a node recognises by its id when it asks itself.
 */
export function ownAddresses(hosts: readonly string[], port: number): string[] {
  const names = new Set(hosts.flatMap(namesOf))
  return [...names].map((name) => `${name.toLowerCase()}:${port}`)
}

/** Where machines besides this one reach a server that listens so: addresses first, then its name. */
export function hostsForOthers(hosts: readonly string[]): string[] {
  const beyond = hosts.filter((host) => !isLoopback(host))
  const named = beyond.filter((host) => !isEverywhere(host)).map(bracketed)
  const isOnIpv6 = beyond.includes('::')
  if (named.length === beyond.length) return named
  const found = interfaces().filter(
    ({ internal, family, address }) =>
      !internal && (family === 'IPv4' || (isOnIpv6 && !address.startsWith('fe80:'))),
  )
  return [...named, ...found.map(({ address }) => bracketed(address)), hostname().toLowerCase()]
}

function namesOf(host: string): string[] {
  if (!isEverywhere(host)) return [bracketed(host), ...(isLoopback(host) ? LOOPBACK : [])]
  return [...LOOPBACK, hostname(), ...interfaces().map(({ address }) => bracketed(address))]
}

function interfaces() {
  return Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
