/** The addresses under which this machine reaches a node of its own. */
import { hostname, networkInterfaces } from 'node:os'

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]']

/**
 * `host:port` for each name and address that leads to a server which listens so; more names may, in
 * somebody's hosts file, and those a node recognises by its id when it asks itself.
 */
export function ownAddresses(host: string, port: number): string[] {
  return hostsOf(host).map((name) => `${name.toLowerCase()}:${port}`)
}

function hostsOf(host: string): string[] {
  if (host === '0.0.0.0' || host === '::') return [...LOOPBACK, hostname(), ...interfaceAddresses()]
  const isLoopback = host === 'localhost' || host === '::1' || host.startsWith('127.')
  return [bracketed(host), ...(isLoopback ? LOOPBACK : [])]
}

function interfaceAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return all.map(({ address }) => bracketed(address))
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
