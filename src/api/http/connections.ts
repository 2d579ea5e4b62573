/**
 * What a connection may cost. One request at a time: HTTP lets a client send many before it reads a
 * response (pipelining, RFC 9112, section 9.3.2), and Node.js begins all of them at once; here a request
 * begins when the response before it has gone out to the socket. What waits is bounded: requests of a
 * connection and of all together, and the bytes of responses that nobody has read yet. Connections have
 * places (places.ts): where there are too many, the one that does least gives way.
 */
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { FairTurns } from '../../adapters/live/fair-turns.ts'
import { type Holder, Places } from '../../adapters/live/places.ts'
import { TurnBudget } from '../../adapters/live/turn-budget.ts'
import { FairReading } from '../../adapters/net/fair-reading.ts'
import {
  LEAST_CONNECTION_IDLE_MS,
  MAX_ALL_PIPELINED_REQUESTS,
  MAX_BODY_BYTES,
  MAX_CONNECTIONS,
  MAX_PIPELINED_REQUESTS,
  MAX_TURN_WORK_MS,
  MAX_UNREAD_BYTES,
} from '../../core/limits.ts'
import { makeProblem } from './problems.ts'

export interface ConnectionLimits {
  readonly connections: number
  /** From when on a connection that does nothing gives way to another, in milliseconds. */
  readonly leastIdleMs: number
  readonly requests: number
  readonly allRequests: number
  readonly unreadBytes: number
}

const LIMITS: ConnectionLimits = {
  connections: MAX_CONNECTIONS,
  leastIdleMs: LEAST_CONNECTION_IDLE_MS,
  requests: MAX_PIPELINED_REQUESTS,
  allRequests: MAX_ALL_PIPELINED_REQUESTS,
  unreadBytes: MAX_UNREAD_BYTES,
}

interface Waiting {
  readonly begin: () => void
  readonly weight: number
}

/** A connection, and the requests that have come on it while another is being answered. */
interface Line {
  readonly socket: Socket
  isBusy: boolean
  /** Whether too many came: nothing after the refusal is answered. */
  isOver: boolean
  /** Whether it is closed, or about to be. */
  isGivenUp: boolean
  /** Whether it is closed as soon as more of it is read. */
  mustEnd: boolean
  waiting: Waiting[]
  /** What they weigh, all together. */
  weight: number
  /** Bytes of a response that is done and that the socket has not taken yet. */
  unreadBytes: number
  /** Requests that came when the one before had been answered; 0 from when one did not. */
  standing: number
  /** When the connection began, or last had something to do. */
  lastUsedMs: number
  /** The turn of the event loop that it began in. */
  readonly firstTurn: number
}

export class Connections {
  readonly #limits: ConnectionLimits
  readonly #nowMs: () => number
  readonly #places: Places
  /** What the requests of one turn may take. */
  readonly #budget: TurnBudget
  /** Of connections that are closed. */
  readonly #turns = new FairTurns()
  readonly #lines = new Map<Socket, Line>()
  readonly #reading: FairReading
  #waiting = 0
  #unreadBytes = 0
  #turn = 0
  #isTurnCounted = false

  constructor(limits: Partial<ConnectionLimits> = {}, nowMs = () => performance.now()) {
    this.#limits = { ...LIMITS, ...limits }
    this.#nowMs = nowMs
    this.#budget = new TurnBudget(MAX_TURN_WORK_MS, nowMs)
    this.#reading = new FairReading({
      sockets: () => this.#lines.keys(),
      standing: (socket) => this.#lines.get(socket)?.standing ?? 0,
      isClearing: () => this.#turns.waiting > 0,
      nowMs,
    })
    const { connections: capacity, leastIdleMs } = this.#limits
    this.#places = new Places({ capacity, leastIdleMs, nowMs })
  }

  get count(): number {
    return this.#places.size
  }

  /** Gives each new connection a place, and has all that Node.js parses come by here. */
  watch(server: Server): void {
    // Node.js would answer an unknown `Expect` itself, past every limit (RFC 9110, section 10.1.1, lets us ignore it).
    server.on('checkExpectation', (request, response) => server.emit('request', request, response))
    server.on('clientError', (_error, socket) => {
      if (socket instanceof Socket) this.#reading.note(socket)
    })
    server.on('connection', (socket: Socket) => {
      this.#countTurn()
      const line = this.#lineOf(socket)
      const holder: Holder = {
        address: socket.remoteAddress ?? '',
        isKnown: false,
        idleMs: (nowMs) => this.#idleMs(line, nowMs),
        giveWay: () => socket.destroy(),
      }
      const place = this.#places.take(holder)
      if (place === undefined) socket.destroy()
      else socket.once('close', place.release)
    })
  }

  /** A listener that has one request of each connection at a time, in order. */
  oneAtATime(listener: RequestListener): RequestListener {
    return (request, response) => {
      const line = this.#lineOf(request.socket)
      this.#reading.noteRequest(request)
      if (line.mustEnd) request.socket.destroy()
      if (line.isGivenUp) return
      const begin = () => {
        line.isBusy = true
        this.#budget.run(() => {
          if (line.isGivenUp) return
          this.#begin(line, response)
          listener(request, response)
        })
      }
      if (!line.isBusy) {
        line.standing++
        begin()
      } else {
        line.standing = 0
        const weight = weightOf(request)
        const refuseIt = () => refuse(request, response, this.#limits.requests)
        this.#queue(line, { begin, weight }, refuseIt)
      }
    }
  }

  #idleMs({ isBusy, unreadBytes, firstTurn, lastUsedMs }: Line, nowMs: number): number {
    // What a new connection sends is read in the turn after at the earliest, however long the turns take.
    const wasRead = this.#turn > firstTurn + 1
    return (isBusy && unreadBytes === 0) || !wasRead ? 0 : nowMs - lastUsedMs
  }

  /** Counts the turns of the event loop in which connections begin. */
  #countTurn(): void {
    if (this.#isTurnCounted) return
    this.#isTurnCounted = true
    setImmediate(() => {
      this.#turn++
      this.#isTurnCounted = false
    })
  }

  #lineOf(socket: Socket): Line {
    const known = this.#lines.get(socket)
    if (known !== undefined) return known
    const line: Line = {
      socket,
      isBusy: false,
      isOver: false,
      isGivenUp: false,
      mustEnd: false,
      waiting: [],
      weight: 0,
      unreadBytes: 0,
      standing: 0,
      lastUsedMs: this.#nowMs(),
      firstTurn: this.#turn,
    }
    this.#lines.set(socket, line)
    socket.once('close', () => {
      this.#giveUp(line)
      this.#lines.delete(socket)
    })
    return line
  }

  #begin(line: Line, response: ServerResponse): void {
    response.once('prefinish', () => this.#hold(line))
    response.once('close', () => {
      this.#unreadBytes -= line.unreadBytes
      line.unreadBytes = 0
      line.isBusy = false
      line.lastUsedMs = this.#nowMs()
      const next = line.waiting.shift()
      if (next === undefined) return
      line.weight -= next.weight
      this.#waiting -= next.weight
      next.begin()
    })
  }

  /** One too many is refused when its turn comes, and what is behind it ignored; twice as many are cut. */
  #queue(line: Line, { begin, weight }: Waiting, refuseIt: () => void): void {
    const { requests, allRequests } = this.#limits
    const isTooMuch = line.weight + weight > requests
    const then = isTooMuch ? refuseIt : begin
    line.waiting.push({ begin: line.isOver ? ignore : then, weight })
    line.isOver ||= isTooMuch
    line.weight += weight
    this.#waiting += weight
    if (line.weight > 2 * requests) this.#cut(line)
    if (this.#waiting > allRequests) this.#cutLongest()
  }

  /** A response is done. Who has left one unread the longest gives way where there are too many bytes. */
  #hold(line: Line): void {
    line.unreadBytes = line.socket.writableLength
    line.lastUsedMs = this.#nowMs()
    this.#unreadBytes += line.unreadBytes
    // A Map keeps the order in which its keys came: this one has done something last.
    this.#lines.delete(line.socket)
    this.#lines.set(line.socket, line)
    if (this.#unreadBytes <= this.#limits.unreadBytes) return
    let excess = this.#unreadBytes - this.#limits.unreadBytes
    for (const { socket, unreadBytes } of this.#lines.values()) {
      if (excess <= 0) return
      if (unreadBytes > 0) socket.destroy()
      excess -= unreadBytes
    }
  }

  #cutLongest(): void {
    let longest: Line | undefined
    for (const line of this.#lines.values()) {
      if (line.weight > (longest?.weight ?? 0)) longest = line
    }
    if (longest !== undefined) this.#cut(longest)
  }

  /**
   * Closes a connection that has too many requests waiting. Node.js has an object for each that it has
   * read, and ends all of them at once: so no more is read, as far as Node.js minds that, and connections
   * are closed one a turn, or when more is read all the same.
   */
  #cut(line: Line): void {
    this.#giveUp(line)
    // After what was read with this request is taken apart.
    process.nextTick(() => {
      line.mustEnd = true
      line.socket.pause()
    })
    this.#turns.next().then(() => line.socket.destroy())
  }

  /** Nobody is left to answer what waits, or what still comes. */
  #giveUp(line: Line): void {
    this.#waiting -= line.weight
    line.weight = 0
    line.waiting = []
    line.isGivenUp = true
  }
}

/** What a request that waits counts for: one, and one more for each KiB of its body, which is kept as well. */
function weightOf({ headers }: IncomingMessage): number {
  const said = Number(headers['content-length'] ?? 0)
  // A body that does not say how long it is counts as the longest; a longer one is not read on.
  const bytes = headers['transfer-encoding'] === undefined ? said : MAX_BODY_BYTES
  return 1 + Math.floor(Math.min(bytes, MAX_BODY_BYTES) / 1_024)
}

/** A request behind the one that was refused: the connection is closed before its turn comes. */
function ignore(): void {}

/** The last response of a connection. */
function refuse(request: IncomingMessage, response: ServerResponse, limit: number): void {
  const problem = makeProblem(
    'too-many-requests',
    `at most ${limit} requests may wait on a connection`,
  )
  response.once('finish', () => request.socket.destroySoon())
  response.writeHead(problem.status, {
    'content-type': 'application/problem+json',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  })
  response.end(JSON.stringify(problem))
}
