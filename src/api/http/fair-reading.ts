/**
 * Reading of many connections in turns. Where a thousand of them become readable at the same moment, Node.js reads
 * and parses up to 64 KiB of each before anything else is heard, in requests that are made at once. So when a
 * turn of the event loop has parsed for its time, the others are not read before the next ones.
 */
import type { Socket } from 'node:net'
import { MAX_TURN_WORK_MS } from '../../core/limits.ts'

/** That are read again in a turn, where many rest: each may have 64 KiB of requests. */
export const CONNECTIONS_A_TURN = 4

export class FairReading {
  readonly #sockets: () => Iterable<Socket>
  readonly #nowMs: () => number
  /** When the first request of this turn came; undefined before. */
  #begunMs: number | undefined
  /** Those that are not read, in the order in which they are to be. */
  readonly #resting = new Set<Socket>()

  /** @param sockets all that there are */
  constructor(sockets: () => Iterable<Socket>, nowMs: () => number) {
    this.#sockets = sockets
    this.#nowMs = nowMs
  }

  /** A request of a connection has been parsed. */
  note(socket: Socket): void {
    if (this.#begunMs === undefined) {
      this.#begunMs = this.#nowMs()
      if (this.#resting.size === 0) setImmediate(() => this.#nextTurn())
      return
    }
    if (this.#resting.size > 0 || this.#nowMs() - this.#begunMs < MAX_TURN_WORK_MS) return
    for (const other of this.#sockets()) {
      if (other === socket || other.isPaused()) continue
      other.pause()
      this.#resting.add(other)
    }
  }

  #nextTurn(): void {
    this.#begunMs = undefined
    let left = CONNECTIONS_A_TURN
    for (const socket of this.#resting) {
      if (left-- === 0) break
      this.#resting.delete(socket)
      socket.resume()
    }
    if (this.#resting.size > 0) setImmediate(() => this.#nextTurn())
  }
}
