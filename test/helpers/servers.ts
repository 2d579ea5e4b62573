/** Plain servers on a free port of this machine, closed when the test that asked has finished. */
import { createServer, type RequestListener } from 'node:http'
import { onTestFinished } from 'vitest'

/** The port on which the listener answers. */
export async function startServer(listener: RequestListener): Promise<number> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
