/** What another node's response says that is no answer: where it redirects to, and why it refuses. */
import type { IncomingMessage } from 'node:http'
import { DecodeError } from '../../core/errors.ts'
import { JsonObject, parseJson } from '../../core/json/json.ts'
import { printable } from '../../core/printable.ts'
import { hostAndPort } from '../../node/peers/address.ts'

/** Where a redirect is followed to, and once: some programs keep the chain at the one, some at the other. */
const CHAIN_PATHS: readonly string[] = ['/chain', '/chain/']
/** A refusal is read so far for its code. */
const MAX_PROBLEM_BYTES = 4_096
/** So much of where a redirect leads stands in a report. */
const SHOWN_LOCATION_CHARS = 200

export function notOk(statusCode: number | undefined, location?: string): string {
  const said = `expected status 200, got ${statusCode}`
  if (location === undefined) return said
  return `${said} to "${printable(location.slice(0, SHOWN_LOCATION_CHARS))}"`
}

/**
 * The code with which a node of ours refuses (RFC 9457), and what to do about it: of its answer nothing else is
 * repeated. Empty for everybody else.
 */
export async function refusalOf(response: IncomingMessage, address: string): Promise<string> {
  const length = Number(response.headers['content-length'] ?? Number.POSITIVE_INFINITY)
  const isProblem = response.headers['content-type']?.startsWith('application/problem+json')
  if (isProblem !== true || length > MAX_PROBLEM_BYTES) return ''
  const code = codeIn(await textOf(response))
  if (code === undefined) return ''
  const { host } = hostAndPort(address)
  const advice = `: it does not go by the name ${host}; start it with --allowed-host ${host}, or ask it by its IP address`
  return ` (${code}${code === 'host-not-allowed' ? advice : ''})`
}

/** The text of a response, as far as it comes; its length was said to be short. */
async function textOf(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  try {
    for await (const piece of response) pieces.push(piece)
  } catch {
    // Cut short: its status says enough.
  }
  return Buffer.concat(pieces).toString('latin1')
}

function codeIn(text: string): string | undefined {
  try {
    const problem = parseJson(text)
    const code = problem instanceof JsonObject ? problem.get('code') : undefined
    return typeof code === 'string' && /^[a-z][a-z0-9-]{0,40}$/.test(code) ? code : undefined
  } catch (cause) {
    if (cause instanceof DecodeError) return undefined
    throw cause
  }
}

/** The path and query to ask for, where a redirect from a chain leads to a chain, on the same address. */
export function chainPath(
  location: string | undefined,
  { address, path }: { address: string; path: string },
): string | undefined {
  const from = URL.parse(path, `http://${address}`)
  const to = location === undefined || from === null ? null : URL.parse(location, from)
  if (from === null || to === null || !CHAIN_PATHS.includes(from.pathname)) return undefined
  if (to.origin !== from.origin || to.username !== '' || to.password !== '') return undefined
  if (!CHAIN_PATHS.includes(to.pathname) || !['', from.search].includes(to.search)) return undefined
  return to.pathname + to.search
}
