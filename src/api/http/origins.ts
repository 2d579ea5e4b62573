/**
 * Pages of other origins that may ask this node (`--allow-origin`), and perhaps change it
 * (`--allow-origin-write`): the answers that a browser wants to see (CORS, fetch.spec.whatwg.org, "HTTP
 * extensions"). Invariant: an origin is compared as a whole; `null`, which every sandboxed page has, is
 * never one of them, and no credentials are asked for.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from './app-type.ts'

export interface OriginOptions {
  /** Origins such as `https://class.example` whose pages may read. */
  readonly allowOrigin?: readonly string[]
  /** Those whose pages may read and change. */
  readonly allowOriginWrite?: readonly string[]
}

const READ_METHODS = 'GET, HEAD'
const WRITE_METHODS = 'GET, HEAD, POST, DELETE'
/** What our calls take beyond what a page may send anyway. */
const TAKEN_HEADERS = 'authorization, content-type, last-event-id, x-toychain'
const EXPOSED_HEADERS = 'retry-after, x-toychain-node'
/** How long a browser may remember the answer to a preflight, in seconds. */
const REMEMBERED_S = '600'

export class Origins {
  readonly #mayRead: ReadonlySet<string>
  readonly #mayWrite: ReadonlySet<string>

  constructor({ allowOrigin = [], allowOriginWrite = [] }: OriginOptions) {
    this.#mayWrite = new Set(allowOriginWrite)
    this.#mayRead = new Set([...allowOrigin, ...allowOriginWrite])
  }

  mayWrite(origin: string): boolean {
    return this.#mayWrite.has(origin)
  }

  /** Whether an Origin header names another origin than the one that was asked. */
  isForeign({ headers }: FastifyRequest): boolean {
    const { origin, host } = headers
    return origin !== undefined && origin.replace(/^https?:\/\//, '') !== host
  }

  /** Adds the headers that let pages of these origins see what comes; nothing where there are none. */
  answer(app: App): void {
    if (this.#mayRead.size === 0) return
    app.addHook('onRequest', (request, reply, done) => {
      // For caches: what comes depends on who asks.
      reply.header('vary', 'origin')
      const { origin = '' } = request.headers
      if (this.#mayRead.has(origin)) {
        reply.header('access-control-allow-origin', origin)
        reply.header('access-control-expose-headers', EXPOSED_HEADERS)
        if (isPreflight(request)) return this.#preflight(request, reply)
      }
      done()
    })
    app.addHook('onSend', (_request, reply, payload, done) => {
      const vary = String(reply.getHeader('vary') ?? '')
      if (!vary.includes('origin')) reply.header('vary', `${vary}, origin`)
      done(null, payload)
    })
  }

  #preflight({ headers }: FastifyRequest, reply: FastifyReply): void {
    const methods = this.mayWrite(headers.origin ?? '') ? WRITE_METHODS : READ_METHODS
    reply.header('access-control-allow-methods', methods)
    reply.header('access-control-allow-headers', TAKEN_HEADERS)
    reply.header('access-control-max-age', REMEMBERED_S)
    // A public page that asks a private network (wicg.github.io/private-network-access).
    if (headers['access-control-request-private-network'] === 'true') {
      reply.header('access-control-allow-private-network', 'true')
    }
    reply.code(204).send()
  }
}

function isPreflight({ method, headers }: FastifyRequest): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined
}
