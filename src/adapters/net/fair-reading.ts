/**
 * Reading of many connections in turns, those of clients or those to other nodes. Where a thousand of them become readable at the same moment, Node.js reads
 * and parses up to 64 KiB of each before anything else is heard, in requests that are made at once. So when a
 * turn of the event loop has parsed for its time, all others rest, and are read again a few each turn. Three orders
 * take turns, so that whoever floods keeps nobody waiting who does not: neither new connections, nor those that
 * have behaved well, nor any for ever.
 */
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { MAX_READ_CONNECTIONS_A_TURN, MAX_TURN_WORK_MS } from '../../core/limits.ts'

export interface ReadingOptions {
  /** All connections. */
  readonly sockets: () => Iterable<Socket>
  /** How well a connection has behaved: more is better. All are equal if left out. */
  readonly standing?: (socket: Socket) => number
  /** Whether what was read before is still being cleared away: resting connections wait for that. */
  readonly isClearing?: () => boolean
  readonly nowMs: () => number
}

export class FairReading {
  readonly #options: ReadingOptions
  /** When the first of this turn was parsed; undefined before. */
  #begunMs: number | undefined
  #isTurnPlanned = false
  /** Which of the three orders the last turn had. */
  #order = 2
  /** Connections that are not read, the oldest first; and those of them that are, in this turn. */
  readonly #resting = new Set<Socket>()
  #resumed: readonly Socket[] = []

  constructor(options: ReadingOptions) {
    this.#options = options
  }

  /** Something of a connection has been parsed, or is parsed next. */
  note(socket: Socket): void {
    this.#planTurn()
    const nowMs = this.#options.nowMs()
    this.#begunMs ??= nowMs
    if (nowMs - this.#begunMs < MAX_TURN_WORK_MS) return
    // Once a turn is enough.
    this.#begunMs = Number.POSITIVE_INFINITY
    for (const other of this.#options.sockets()) {
      if (other === socket || other.isPaused()) continue
      other.pause()
      this.#resting.add(other)
    }
  }

  /** A request's head has been parsed; in chunked coding its body may come in ten thousand pieces at once. */
  noteRequest(request: IncomingMessage): void {
    this.note(request.socket)
    if (request.headers['transfer-encoding'] === undefined) return
    const push = request.push.bind(request)
    request.push = (piece, encoding) => {
      this.note(request.socket)
      return push(piece, encoding)
    }
  }

  #planTurn(): void {
    if (this.#isTurnPlanned) return
    this.#isTurnPlanned = true
    setImmediate(() => this.#nextTurn())
  }

  #nextTurn(): void {
    this.#isTurnPlanned = false
    this.#begunMs = undefined
    // Those that had to rest once more keep their places.
    for (const socket of this.#resumed) if (!socket.isPaused()) this.#resting.delete(socket)
    this.#resumed = []
    if (this.#resting.size === 0) return
    this.#planTurn()
    if (this.#options.isClearing?.() === true) return
    this.#resumed = this.#next()
    for (const socket of this.#resumed) socket.resume()
  }

  /** Those that are read next: the newest, or the best, or those that have rested the longest. */
  #next(): readonly Socket[] {
    const { standing = () => 0 } = this.#options
    const sockets = [...this.#resting]
    this.#order = (this.#order + 1) % 3
    if (this.#order === 0) sockets.reverse().sort((a, b) => standing(a) - standing(b))
    if (this.#order === 1) sockets.sort((a, b) => standing(b) - standing(a))
    return sockets.slice(0, MAX_READ_CONNECTIONS_A_TURN)
  }
}
