/** Free ports of this machine, for nodes whose addresses a story tells. */
import { createServer } from 'node:net'

/** Two free ports, one after the other. */
export async function neighbouringPorts(): Promise<[number, number]> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const port = await freePort(0)
    if (port !== undefined && (await freePort(port + 1)) !== undefined) return [port, port + 1]
  }
  throw new Error('no two neighbouring ports are free')
}

/** The port if it is free; any with 0. */
function freePort(wanted: number): Promise<number | undefined> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined))
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' ? address?.port : undefined
      server.close(() => resolve(port))
    })
  })
}
