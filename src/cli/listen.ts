/** The port that a node listens on: found free before any data are touched, and said clearly if taken. */
import { createServer, isIP } from 'node:net'
import type { App } from '../api/http/app-type.ts'
import { messageOf } from '../core/errors.ts'
import { MAX_CONNECTIONS } from '../core/limits.ts'
import { DEFAULT_PORT } from './config.ts'
import { Exit } from './terminal.ts'

interface Place {
  readonly host: string
  readonly port: number
}

/** The port, or a free one for 0. @throws Exit 1 if it cannot be listened on */
export async function reservePort({ host, port }: Place): Promise<number> {
  const probe = createServer()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  probe.once('error', reject).listen({ host, port, exclusive: true }, resolve)
  try {
    await promise
  } catch (cause) {
    throw listenFailure({ host, port }, cause)
  }
  const address = probe.address()
  await new Promise((done) => probe.close(done))
  return typeof address === 'object' && address !== null ? address.port : port
}

/** @throws Exit 1 */
export async function listen(app: App, place: Place): Promise<void> {
  try {
    // The system holds as many that have not been accepted yet, where a crowd comes at once.
    await app.listen({ ...place, backlog: MAX_CONNECTIONS })
  } catch (cause) {
    throw listenFailure(place, cause)
  }
}

/** The address as one can open it: 0.0.0.0 listens everywhere but is no place to go. */
export function urlOf({ host, port }: Place): string {
  const shown = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${isIP(shown) === 6 ? `[${shown}]` : shown}:${port}`
}

function listenFailure({ host, port }: Place, cause: unknown): Exit {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
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
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new Exit(1, `--host ${host}: not an address of this machine.`, { cause })
  }
  return new Exit(1, `cannot listen on ${host}:${port}: ${messageOf(cause)}`, { cause })
}
