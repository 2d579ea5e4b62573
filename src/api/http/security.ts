/**
 * Who may ask, and who may change anything. A web page must not be able to make a node on one's own
 * machine mine: not by a link, a form or a script on another origin (cross-site request forgery),
 * and not under a name that its owner points at 127.0.0.1 (DNS rebinding).
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest, preParsingHookHandler } from 'fastify'
import { isBrowser, isNavigation } from './browsers.ts'
import { type HostOptions, hostCheck } from './hosts.ts'
import { sendGuard } from './navigation.ts'
import type { Origins } from './origins.ts'
import { ApiError } from './problems.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route changes the node: pages of other origins, prefetches and missing tokens are refused. */
    changes?: boolean
  }
  interface FastifyRequest {
    /** Whether it carries the node's token; false where there is none. */
    hasToken: boolean
  }
}

export interface SecurityOptions extends HostOptions {
  /** What a changing request needs as `Authorization: Bearer`; undefined for none. */
  readonly token: string | undefined
}

/**
 * Puts the checks before everything else that a request runs into; call it before there are routes. Who calls by a wrong name is turned
 * away first; who has a wrong token only after the rate limit, which runs between these two hooks, so
 * that nobody guesses tokens at full speed.
 */
export function secure(app: FastifyInstance, options: SecurityOptions, origins: Origins): void {
  const { token } = options
  const checkHost = hostCheck(options)
  const tokenDigest = token === undefined ? undefined : digest(token)
  app.decorateRequest('hasToken', false)
  app.addHook('onRequest', (request, _reply, done) => {
    checkHost(request)
    if (tokenDigest !== undefined) request.hasToken = holdsToken(request, tokenDigest)
    done()
  })
  const checkChange: preParsingHookHandler = (request, reply, _payload, done) => {
    checkPrefetch(request)
    if (isNavigation(request.headers)) {
      if (request.method !== 'GET') throw foreignPage()
      sendGuard(request, reply, tokenDigest !== undefined)
      return
    }
    checkPage(request, origins)
    if (tokenDigest !== undefined && !request.hasToken) throw tokenRequired()
    done()
  }
  app.addHook('onRoute', (route) => {
    if (route.config?.changes === true) route.preParsing = checkChange
  })
}

function checkPrefetch({ headers }: FastifyRequest): void {
  const purpose = headers['sec-purpose'] ?? headers.purpose
  if (typeof purpose === 'string' && purpose.includes('prefetch')) {
    throw new ApiError('prefetch-refused', 'this call changes the node and may not be prefetched')
  }
}

/**
 * A page of another origin changes nothing, whatever header it sends besides, unless that origin may; and
 * what calls itself a browser must show that our own page asked.
 */
function checkPage(request: FastifyRequest, origins: Origins): void {
  const { headers } = request
  if (origins.isForeign(request)) {
    if (origins.mayWrite(headers.origin ?? '')) return
    throw foreignPage()
  }
  const site = headers['sec-fetch-site']
  // Whatever an agent calls itself: one that says where a request comes from runs pages.
  if (site === 'cross-site' || site === 'same-site') throw foreignPage()
  if (headers.origin !== undefined || !isBrowser(headers)) return
  if (site === 'same-origin' || site === 'none' || headers['x-toychain'] === '1') return
  throw foreignPage()
}

function foreignPage(): ApiError {
  return new ApiError(
    'foreign-page',
    'a browser may change the node only from its own pages; a program can send the header "x-toychain: 1"',
  )
}

function holdsToken({ headers }: FastifyRequest, expected: Buffer): boolean {
  const given = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1]
  // Digests have one length, so the comparison tells nothing about the token's.
  return given !== undefined && timingSafeEqual(digest(given), expected)
}

function tokenRequired(): ApiError {
  return new ApiError('token-required', 'send the node\'s token as "Authorization: Bearer TOKEN"', {
    headers: { 'www-authenticate': 'Bearer realm="toychain"' },
  })
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
