/**
 * The address of another node: a host and an optional port, as tutorial nodes exchange them. Takes
 * an http URL as well and keeps its host and port (RFC 3986, section 3.2). Of the spellings of an IP
 * address one is kept, and what means "every address of this machine" becomes `localhost`: a node that
 * says that it listens on 0.0.0.0 is asked here.
 */
import { detached } from '../../core/detached.ts'
import { RuleError } from '../../core/errors.ts'
import { MAX_ADDRESS_CHARS } from '../../core/limits.ts'
import { canonicalIpv4, canonicalIpv6, endsInNumber } from './ip.ts'

const ADDRESS =
  /^(?:http:\/\/)?(?<host>\[(?<ipv6>[0-9a-f:.]+)\]|[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?)(?::(?<port>\d{1,5}))?(?<path>[/?#]\S*)?$/i

/** Paths of an address that say nothing: somebody has copied where a chain is. */
const EMPTY_PATHS = ['', '/', '/chain', '/chain/']

const EXPECTED = 'host:port or http://host:port'

/** The port of an address that names none. */
const HTTP_PORT = 80

/** An address in the form that is kept, or what is wrong with a text. */
type Read = { readonly address: string } | { readonly expected: string }

/**
 * The one form of an address that is kept and compared: lowercase host, port if one was given.
 * @throws RuleError `bad-address`, with the form that was expected
 */
export function parseAddress(text: string): string {
  const read = readAddress(text)
  if ('address' in read) return read.address
  throw new RuleError('bad-address', { expected: read.expected, got: text })
}

/** The same, or undefined for what is none. */
export function addressIn(text: string): string | undefined {
  const read = readAddress(text)
  return 'address' in read ? read.address : undefined
}

/**
 * Several addresses, in that form. `got` names each malformed one, `at` its position, from 0, and
 * `expected` the form of each, or of all where it is the same.
 * @throws RuleError `bad-address`
 */
export function parseAddresses(texts: readonly string[]): string[] {
  const addresses: string[] = []
  const malformed: { got: string; at: string; expected: string }[] = []
  for (const [at, got] of texts.entries()) {
    const read = readAddress(got)
    if ('address' in read) addresses.push(read.address)
    else malformed.push({ got, at: String(at), expected: read.expected })
  }
  if (malformed.length === 0) return addresses
  const expected = malformed.map((each) => each.expected)
  const [first = EXPECTED] = expected
  throw new RuleError('bad-address', {
    expected: expected.every((each) => each === first) ? first : expected,
    got: malformed.map(({ got }) => got),
    at: malformed.map(({ at }) => at),
  })
}

/** Where to connect: the host without brackets, and a port. `address` as `parseAddress` gives it. */
export function hostAndPort(address: string): { host: string; port: number } {
  const [, bracketed, name, port] = /^(?:\[(.*)\]|([^:]*))(?::(\d+))?$/.exec(address) ?? []
  return { host: bracketed ?? name ?? '', port: port === undefined ? HTTP_PORT : Number(port) }
}

/** The address with its port, which is HTTP's where it is left out: equal texts are one address. */
export function fullAddress(address: string): string {
  return /:\d+$/.test(address) ? address : `${address}:${HTTP_PORT}`
}

/** Whether two addresses are one. */
export function sameAddress(a: string, b: string): boolean {
  return fullAddress(a) === fullAddress(b)
}

/** Whether a host's name or address, without brackets, is reached from its own machine alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^(::ffff:)?127\./.test(host)
}

function readAddress(written: string): Read {
  const text = written.trim()
  if (text.length > MAX_ADDRESS_CHARS) return { expected: EXPECTED }
  const { host, ipv6, port, path = '' } = ADDRESS.exec(text)?.groups ?? {}
  if (host === undefined) return { expected: EXPECTED }
  const portNumber = port === undefined ? undefined : Number(port)
  if (portNumber !== undefined && (portNumber < 1 || portNumber > 65_535)) {
    return { expected: 'a port from 1 to 65535' }
  }
  const withPort = portNumber === undefined ? '' : `:${portNumber}`
  if (/^\d+$/.test(host)) return { expected: `a host before the port, as in 127.0.0.1:${host}` }
  if (/^https?$/i.test(host) && path.startsWith('//')) {
    return { expected: `a colon after the scheme, as in http:${path}` }
  }
  if (!EMPTY_PATHS.includes(path)) {
    return { expected: `a host and a port without a path, as in ${host}${withPort}` }
  }
  const name = ipv6 === undefined ? nameOf(host) : ipv6Of(ipv6)
  return name === undefined ? { expected: EXPECTED } : { address: detached(name + withPort) }
}

function nameOf(host: string): string | undefined {
  const name = endsInNumber(host) ? canonicalIpv4(host) : host.toLowerCase()
  return name === '0.0.0.0' ? 'localhost' : name
}

function ipv6Of(text: string): string | undefined {
  const ip = canonicalIpv6(text)
  if (ip === undefined || ip.includes('.')) return ip === '0.0.0.0' ? 'localhost' : ip
  return ip === '::' ? 'localhost' : `[${ip}]`
}
