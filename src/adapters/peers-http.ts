/**
 * Asks other nodes over HTTP, and carries what they answer to the node, piece by piece: the next piece
 * is read when the one before has been dealt with, and one piece at a time of all nodes together, so
 * that neither a fast nor a hostile node takes more than its turn. What an answer is worth, and for
 * how long one waits for it, is decided in node/sync.ts.
 */
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { connect, type LookupFunction } from 'node:net'
import { DecodeError, messageOf } from '../core/errors.ts'
import { hostAndPort } from '../node/address.ts'
import type { AskInput } from '../node/asking.ts'
import { type PeerFault, type PeerFaultCode, peerFault } from '../node/peer-faults.ts'
import { forbiddenAddresses } from './forbidden-addresses.ts'
import { Utf8Reader } from './utf8.ts'

/** How a node tells its id in every answer to `/chain`, so that it recognises itself. */
export const NODE_ID_HEADER = 'x-toychain-node'

/** Gives the node an input; done when the node has dealt with it and its writes are durable. */
export type PeerListener = (input: AskInput) => Promise<void>

export interface PeerTransport {
  /** Gets a path of a node; what becomes of it goes to the listener. */
  ask(ask: number, address: string, path: string): void
  /** Nobody wants the answer any more. */
  stop(ask: number): void
  stopAll(): void
}

export class HttpPeers implements PeerTransport {
  readonly #listener: PeerListener
  readonly #lookup: LookupFunction | undefined
  readonly #requests = new Map<number, ClientRequest>()
  /** Of these, the ones that are being answered. */
  readonly #answering = new Set<number>()
  /** Inputs go to the node one after another. */
  #line: Promise<void> = Promise.resolve()

  /** @param lookup finds the addresses of a name; the system does if left out */
  constructor(listener: PeerListener, { lookup }: { lookup?: LookupFunction } = {}) {
    this.#listener = listener
    this.#lookup = lookup
  }

  ask(ask: number, address: string, path: string): void {
    const request = httpRequest({
      path,
      // The list is looked at when a name has become an address, just before it is connected to.
      createConnection: () =>
        connect({
          ...hostAndPort(address),
          blockList: forbiddenAddresses,
          ...(this.#lookup === undefined ? {} : { lookup: this.#lookup }),
        }),
      headers: {
        host: address,
        accept: 'application/json',
        'accept-encoding': 'identity',
        'user-agent': 'toychain',
      },
    })
    this.#requests.set(ask, request)
    request.once('response', (response) => {
      this.#read(ask, response).catch((cause) => this.#broke(ask, cause))
    })
    request.on('error', (cause) => this.#broke(ask, cause))
    request.end()
  }

  stop(ask: number): void {
    const request = this.#requests.get(ask)
    this.#requests.delete(ask)
    this.#answering.delete(ask)
    request?.destroy()
  }

  stopAll(): void {
    for (const ask of [...this.#requests.keys()]) this.stop(ask)
  }

  async #read(ask: number, response: IncomingMessage): Promise<void> {
    const { statusCode, headers } = response
    this.#answering.add(ask)
    if (statusCode !== 200) {
      return this.#fail(ask, 'bad-status', `expected status 200, got ${statusCode}`)
    }
    const encoding = headers['content-encoding'] ?? 'identity'
    if (encoding !== 'identity') {
      return this.#fail(ask, 'bad-encoding', 'expected an answer that is not compressed')
    }
    const nodeId = headers[NODE_ID_HEADER]
    await this.#tell({
      type: 'began',
      ask,
      nodeId: typeof nodeId === 'string' ? nodeId : undefined,
    })
    const utf8 = new Utf8Reader()
    for await (const chunk of response) {
      const text = utf8.read(chunk, { stream: true })
      await this.#tell({ type: 'heard', ask, text, sizeBytes: chunk.length })
      if (!this.#requests.has(ask)) return
    }
    await this.#tell({ type: 'heard', ask, text: utf8.read(), sizeBytes: 0 })
    await this.#tell({ type: 'ended', ask })
    this.stop(ask)
  }

  #broke(ask: number, cause: unknown): void {
    const { code, detail } = brokenBy(cause, this.#answering.has(ask))
    this.#fail(ask, code, detail)
  }

  async #fail(ask: number, code: PeerFaultCode, detail: string): Promise<void> {
    await this.#tell({ type: 'ask-failed', ask, fault: peerFault(code, detail) })
    this.stop(ask)
  }

  #tell(input: AskInput): Promise<void> {
    this.#line = this.#line.then(() => {
      return this.#requests.has(input.ask) ? this.#listener(input) : undefined
    })
    return this.#line
  }
}

/** Whose fault it is that there is no answer, or no whole one. */
function brokenBy(cause: unknown, hasBegun: boolean): PeerFault {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (cause instanceof DecodeError) return peerFault('bad-encoding', 'expected UTF-8')
  if (code === 'ERR_IP_BLOCKED') {
    return peerFault('forbidden-address', 'no node is asked at link-local or metadata addresses')
  }
  if (code.startsWith('HPE_')) return peerFault('bad-http', `expected HTTP/1.1 (${code})`)
  if (hasBegun) return peerFault('bad-http', 'the answer is cut short')
  return peerFault('connection-failed', messageOf(cause))
}
