/** HTTP by hand, for what no well-behaved client sends. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** Opens a connection; it is cut when the test has finished. */
export async function openSocket(base: string): Promise<Socket> {
  const { hostname, port } = new URL(base)
  const socket = connect(Number(port), hostname)
  // A reset is one of the ways in which a server may end a connection.
  socket.on('error', () => {})
  await once(socket, 'connect')
  onTestFinished(() => {
    socket.destroy()
  })
  return socket
}

/** Sends bytes and returns all that comes until the server closes the connection. */
export async function exchange(base: string, bytes: string | Buffer): Promise<string> {
  const socket = await openSocket(base)
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.write(bytes)
  await closed
  return Buffer.concat(chunks).toString('utf8')
}

/** The status of the first answer in a text; undefined where there is none. */
export function statusOf(text: string): number | undefined {
  const digits = /^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** A request of these lines, with the blank line that ends its headers. */
export function request(...lines: string[]): string {
  return `${lines.join('\r\n')}\r\n\r\n`
}
