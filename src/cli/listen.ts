/** Where a node listens: found free before any data are touched, and said clearly if taken. */
import { createServer, isIP, type Socket } from 'node:net'
import { isEverywhere } from '../adapters/net/own-addresses.ts'
import type { App } from '../api/http/app-type.ts'
import { messageOf } from '../core/errors.ts'
import { MAX_CONNECTIONS } from '../core/limits.ts'
import { DEFAULT_PORT } from './config.ts'
import { Exit } from './terminal.ts'

/** Both loopbacks: what `localhost` is depends on the machine, and on the program that asks. */
const LOOPBACKS = ['127.0.0.1', '::1']

/** How often another free port is tried, where the first is taken on the other loopback. */
const MAX_TRIES = 10

interface Place {
  readonly host: string
  readonly port: number
}

/** A port, and the hosts on which it is listened to: one, or both loopbacks. */
export interface Places {
  readonly hosts: readonly string[]
  readonly port: number
}

/** Finds a port that is free on all of a node's hosts, for 0 any. @throws Exit 1 if there is none */
export async function reservePort(host: string | undefined, port: number): Promise<Places> {
  if (host !== undefined && host !== 'localhost') {
    return { hosts: [host], port: await portOn({ host, port }) }
  }
  for (let tries = 1; ; tries++) {
    const [first = '', ...others] = LOOPBACKS
    const found = await portOn({ host: first, port })
    try {
      const hosts = [first]
      for (const other of others) if (await isThere({ host: other, port: found })) hosts.push(other)
      return { hosts, port: found }
    } catch (cause) {
      if (port !== 0 || tries === MAX_TRIES) throw cause
    }
  }
}

/** Whether a place can be listened on; false where the machine has no such address. @throws Exit 1 */
async function isThere(place: Place): Promise<boolean> {
  try {
    await portOn(place)
    return true
  } catch (error) {
    if (error instanceof Exit && isNowhere(codeOf(error.cause))) return false
    throw error
  }
}

/** The port that one gets, for 0 a free one. @throws Exit 1 */
async function portOn(place: Place): Promise<number> {
  const probe = createServer()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  probe.once('error', reject).listen({ ...place, exclusive: true }, resolve)
  try {
    await promise
  } catch (cause) {
    throw listenFailure(place, cause)
  }
  const address = probe.address()
  await new Promise((done) => probe.close(done))
  return typeof address === 'object' && address !== null ? address.port : place.port
}

/** @throws Exit 1 */
export async function listen(app: App, { hosts, port }: Places): Promise<void> {
  // The system holds as many that have not been accepted yet, where a crowd comes at once.
  const backlog = MAX_CONNECTIONS
  const [first = '', ...others] = hosts
  try {
    await app.listen({ host: first, port, backlog })
  } catch (cause) {
    throw listenFailure({ host: first, port }, cause)
  }
  for (const host of others) {
    // Connections are the app's, wherever they come in.
    const options = { noDelay: true, allowHalfOpen: true }
    const server = createServer(options, (socket: Socket) => app.server.emit('connection', socket))
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    server.once('error', reject).listen({ host, port, backlog }, resolve)
    try {
      await promise
    } catch (cause) {
      await app.close()
      throw listenFailure({ host, port }, cause)
    }
    server.off('error', reject)
    server.on('error', (cause) => app.server.emit('error', cause))
    app.server.once('close', () => server.close())
  }
}

/** The address as one can open it here: 0.0.0.0 listens everywhere but is no place to go. */
export function urlOf({ hosts: [host = ''], port }: Places): string {
  const shown = isEverywhere(host) ? '127.0.0.1' : host
  return `http://${isIP(shown) === 6 ? `[${shown}]` : shown}:${port}`
}

function isNowhere(code: unknown): boolean {
  return ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'ENOTFOUND', 'EAI_AGAIN'].includes(String(code))
}

function codeOf(cause: unknown): unknown {
  return cause instanceof Error && 'code' in cause ? cause.code : undefined
}

function listenFailure({ host, port }: Place, cause: unknown): Exit {
  const code = codeOf(cause)
  if (code === 'EADDRINUSE') {
    const airplay =
      port === DEFAULT_PORT && process.platform === 'darwin'
        ? '\nOn macOS it is often AirPlay Receiver: System Settings, General, AirDrop & Handoff.'
        : ''
    const advice = `Choose another, for instance --port ${port + 1}, or let it pick a free one: --port 0.`
    return new Exit(
      1,
      `port ${port} on ${host} is taken by another program, perhaps by a node that runs already.${airplay}\n${advice}`,
      { cause },
    )
  }
  if (code === 'EACCES')
    return new Exit(1, `port ${port} needs more rights: choose one from 1024 on.`, { cause })
  if (isNowhere(code)) {
    return new Exit(1, `--host ${host}: not an address of this machine.`, { cause })
  }
  return new Exit(1, `cannot listen on ${host}:${port}: ${messageOf(cause)}`, { cause })
}
