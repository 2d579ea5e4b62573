/** Asks the node under judgement over HTTP/1.1, as patiently as a person with curl, and notes what went to and fro. */
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { DecodeError, messageOf } from '../../core/errors.ts'
import { type Json, parseJson } from '../../core/json/json.ts'

/** What came of a request. `status` is undefined where no whole response came; `failure` says why. */
export interface Answer {
  /** Method and path, as one would say it. */
  readonly request: string
  readonly status: number | undefined
  readonly text: string
  /** The body, where it is JSON. */
  readonly json: Json | undefined
  readonly failure: string | undefined
  /** Whether none came in time. */
  readonly isLate: boolean
  readonly ms: number
}

/** One request with its response, for whoever wants to see everything. */
export interface Exchange {
  /** Milliseconds since the judgement began. */
  readonly atMs: number
  readonly ms: number
  readonly method: string
  readonly path: string
  readonly sent: string | undefined
  readonly status: number | undefined
  readonly received: string
  readonly failure: string | undefined
}

/** No judgement is possible; the message says why. */
export class NoJudgement extends Error {
  override readonly name = 'NoJudgement'
}

export interface AskerOptions {
  readonly base: URL
  readonly timeoutMs: number
  /** For everything together. */
  readonly deadlineMs: number
}

/** A redirect leads to the same path with a slash, or to another host name of the same node. */
const MAX_REDIRECTS = 3
const REDIRECTS: readonly (number | undefined)[] = [301, 302, 303, 307, 308]
const MAX_RESPONSE_BYTES = 16 * 1024 * 1024
/** Many small values take a hundred times as much memory as their text. */
const MAX_RESPONSE_VALUES = 500_000
/** What an exchange keeps of a long text. */
const KEPT_CHARS = 16_384

export class Asker {
  readonly exchanges: Exchange[] = []
  readonly #options: AskerOptions
  readonly #begunMs = performance.now()
  /** The quickest answer so far. */
  #paceMs = Number.POSITIVE_INFINITY

  constructor(options: AskerOptions) {
    this.#options = options
  }

  /** How long the node takes for an answer when it is quick. */
  get paceMs(): number {
    return this.#paceMs
  }

  get elapsedMs(): number {
    return performance.now() - this.#begunMs
  }

  get(path: string): Promise<Answer> {
    return this.#ask('GET', path, undefined)
  }

  post(path: string, body: string): Promise<Answer> {
    return this.#ask('POST', path, body)
  }

  /** @throws NoJudgement once the time for everything is over */
  async #ask(method: string, path: string, body: string | undefined): Promise<Answer> {
    const atMs = this.elapsedMs
    const leftMs = this.#options.deadlineMs - atMs
    if (leftMs <= 0) throw this.#late()
    const timeoutMs = Math.min(this.#options.timeoutMs, leftMs)
    const came = await this.#follow(method, path, body, timeoutMs)
    const ms = this.elapsedMs - atMs
    this.#paceMs = Math.min(this.#paceMs, ms)
    this.exchanges.push({
      atMs: Math.round(atMs),
      ms: Math.round(ms),
      method,
      path,
      sent: body?.slice(0, KEPT_CHARS),
      status: came.status,
      received: came.text.slice(0, KEPT_CHARS),
      failure: came.failure,
    })
    if (came.isLate && leftMs <= this.#options.timeoutMs) throw this.#late()
    return { request: `${method} ${path}`, json: jsonIn(came.text), ms, ...came }
  }

  #late(): NoJudgement {
    const seconds = this.#options.deadlineMs / 1000
    return new NoJudgement(
      `the judgement was not finished within ${seconds} s; --deadline SECONDS gives it longer`,
    )
  }

  async #follow(method: string, path: string, body: string | undefined, timeoutMs: number) {
    let url = new URL(path.slice(1), this.#options.base)
    for (let redirects = 0; ; redirects++) {
      const came = await send(url, { method, body, timeoutMs })
      const { location } = came
      if (!REDIRECTS.includes(came.status) || location === undefined) return came
      const next = URL.canParse(location, url) ? new URL(location, url) : undefined
      if (next === undefined || !isSameNode(next, url)) return came
      if (redirects === MAX_REDIRECTS) {
        const failure = `it redirected more than ${MAX_REDIRECTS} times`
        return { status: undefined, text: '', failure, isLate: false, location: undefined }
      }
      next.username = url.username
      next.password = url.password
      url = next
    }
  }
}

interface Came {
  readonly status: number | undefined
  readonly text: string
  readonly failure: string | undefined
  readonly isLate: boolean
  readonly location: string | undefined
}

/** Whether both lead to one node over HTTP; the names of the own machine are one. */
function isSameNode(a: URL, b: URL): boolean {
  const isHere = ({ hostname }: URL) =>
    ['localhost', '127.0.0.1', '[::1]', '0.0.0.0'].includes(hostname)
  if (a.protocol !== b.protocol || a.port !== b.port) return false
  return a.hostname === b.hostname || (isHere(a) && isHere(b))
}

function send(
  url: URL,
  { method, body, timeoutMs }: { method: string; body: string | undefined; timeoutMs: number },
): Promise<Came> {
  return new Promise((resolve) => {
    const failed = (failure: string, isLate = false) =>
      resolve({ status: undefined, text: '', failure, isLate, location: undefined })
    const { username, password } = url
    const request = httpRequest(url, {
      method,
      // Each on a connection of its own: what one answer does to its connection is nobody else's.
      agent: false,
      ...(username === ''
        ? {}
        : { auth: `${decodeURIComponent(username)}:${decodeURIComponent(password)}` }),
      headers: {
        accept: 'application/json',
        connection: 'close',
        'user-agent': 'toychain-check',
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      },
    })
    const timer = setTimeout(() => {
      failed(`no answer within ${Math.round(timeoutMs / 1000)} s`, true)
      request.destroy()
    }, timeoutMs)
    let isAnswered = false
    request.on('close', () => {
      clearTimeout(timer)
      if (!isAnswered) failed('the connection was closed before an answer had come')
    })
    request.on('upgrade', (_response, socket) => {
      // Node.js has let go of it: nobody else would ever close it.
      socket.destroy()
      failed('it answered that it switches to another protocol')
    })
    request.on('error', (cause) => failed(connectionFailure(cause)))
    request.on('response', (response) => {
      isAnswered = true
      read(response).then(
        (text) =>
          resolve({
            status: response.statusCode,
            text,
            failure: undefined,
            isLate: false,
            location: response.headers.location,
          }),
        (cause) => failed(`its answer broke off: ${messageOf(cause)}`),
      )
    })
    request.end(body)
  })
}

async function read(response: IncomingMessage): Promise<string> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of response) {
    bytes += piece.length
    if (bytes > MAX_RESPONSE_BYTES) throw new Error(`more than ${MAX_RESPONSE_BYTES} bytes`)
    pieces.push(piece)
  }
  const text = Buffer.concat(pieces).toString('utf8')
  let values = 0
  for (let i = text.indexOf(','); i >= 0; i = text.indexOf(',', i + 1)) values++
  if (values > MAX_RESPONSE_VALUES) throw new Error(`more than ${MAX_RESPONSE_VALUES} values`)
  return text
}

function connectionFailure(cause: Error): string {
  const first = cause instanceof AggregateError ? cause.errors[0] : cause
  const said = messageOf(first)
  const hint = BROKEN_HTTP.find(([sign]) => said.includes(sign))?.[1]
  return hint === undefined ? said : `${said}: ${hint}`
}

/** What Node.js says of an answer that is no HTTP/1.1, and what it likely is. */
const BROKEN_HTTP: readonly (readonly [sign: string, hint: string])[] = [
  ['Data after', 'more bytes came than Content-Length says: it counts bytes, not characters'],
  ['Missing expected CR', 'lines of the head end with "\\r\\n" in HTTP'],
  ['CR after', 'lines of the head end with "\\r\\n" in HTTP'],
]

function jsonIn(text: string): Json | undefined {
  try {
    return parseJson(text)
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}
