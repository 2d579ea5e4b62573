/**
 * Which paths there are. Slashes too many do not matter (`//chain`, `/chain/`), and a whole URL means its
 * path (RFC 9112, section 3.2.2). What leads nowhere is answered 404 with a hint, 405 with what the path
 * takes, 400 where it cannot be decoded: before a body is read, since nobody will want it.
 */
import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'
import type { App } from './app-type.ts'
import { ApiError } from './problems.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a path's parameter looks like, where others are no such path; all if left out. */
    parameter?: RegExp
  }
}

/** Where malformed addresses are sent, so that they meet the same checks as all others. */
const NOWHERE = '/nowhere'
const SHOWN_CHARS = 200

/** Fastify's `rewriteUrl`: its router answers a malformed address before any hook could. */
export function routable({ url = '' }: IncomingMessage): string {
  return isDecodable(pathOf(url)) ? targetOf(url) : NOWHERE
}

/** Answers what no route takes. */
export function refuseUnknownPaths(app: App): void {
  const paths = new Paths()
  app.addHook('onRoute', ({ url, method, config }) => paths.add(url, [method].flat(), config))
  app.addHook('onRequest', (request, _reply, done) => {
    // A path of its own is no parameter of another: nobody deletes a node named "resolve".
    const isParameter = request.routeOptions.url?.includes(':') === true
    const isOther = isParameter && paths.isFixed(pathOf(request.originalUrl))
    if (request.is404 || isOther) throw refusal(request, paths)
    done()
  })
  // A route may find nothing as well: a file of the documentation that is not there.
  app.setNotFoundHandler(async (request) => {
    throw refusal(request, paths)
  })
}

function refusal({ originalUrl, method }: FastifyRequest, paths: Paths): ApiError {
  const path = pathOf(originalUrl)
  const shown = path.slice(0, SHOWN_CHARS)
  if (!isDecodable(path)) {
    return new ApiError('bad-request', `${shown} is not a well-formed address (RFC 3986)`)
  }
  const allowed = paths.methods(path)
  if (allowed.length === 0) {
    return new ApiError('not-found', `there is nothing at ${shown}; GET / says what there is`)
  }
  const allow = allowed.join(', ')
  return new ApiError('method-not-allowed', `${shown} takes ${allow}, not ${method}`, {
    headers: { allow },
  })
}

/** The paths of the routes, collected as they are added, and which methods each takes. */
class Paths {
  readonly #fixed = new Map<string, Set<string>>()
  readonly #patterns: { pattern: RegExp; parameter: RegExp; methods: readonly string[] }[] = []

  add(url: string, methods: readonly string[], { parameter = /^/ }: { parameter?: RegExp } = {}) {
    if (url.includes('*')) return
    if (url.includes(':')) {
      // A parameter is one segment; nothing else in our addresses is special in a pattern but the dot.
      const pattern = url.replaceAll('.', '\\.').replace(/:\w+/g, '([^/]+)')
      this.#patterns.push({ pattern: new RegExp(`^${pattern}$`), parameter, methods })
      return
    }
    const path = tidied(url)
    const known = this.#fixed.get(path) ?? new Set()
    for (const method of methods) known.add(method)
    this.#fixed.set(path, known)
  }

  isFixed(path: string): boolean {
    return this.#fixed.has(tidied(path))
  }

  methods(path: string): string[] {
    const fixed = this.#fixed.get(tidied(path))
    if (fixed !== undefined) return [...fixed]
    const matching = this.#patterns.filter(({ pattern, parameter }) => {
      const [, value] = pattern.exec(tidied(path)) ?? []
      return value !== undefined && parameter.test(decodeURIComponent(value))
    })
    return [...new Set(matching.flatMap(({ methods }) => methods))]
  }
}

/** A path as the router takes it: single slashes, none at its end. */
function tidied(path: string): string {
  return path.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '')
}

/** Path and query of a request's target, which may be a whole URL. */
function targetOf(url: string): string {
  return url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '')
}

function pathOf(url: string): string {
  return targetOf(url).split('?')[0] ?? ''
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
