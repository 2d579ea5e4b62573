/**
 * Who may ask, and who may change anything. A web page must not be able to make a node on one's own
 * machine mine: not by a link, a form or a script on another origin (cross-site request forgery),
 * and not under a name that its owner points at 127.0.0.1 (DNS rebinding).
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'
import type { FastifyInstance, FastifyRequest, preParsingHookHandler } from 'fastify'
import { isNavigation, sendGuard } from './navigation.ts'
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

export interface SecurityOptions {
  /** Names besides localhost and IP addresses that requests may have in `Host`. */
  readonly allowedHosts: readonly string[]
  /** What a changing request needs as `Authorization: Bearer`; undefined for none. */
  readonly token: string | undefined
}

/**
 * Puts the checks before everything else that a request runs into; call it before there are routes. Who calls by a wrong name is turned
 * away first; who has a wrong token only after the rate limit, which runs between these two hooks, so
 * that nobody guesses tokens at full speed.
 */
export function secure(app: FastifyInstance, { allowedHosts, token }: SecurityOptions): void {
  const hosts = new Set(allowedHosts.map((host) => host.toLowerCase()))
  const tokenDigest = token === undefined ? undefined : digest(token)
  app.decorateRequest('hasToken', false)
  app.addHook('onRequest', (request, _reply, done) => {
    checkHost(request, hosts)
    if (tokenDigest !== undefined) request.hasToken = holdsToken(request, tokenDigest)
    done()
  })
  const checkChange: preParsingHookHandler = (request, reply, _payload, done) => {
    checkPrefetch(request)
    if (isNavigation(request)) {
      if (request.method !== 'GET') throw foreignPage()
      sendGuard(request, reply, tokenDigest !== undefined)
      return
    }
    checkPage(request)
    if (tokenDigest !== undefined && !request.hasToken) throw tokenRequired()
    done()
  }
  app.addHook('onRoute', (route) => {
    if (route.config?.changes === true) route.preParsing = checkChange
  })
}

/**
 * Chromium sends neither Origin nor Sec-Fetch-Site from a rebound plain-http page, so the name in
 * Host is all there is to tell such a page by. An attacker controls names, never an IP literal.
 * One Host exactly (RFC 9112, section 3.2); where the address is a whole URL, its name counts too.
 */
function checkHost(
  { raw, originalUrl, headers }: FastifyRequest,
  allowed: ReadonlySet<string>,
): void {
  // Node.js keeps the first of several in `headers`.
  if (hostHeaders(raw.rawHeaders) > 1)
    throw new ApiError('bad-request', 'the request has more than one Host header')
  const inAddress = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#]*@)?([^/?#]*)/i.exec(originalUrl)?.[1]
  for (const host of [headers.host ?? '', ...(inAddress === undefined ? [] : [inAddress])]) {
    const name = hostName(host)
    const ours = name === 'localhost' || name.endsWith('.localhost') || isIP(name) !== 0
    if (ours || allowed.has(name)) continue
    throw new ApiError(
      'host-not-allowed',
      `expected localhost, an IP address or an --allowed-host in the Host header, got "${name.slice(0, 80)}"`,
    )
  }
}

/** How many there are among names and values in turn. */
function hostHeaders(rawHeaders: readonly string[]): number {
  let count = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]
    if (name?.length === 4 && name.toLowerCase() === 'host') count++
  }
  return count
}

/** Whether a host's name or address is this machine's own. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^(::ffff:)?127\./.test(host)
}

/** The name in a Host header: no port, no brackets, no final dot, lowercase. */
function hostName(header: string): string {
  const bracketed = /^\[(.*)\](?::\d*)?$/.exec(header)?.[1]
  return (bracketed ?? header.replace(/:\d*$/, '')).replace(/\.$/, '').toLowerCase()
}

function checkPrefetch({ headers }: FastifyRequest): void {
  const purpose = headers['sec-purpose'] ?? headers.purpose
  if (typeof purpose === 'string' && purpose.includes('prefetch')) {
    throw new ApiError('prefetch-refused', 'this call changes the node and may not be prefetched')
  }
}

/** What calls itself a browser must show that our own page asked. */
function checkPage({ headers }: FastifyRequest): void {
  if (headers['user-agent']?.startsWith('Mozilla/') !== true) return
  const site = headers['sec-fetch-site']
  if (site === 'same-origin' || site === 'none') return
  if (headers['x-toychain'] === '1') return
  if (headers.origin !== undefined && headers.origin.replace(/^https?:\/\//, '') === headers.host)
    return
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
