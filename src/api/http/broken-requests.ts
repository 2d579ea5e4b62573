/**
 * What is not even HTTP (RFC 9112) is answered on the bare socket, as a problem like every other.
 * Invariant: never before the requests that came whole before it on the same connection have their
 * answers, or a payment that was taken would seem to be refused.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { makeProblem, type Problem } from './problems.ts'

/** A client that sends its request slower than this is cut off. */
export const REQUEST_TIMEOUT_MS = 30_000

type Answer = ServerResponse<IncomingMessage>

/** The newest answers of a connection; that a newer one began means that the older one's request is whole. */
interface Answers {
  older: Answer | undefined
  newest: Answer
}

export class BrokenRequests {
  readonly #answers = new WeakMap<object, Answers>()

  /** Remembers which answers each connection still waits for; and who takes the node for a proxy is told. */
  watch(server: Server): void {
    server.on('connect', ({ socket }) => this.#answerLast(NO_PROXY, socket))
    server.on('request', (request, response) => {
      const answers = this.#answers.get(request.socket)
      if (answers === undefined) {
        this.#answers.set(request.socket, { older: undefined, newest: response })
      } else {
        answers.older = answers.newest
        answers.newest = response
      }
    })
  }

  /** Node.js's `clientError`. */
  answer(error: Error & { code?: string }, socket: Socket): void {
    if (error.code !== 'ECONNRESET') this.#answerLast(problemOf(error), socket)
  }

  #answerLast(problem: Problem, socket: Socket): void {
    const owed = this.#owedOn(socket)
    if (owed === undefined) send(problem, socket)
    else owed.once('close', () => send(problem, socket))
  }

  /** The last answer to a whole request, if it has not gone out yet; those before it go out first. */
  #owedOn(socket: Socket): Answer | undefined {
    const { older, newest } = this.#answers.get(socket) ?? {}
    const last = newest?.req.complete === true ? newest : older
    return last?.closed === false ? last : undefined
  }
}

const NO_PROXY = makeProblem(
  'method-not-allowed',
  'this is a node and no proxy: it serves no CONNECT',
)

function send(answer: Problem, socket: Socket): void {
  if (!socket.writable) return
  const body = JSON.stringify(answer)
  socket.end(
    `HTTP/1.1 ${answer.status} ${answer.title}\r\ncontent-type: application/problem+json\r\n` +
      `x-content-type-options: nosniff\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}

function problemOf({ code, message }: Error & { code?: string }): Problem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return makeProblem('headers-too-large', 'the headers are larger than the limit')
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return makeProblem(
        'request-timeout',
        `the request took longer than ${REQUEST_TIMEOUT_MS / 1000} s`,
      )
    default:
      return makeProblem('bad-request', `the request is not well-formed HTTP: ${message}`)
  }
}
