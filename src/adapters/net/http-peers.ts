/**
 * Asks other nodes over HTTP, and carries what they answer to the node, piece by piece: the next piece
 * is read when the one before has been dealt with, and one piece at a time of all nodes together, so
 * that neither a fast nor a hostile node takes more than its turn. What an answer is worth, and for
 * how long one waits for it, is decided in node/sync.ts.
 */
import type { LookupAddress } from 'node:dns'
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { connect, type LookupFunction, type Socket } from 'node:net'
import { DecodeError, messageOf } from '../../core/errors.ts'
import { MAX_PEER_OVERHEAD_BYTES, MAX_PEER_PIECES, PEER_PIECE_BYTES } from '../../core/limits.ts'
import { hostAndPort } from '../../node/peers/address.ts'
import type { AskInput, Question } from '../../node/pull/asking.ts'
import { type PeerFault, type PeerFaultCode, peerFault } from '../../node/pull/peer-faults.ts'
import { type AnswerLimits, Answers } from './answers.ts'
import { FairReading } from './fair-reading.ts'
import { forbiddenAddresses } from './forbidden-addresses.ts'
import { pathOf } from './paths.ts'
import { chainPath, notOk, refusalOf } from './refusals.ts'
import { Utf8Reader } from './utf8.ts'

/** How a node tells its id in every answer to `/chain`, so that it recognises itself. */
export const NODE_ID_HEADER = 'x-toychain-node'

/** Gives the node an input; done when the node has dealt with it and its writes are durable. */
export type PeerListener = (input: AskInput) => Promise<void>

export interface PeerTransport {
  /** Asks a node; what becomes of it goes to the listener. */
  ask(ask: number, address: string, question: Question): void
  /** Nobody wants the answer any more. */
  stop(ask: number): void
  stopAll(): void
}

export interface PeerOptions {
  /** Finds the addresses of a name; the system does if left out. */
  readonly lookup?: LookupFunction
  readonly answerLimits?: AnswerLimits
  readonly nowMs?: () => number
}

const REDIRECTS: readonly (number | undefined)[] = [301, 302, 303, 307, 308]
/** Interim responses (1xx, RFC 9110, section 15.2) before a response: they cost, and say nothing. */
const MAX_INTERIM_RESPONSES = 8
const tooMany = `expected a response, got more than ${MAX_INTERIM_RESPONSES} interim ones`
const TOO_MANY_PIECES = `it sent more than ${MAX_PEER_PIECES} pieces of less than ${PEER_PIECE_BYTES} bytes`
const CLOSED = 'the connection was closed before an answer had come'

/** One ask that is under way. */
interface Ask {
  readonly address: string
  readonly path: string
  request: ClientRequest
  /** The IP address that it was redirected from: no name leads elsewhere meanwhile. */
  redirectedAt: string | undefined
  /** Bytes that have come, in all, and of those the ones that the node was told of. */
  readBytes: number
  toldBytes: number
  isAnswering: boolean
}

export class HttpPeers implements PeerTransport {
  readonly #listener: PeerListener
  readonly #lookup: LookupFunction | undefined
  readonly #asks = new Map<number, Ask>()
  readonly #answers: Answers
  readonly #sockets = new Set<Socket>()
  readonly #reading: FairReading
  /** Inputs go to the node one after another. */
  #line: Promise<void> = Promise.resolve()

  constructor(
    listener: PeerListener,
    { lookup, answerLimits, nowMs = () => performance.now() }: PeerOptions = {},
  ) {
    this.#listener = listener
    this.#lookup = lookup
    this.#reading = new FairReading({ sockets: () => this.#sockets, nowMs })
    this.#answers = new Answers(answerLimits)
  }

  ask(ask: number, address: string, question: Question): void {
    const path = pathOf(question)
    const request = this.#request(ask, { address, path, at: undefined })
    const bytes = { readBytes: 0, toldBytes: 0 }
    const state = { address, path, request, redirectedAt: undefined, ...bytes, isAnswering: false }
    this.#asks.set(ask, state)
    this.#answers.begin(ask, question)
    request.end()
  }

  /** @param at the IP address to connect to, where the host's name is not to be looked up again */
  #request(
    ask: number,
    { address, path, at }: { address: string; path: string; at: string | undefined },
  ): ClientRequest {
    const request = httpRequest({
      path,
      createConnection: () => this.#connect(ask, address, at),
      headers: {
        host: address,
        accept: 'application/json',
        'accept-encoding': 'identity',
        'user-agent': 'toychain',
      },
    })
    const isLatest = () => this.#asks.get(ask)?.request === request
    request.once('response', (response) => {
      this.#read(ask, response).catch((cause) => this.#broke(ask, cause))
    })
    let interim = 0
    request.on('information', () => {
      if (++interim !== MAX_INTERIM_RESPONSES + 1 || !isLatest()) return
      this.#fail(ask, 'bad-http', tooMany)
      request.destroy()
    })
    request.once('upgrade', ({ statusCode }, socket) => {
      // Node.js has let go of it: nobody else would ever close it.
      socket.destroy()
      this.#fail(ask, 'bad-status', notOk(statusCode))
    })
    request.on('error', (cause) => {
      if (isLatest()) this.#broke(ask, cause)
    })
    // Once there is an answer, its own end or error says how it went.
    request.once('close', () => {
      if (isLatest() && this.#asks.get(ask)?.isAnswering === false)
        this.#broke(ask, new Error(CLOSED))
    })
    return request
  }

  stop(ask: number): void {
    const { request } = this.#asks.get(ask) ?? {}
    this.#asks.delete(ask)
    this.#answers.drop(ask)
    request?.destroy()
  }

  stopAll(): void {
    for (const ask of [...this.#asks.keys()]) this.stop(ask)
  }

  #connect(ask: number, address: string, at: string | undefined): Socket {
    const { host, port } = hostAndPort(address)
    const lookup = this.#lookup ?? (host === 'localhost' ? bothLoopbacks : undefined)
    const socket = connect({
      host: at ?? host,
      port,
      // Looked at when a name has become an address, just before that is connected to.
      blockList: forbiddenAddresses,
      ...(lookup === undefined ? {} : { lookup }),
    })
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    socket.once('connect', () => this.#tell({ type: 'connected', ask }))
    socket.on('data', ({ length }) => {
      this.#reading.note(socket)
      this.#count(ask, length)
    })
    return socket
  }

  /** Counts every byte: headers, chunk sizes and what else there may be without end around a body. */
  #count(ask: number, bytes: number): void {
    const state = this.#asks.get(ask)
    if (state === undefined) return
    state.readBytes += bytes
    if (state.readBytes - state.toldBytes <= MAX_PEER_OVERHEAD_BYTES) return
    const detail = `it sent more than ${MAX_PEER_OVERHEAD_BYTES} bytes around its answer`
    state.request.destroy()
    this.#fail(ask, 'too-large', detail)
  }

  async #read(ask: number, response: IncomingMessage): Promise<void> {
    const { statusCode, headers } = response
    const state = this.#asks.get(ask)
    if (state === undefined) return
    if (this.#follow(ask, state, response)) return
    state.isAnswering = true
    this.#countPieces(ask, response)
    if (statusCode !== 200) {
      const isBusy = statusCode === 429 || statusCode === 503
      const why = await refusalOf(response, state.address)
      const detail = notOk(statusCode, headers.location) + why
      return this.#fail(ask, isBusy ? 'busy' : 'bad-status', detail)
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
      const sizeBytes = state.readBytes - state.toldBytes
      state.toldBytes = state.readBytes
      const text = utf8.read(chunk, { stream: true })
      await this.#inTurn(ask, () => this.#answers.hear(ask, text, sizeBytes))
      if (!this.#asks.has(ask)) return
    }
    const rest = utf8.read()
    await this.#inTurn(ask, () => this.#answers.hear(ask, rest, 0))
    await this.#inTurn(ask, () => [this.#answers.end(ask)])
    this.stop(ask)
  }

  /**
   * In chunked coding each byte may come as a chunk of its own (RFC 9112, section 7.1), and Node.js makes an
   * object of each, as many as it has read before anybody looks.
   */
  #countPieces(ask: number, response: IncomingMessage): void {
    const push = response.push.bind(response)
    let left = MAX_PEER_PIECES
    response.push = (chunk, encoding) => {
      if (chunk !== null) left += chunk.length / PEER_PIECE_BYTES - 1
      if (left >= 0) return push(chunk, encoding)
      // Many more may have come with this one: they cost nothing.
      response.push = () => false
      this.#asks.get(ask)?.request.destroy()
      this.#fail(ask, 'too-large', TOO_MANY_PIECES)
      return false
    }
  }

  /** Asks again where a redirect leads to the chain of the same node; whether it does. */
  #follow(ask: number, state: Ask, { statusCode, headers, socket }: IncomingMessage): boolean {
    if (!REDIRECTS.includes(statusCode) || state.redirectedAt !== undefined) return false
    const at = socket.remoteAddress
    const path = chainPath(headers.location, state)
    if (path === undefined || at === undefined) return false
    const before = state.request
    state.redirectedAt = at
    state.request = this.#request(ask, { address: state.address, path, at })
    before.destroy()
    state.request.end()
    return true
  }

  #broke(ask: number, cause: unknown): void {
    const state = this.#asks.get(ask)
    if (state === undefined) return
    const { code, detail } = brokenBy(cause, state.isAnswering)
    this.#fail(ask, code, detail)
  }

  async #fail(ask: number, code: PeerFaultCode, detail: string): Promise<void> {
    await this.#tell({ type: 'ask-failed', ask, fault: peerFault(code, detail) })
  }

  #tell(input: AskInput): Promise<void> {
    return this.#inTurn(input.ask, () => [input])
  }

  /** Tells the node what a part of an answer comes to, which is read when its turn has come and not before. */
  #inTurn(ask: number, read: () => readonly AskInput[]): Promise<void> {
    this.#line = this.#line.then(async () => {
      if (!this.#asks.has(ask)) return
      for (const input of read()) {
        if (!this.#asks.has(input.ask)) continue
        await this.#listener(input)
        if (input.type === 'ask-failed') this.stop(input.ask)
      }
    })
    return this.#line
  }
}

/** Both loopbacks, whichever the system has for the name: a node listens on one of them, or on both. */
const bothLoopbacks: LookupFunction = (_name, { all }, callback) => {
  if (all === true) callback(null, LOOPBACKS)
  else callback(null, LOOPBACKS[0].address, LOOPBACKS[0].family)
}

const LOOPBACKS: [LookupAddress, LookupAddress] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
]

/** Whose fault it is that there is no answer, or no whole one. */
function brokenBy(cause: unknown, hasBegun: boolean): PeerFault {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (cause instanceof DecodeError) return peerFault('bad-encoding', 'expected UTF-8')
  if (code === 'ERR_IP_BLOCKED') {
    return peerFault('forbidden-address', 'no node is asked at link-local or metadata addresses')
  }
  if (code.startsWith('HPE_')) return peerFault('bad-http', `expected HTTP/1.1 (${code})`)
  if (hasBegun) return peerFault('bad-http', 'the answer is cut short')
  return peerFault('connection-failed', messageOf(firstOf(cause)))
}

/** Of a name with several addresses, why the first of them failed. */
function firstOf(cause: unknown): unknown {
  return cause instanceof AggregateError && cause.message === '' ? cause.errors[0] : cause
}
