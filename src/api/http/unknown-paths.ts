/**
 * Addresses that lead nowhere: 404 with a hint, 405 with what the address takes, 400 for what cannot
 * be decoded. Decided before a body is read, since nobody will want it.
 */
import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'
import type { App } from './app-type.ts'
import { ApiError } from './problems.ts'

/** Where malformed addresses are sent, so that they meet the same checks as all others. */
const NOWHERE = '//'
const SHOWN_CHARS = 200

/** Fastify's `rewriteUrl`: its router answers a malformed address before any hook could. */
export function routable({ url = '' }: IncomingMessage): string {
  return isDecodable(pathOf(url)) ? url : NOWHERE
}

/** Answers what no route takes. */
export function refuseUnknownPaths(app: App): void {
  const methods = rememberMethods(app)
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.is404) throw refusal(request, methods)
    done()
  })
  // A route may find nothing as well: a file of the documentation that is not there.
  app.setNotFoundHandler(async (request) => {
    throw refusal(request, methods)
  })
}

function refusal(
  { originalUrl, method }: FastifyRequest,
  methods: (path: string) => string[],
): ApiError {
  const path = pathOf(originalUrl)
  const shown = path.slice(0, SHOWN_CHARS)
  if (!isDecodable(path)) {
    return new ApiError('bad-request', `${shown} is not a well-formed address (RFC 3986)`)
  }
  const allowed = methods(path)
  if (allowed.length === 0) {
    return new ApiError('not-found', `there is nothing at ${shown}; GET / says what there is`)
  }
  const allow = allowed.join(', ')
  return new ApiError('method-not-allowed', `${shown} takes ${allow}, not ${method}`, {
    headers: { allow },
  })
}

/** Collects the routes as they are added, and tells which methods an address has. */
function rememberMethods(app: App): (path: string) => string[] {
  const routes: { pattern: RegExp; methods: string[] }[] = []
  app.addHook('onRoute', ({ url, method }) => {
    // A parameter is one segment; nothing else in our addresses is special in a pattern but the dot.
    const pattern = new RegExp(`^${url.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')}$`)
    if (!url.includes('*')) routes.push({ pattern, methods: [method].flat() })
  })
  return (path) => {
    const matching = routes.filter(({ pattern }) => pattern.test(path))
    return [...new Set(matching.flatMap((route) => route.methods))]
  }
}

function pathOf(url: string): string {
  return url.split('?')[0] ?? ''
}

function isDecodable(path: string): boolean {
  if (!path.includes('%')) return true
  try {
    decodeURIComponent(path)
    return true
  } catch {
    // URIError says no more than this.
    return false
  }
}
