/**
 * The address of another node: a host and an optional port, as tutorial nodes exchange them. Takes
 * an http URL as well and keeps its host and port (RFC 3986, section 3.2).
 */
import { detached } from '../../core/detached.ts'
import { RuleError } from '../../core/errors.ts'
import { MAX_ADDRESS_CHARS } from '../../core/limits.ts'

const ADDRESS =
  /^(?:http:\/\/)?(?<host>\[(?<ipv6>[0-9a-f:.]+)\]|[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?)(?::(?<port>\d{1,5}))?(?:\/[^\s]*)?$/i

const EXPECTED = 'host:port or http://host:port'

/** The port of an address that names none. */
const HTTP_PORT = 80

/**
 * The one form of an address that is kept and compared: lowercase host, port if one was given.
 * @throws RuleError `bad-address`
 */
export function parseAddress(text: string): string {
  const address = addressOf(text)
  if (address === undefined) throw new RuleError('bad-address', { expected: EXPECTED, got: text })
  return address
}

/**
 * Several addresses, in that form. `got` names each malformed one and `at` its position, from 0.
 * @throws RuleError `bad-address`
 */
export function parseAddresses(texts: readonly string[]): string[] {
  const addresses = texts.map(addressOf)
  const malformed = texts.map((got, at) => ({ got, at })).filter(({ at }) => !addresses[at])
  if (malformed.length > 0) {
    throw new RuleError('bad-address', {
      expected: EXPECTED,
      got: malformed.map(({ got }) => got),
      at: malformed.map(({ at }) => String(at)),
    })
  }
  return addresses.filter((address) => address !== undefined)
}

/** Where to connect: the host without brackets, and a port. `address` as `parseAddress` gives it. */
export function hostAndPort(address: string): { host: string; port: number } {
  const [, bracketed, name, port] = /^(?:\[(.*)\]|([^:]*))(?::(\d+))?$/.exec(address) ?? []
  return { host: bracketed ?? name ?? '', port: port === undefined ? HTTP_PORT : Number(port) }
}

/** Whether two addresses are one: a port that is left out is HTTP's. */
export function sameAddress(a: string, b: string): boolean {
  const [one, other] = [hostAndPort(a), hostAndPort(b)]
  return one.host === other.host && one.port === other.port
}

function addressOf(text: string): string | undefined {
  if (text.length > MAX_ADDRESS_CHARS) return undefined
  const { host, ipv6, port } = ADDRESS.exec(text)?.groups ?? {}
  if (host === undefined || (ipv6 !== undefined && !isIpv6(ipv6))) return undefined
  if (port === undefined) return detached(host.toLowerCase())
  const portNumber = Number(port)
  if (portNumber < 1 || portNumber > 65_535) return undefined
  return detached(`${host.toLowerCase()}:${portNumber}`)
}

/** Whether a text has the form of RFC 4291, section 2.2: eight groups, one run of zeros as `::`. */
function isIpv6(text: string): boolean {
  const halves = text.split('::')
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  const ipv4 = groups.at(-1)?.includes('.') === true ? groups.pop() : undefined
  if (ipv4 !== undefined && (!isIpv4(ipv4) || text.endsWith('::'))) return false
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return false
  const count = groups.length + (ipv4 === undefined ? 0 : 2)
  return halves.length === 1 ? count === 8 : halves.length === 2 && count < 8
}

function isIpv4(text: string): boolean {
  const parts = text.split('.')
  return (
    parts.length === 4 &&
    parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
  )
}
