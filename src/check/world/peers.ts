/**
 * The judge's own nodes: small HTTP servers that serve whatever chain the judge wants the node under
 * judgement to see, and note who asked. They know `/chain` alone, as tutorial nodes do, and ignore a query.
 */
import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Block } from '../../core/block.ts'

/** What a peer answers with. */
export type Manner =
  | { readonly type: 'chain'; readonly blocks: readonly Block[]; readonly length?: number }
  /** Any text, as JSON. */
  | { readonly type: 'says'; readonly text: string }
  /** Nothing for a while, and then the end of the connection. */
  | { readonly type: 'hangs'; readonly ms: number }

const SHOWN_CHARS = 80

export class JudgePeer {
  /** How often its chain was asked for. */
  asked = 0
  /** What it was asked last that it does not know, in a few words. */
  otherwise: string | undefined
  manner: Manner = { type: 'says', text: '{}' }
  readonly #server: Server
  readonly #host: string

  private constructor(server: Server, host: string) {
    this.#server = server
    this.#host = host
  }

  /** @param peerHost the name under which the node under judgement reaches this machine; loopback if left out */
  static async listen(peerHost: string | undefined): Promise<JudgePeer> {
    const server = createServer()
    const peer = new JudgePeer(server, peerHost ?? '127.0.0.1')
    server.on('request', (request, response) => {
      request.resume()
      const path = (request.url ?? '').split('?')[0]?.replace(/\/+$/, '')
      if (path === '/chain') peer.#answer(response)
      else {
        peer.otherwise = `for ${(request.url ?? '').slice(0, SHOWN_CHARS)}`
        reply(response, 404, '{"error": "not found"}')
      }
    })
    server.on('clientError', (_cause, socket) => {
      peer.otherwise = 'in another protocol than HTTP (https?)'
      socket.destroy()
    })
    server.listen(0, peerHost === undefined ? '127.0.0.1' : undefined)
    await once(server, 'listening')
    return peer
  }

  /** `host:port`, under which nodes list it. */
  get address(): string {
    return `${this.#host}:${(this.#server.address() as AddressInfo | null)?.port ?? 0}`
  }

  /** Nobody answers at its address any more. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
  }

  #answer(response: ServerResponse): void {
    this.asked++
    const { manner } = this
    switch (manner.type) {
      case 'chain':
        reply(response, 200, chainText(manner.blocks, manner.length))
        return
      case 'says':
        reply(response, 200, manner.text)
        return
      case 'hangs': {
        const timer = setTimeout(() => response.destroy(), manner.ms)
        response.once('close', () => clearTimeout(timer))
      }
    }
  }
}

function reply(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    connection: 'close',
  })
  response.end(text)
}

function chainText(blocks: readonly Block[], length = blocks.length): string {
  return `{"chain": [${blocks.map(({ text }) => text).join(', ')}], "length": ${length}}`
}
