/** Stands before another node and notes what it is asked. */
import { request } from 'node:http'
import { startServer } from '../helpers/servers.ts'

export interface CountingProxy {
  /** Such as `127.0.0.1:40123`. */
  readonly address: string
  /** What was asked, as `GET /chain`, in order. */
  readonly asked: readonly string[]
}

/** Starts for the test that runs. */
export async function startCountingProxy(target: string): Promise<CountingProxy> {
  const asked: string[] = []
  const port = await startServer((incoming, reply) => {
    const { method = '', url = '', headers } = incoming
    asked.push(`${method} ${url}`)
    const onward = request(`http://${target}${url}`, { method, headers }, (answer) => {
      reply.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(reply)
    })
    onward.once('error', () => reply.destroy())
    incoming.pipe(onward)
  })
  return { address: `127.0.0.1:${port}`, asked }
}
