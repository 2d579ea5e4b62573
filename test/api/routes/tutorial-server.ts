/** A tutorial node's one answer without the node: any text, whatever part of a chain is asked for. */
import { startServer } from '../../helpers/servers.ts'

export interface TutorialServer {
  readonly address: string
  /** What was asked, in order. */
  readonly asked: readonly string[]
}

/** Starts for the test that runs. */
export async function startTutorialServer(text: string): Promise<TutorialServer> {
  const asked: string[] = []
  const port = await startServer((request, reply) => {
    asked.push(`${request.method} ${request.url}`)
    const isKnown = request.url?.split('?')[0] === '/chain'
    reply.writeHead(isKnown ? 200 : 404, { 'content-type': 'application/json' })
    reply.end(isKnown ? text : '{"error": "not found"}')
  })
  return { address: `127.0.0.1:${port}`, asked }
}
