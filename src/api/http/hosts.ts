/**
 * The names that a node answers to. A page can point a name of its own at 127.0.0.1 (DNS rebinding), and
 * Chromium sends neither Origin nor Sec-Fetch-Site from such a page on plain http: so the name in Host is
 * all there is to tell it by. An attacker controls names, never an IP literal.
 */
import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { printable } from '../../core/printable.ts'
import { canonicalIpv4, endsInNumber } from '../../node/peers/ip.ts'
import { ApiError } from './problems.ts'

/** The machine around a container, as Docker calls it: no name that anybody else can have. */
const AROUND_CONTAINERS = 'host.docker.internal'

const SHOWN_CHARS = 80
const MINUTE_MS = 60_000
/** Names that are told of in a minute: whoever comes with more of them wants to fill a terminal. */
const MAX_NAMES_TOLD = 20

export interface HostOptions {
  /** Names besides localhost and IP addresses that requests may have in `Host`. */
  readonly allowedHosts: readonly string[]
  /** Hears of a name that was refused, once a minute for each, with what to do about it. */
  readonly onHostRefused?: ((line: string) => void) | undefined
}

/** What is looked at of a request. */
interface Asked {
  readonly raw: Pick<FastifyRequest['raw'], 'rawHeaders'>
  readonly originalUrl: string
  readonly headers: Pick<FastifyRequest['headers'], 'host'>
}

/** A check of a request's Host. @throws ApiError `host-not-allowed`, `bad-request` */
export function hostCheck(
  { allowedHosts, onHostRefused = () => {} }: HostOptions,
  nowMs = () => performance.now(),
): (request: Asked) => void {
  const allowed = new Set(allowedHosts.map(hostName))
  /** Until when a name is not told of again. */
  const told = new Map<string, number>()
  const isNews = (name: string) => {
    const now = nowMs()
    for (const [known, untilMs] of told) if (untilMs <= now) told.delete(known)
    if (told.has(name) || told.size >= MAX_NAMES_TOLD) return false
    told.set(name, now + MINUTE_MS)
    return true
  }
  return (request) => {
    const refused = namesIn(request).find((name) => !isOurs(name) && !allowed.has(name))
    if (refused === undefined) return
    const shown = printable(refused.slice(0, SHOWN_CHARS))
    if (isNews(shown)) onHostRefused(adviceOn(shown))
    throw new ApiError(
      'host-not-allowed',
      `expected localhost, an IP address or an --allowed-host in the Host header, got "${shown}"`,
    )
  }
}

/** A name with a dot may be anybody's; one without is of this network, or of nobody. */
function adviceOn(name: string): string {
  const refused = `Refused a request for the host "${name}".`
  if (name.includes('.')) return refused
  return `${refused} If this is your name for this machine, start the node with --allowed-host ${name}.`
}

/**
 * One Host exactly (RFC 9112, section 3.2); where the address is a whole URL, its name counts too.
 * @throws ApiError `bad-request`
 */
function namesIn({ raw, originalUrl, headers }: Asked): string[] {
  // Node.js keeps the first of several in `headers`.
  if (hostHeaders(raw.rawHeaders) > 1)
    throw new ApiError('bad-request', 'the request has more than one Host header')
  const inAddress = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#]*@)?([^/?#]*)/i.exec(originalUrl)?.[1]
  const hosts = [headers.host ?? '', ...(inAddress === undefined ? [] : [inAddress])]
  return hosts.map(hostName)
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

function isOurs(name: string): boolean {
  if (name === 'localhost' || name.endsWith('.localhost') || name === AROUND_CONTAINERS) return true
  if (isIP(name) !== 0) return true
  // Browsers and systems take what ends in a number for an address, and never look it up as a name.
  return name.includes('.') && endsInNumber(name) && canonicalIpv4(name) !== undefined
}

/** The name in a Host header: no port, no brackets, no final dot, lowercase. */
function hostName(header: string): string {
  const bracketed = /^\[(.*)\](?::\d*)?$/.exec(header)?.[1]
  return (bracketed ?? header.replace(/:\d*$/, '')).replace(/\.$/, '').toLowerCase()
}
