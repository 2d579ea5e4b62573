/**
 * A server that speaks raw TCP and follows no rule but its script's. It counts what the other side's
 * sockets took from it, and is gone when the test that started it has finished.
 */
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { onTestFinished } from 'vitest'

/** What a node asked for. */
export interface Asked {
  readonly path: string
  readonly from: number
  readonly limit: number
  /** All of the request, as it was sent. */
  readonly text: string
}

/** One connection, as the script sees it. */
export interface Visit {
  readonly socket: Socket
  /** How many connections came before this one. */
  readonly number: number
  /** Where this server listens. */
  readonly address: string
  /** What is asked for, once all of it is there. */
  asked(): Promise<Asked>
  /** Writes; done when the socket has taken it. False once the connection is gone. */
  send(bytes: string | Buffer): Promise<boolean>
  /** Writes and ends the connection properly. */
  end(bytes?: string | Buffer): void
  /** Sends the same again and again, for as long as somebody takes it. */
  flood(bytes: string | Buffer): Promise<void>
  /** Sends byte after byte, one each so many milliseconds, until the connection is gone. */
  drip(bytes: string, everyMs: number): Promise<void>
}

export type Script = (visit: Visit) => unknown

export interface HostileServer {
  readonly address: string
  readonly port: number
  readonly connections: number
  readonly open: number
  /** Bytes that the sockets have taken, of all connections. */
  readonly sentBytes: number
  /** Done when the first connection has come. */
  readonly visited: Promise<void>
  /** Done when no connection is open. */
  idle(): Promise<void>
}

/** @param host the loopback that it listens on */
export async function startHostile(script: Script, host = '127.0.0.1'): Promise<HostileServer> {
  const sockets = new Set<Socket>()
  const visited = Promise.withResolvers<void>()
  let [connections, sentBytes, address] = [0, 0, '']
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket)
    // A reset is what a hostile server has to expect.
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
    const onSent = (sizeBytes: number) => {
      sentBytes += sizeBytes
    }
    const visit = visitOf(socket, { number: connections, address, onSent })
    connections++
    visited.resolve()
    // The script's own end is of no interest; a connection that breaks ends it too.
    Promise.resolve(script(visit)).catch((cause) => socket.destroy(cause))
  })
  server.listen(0, host)
  await once(server, 'listening')
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('no port')
  address = `${host.includes(':') ? `[${host}]` : host}:${bound.port}`
  return {
    address,
    port: bound.port,
    visited: visited.promise,
    get connections() {
      return connections
    },
    get open() {
      return sockets.size
    },
    get sentBytes() {
      return sentBytes
    },
    async idle() {
      const ends = [...sockets].map((socket) => new Promise((end) => socket.once('close', end)))
      await Promise.all(ends)
    },
  }
}

function visitOf(
  socket: Socket,
  how: { number: number; address: string; onSent: (sizeBytes: number) => void },
): Visit {
  const request = requestOn(socket)
  const closed = new Promise<false>((resolve) => socket.once('close', () => resolve(false)))
  const send = (bytes: string | Buffer): Promise<boolean> => {
    if (socket.destroyed || !socket.writable) return Promise.resolve(false)
    const taken = new Promise<boolean>((resolve) => {
      socket.write(bytes, (cause) => {
        if (!cause) how.onSent(Buffer.byteLength(bytes))
        resolve(!cause)
      })
    })
    return Promise.race([taken, closed])
  }
  return {
    socket,
    number: how.number,
    address: how.address,
    asked: () => request,
    send,
    end: (bytes = '') => {
      socket.end(bytes, () => how.onSent(Buffer.byteLength(bytes)))
    },
    async flood(bytes) {
      // A turn each: a write that the socket takes at once would leave nobody else any.
      while (await send(bytes)) await nextTurn()
    },
    async drip(bytes, everyMs) {
      let next = 0
      const timer = setInterval(() => send(bytes.charAt(next++)), everyMs)
      await closed
      clearInterval(timer)
    },
  }
}

/** A client that has asked and then ends its half wants nothing more: the connection is let go. */
function requestOn(socket: Socket): Promise<Asked> {
  let text = ''
  return new Promise((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
      if (!text.endsWith('\r\n\r\n')) return
      const path = /^GET (\S+) HTTP\/1\.1\r\n/.exec(text)?.[1] ?? ''
      const query = new URL(path, 'http://x').searchParams
      // Without a query all of the chain is asked for.
      const from = Number(query.get('from') ?? 1)
      const limit = Number(query.get('limit') ?? Number.POSITIVE_INFINITY)
      resolve({ path, from, limit, text })
    })
    socket.once('end', () => socket.destroy())
  })
}
