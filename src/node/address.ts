/**
 * The address of another node: a host and an optional port, as tutorial nodes exchange them. Takes
 * a URL as well and keeps its host and port (RFC 3986, section 3.2).
 */
import { RuleError } from '../core/errors.ts'
import { MAX_ADDRESS_CHARS } from '../core/limits.ts'

const ADDRESS =
  /^(?:https?:\/\/)?(?<host>\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?)(?::(?<port>\d{1,5}))?(?:\/[^\s]*)?$/i

/**
 * The one form of an address that is kept and compared: lowercase host, port if one was given.
 * @throws RuleError `bad-address`
 */
export function parseAddress(text: string): string {
  const { host, port } = ADDRESS.exec(text.slice(0, MAX_ADDRESS_CHARS + 1))?.groups ?? {}
  const portNumber = port === undefined ? undefined : Number(port)
  const isPort = portNumber === undefined || (portNumber >= 1 && portNumber <= 65_535)
  if (host === undefined || text.length > MAX_ADDRESS_CHARS || !isPort) {
    throw new RuleError('bad-address', { expected: 'host:port or http://host:port', got: text })
  }
  return portNumber === undefined ? host.toLowerCase() : `${host.toLowerCase()}:${portNumber}`
}
