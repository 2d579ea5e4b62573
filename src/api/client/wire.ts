/**
 * One request to a node and its answer, over `fetch`: its headers, its refusals as errors, and the
 * lossless reader. What there is to ask is in client.ts.
 */
import { type Json, parseJson } from '../../core/json/json.ts'
import { MAX_RESPONSE_BYTES } from '../../core/limits.ts'
import { asObject, asString, NodeUnreachable } from './responses.ts'

/** The node refused: its problem document (RFC 9457), or what came in its place. */
export class NodeRefusal extends Error {
  override readonly name = 'NodeRefusal'
  readonly status: number
  /** The problem's stable code; empty where the answer was none of ours. */
  readonly code: string

  constructor(status: number, code: string, detail: string) {
    super(detail)
    this.status = status
    this.code = code
  }
}

export interface ClientOptions {
  readonly token?: string | undefined
  readonly fetch?: typeof fetch
  /** Smaller than MAX_RESPONSE_BYTES. */
  readonly maxResponseBytes?: number
}

export class NodeWire {
  readonly #base: string
  readonly #token: string | undefined
  readonly #fetch: typeof fetch
  readonly #maxBytes: number

  constructor(base: string, options: ClientOptions) {
    const { token, fetch: ownFetch = fetch, maxResponseBytes = MAX_RESPONSE_BYTES } = options
    if (!/^https?:\/\/[^/]/i.test(base)) {
      throw new TypeError(
        `expected the URL of a node, such as http://127.0.0.1:5000, got "${base}"`,
      )
    }
    this.#base = base.replace(/\/+$/, '')
    this.#token = token
    this.#fetch = ownFetch
    this.#maxBytes = maxResponseBytes
  }

  /** @throws NodeRefusal, NodeUnreachable; the signal's reason if it aborts */
  async json(path: string, init: RequestInit = {}): Promise<Json> {
    return readJson(await this.text(path, init))
  }

  /** The answer as it came. @throws NodeRefusal, NodeUnreachable; the signal's reason if it aborts */
  async text(path: string, init: RequestInit = {}): Promise<string> {
    const headers = new Headers({ accept: 'application/json', 'x-toychain': '1' })
    if (init.body !== undefined) headers.set('content-type', 'application/json')
    if (this.#token !== undefined) headers.set('authorization', `Bearer ${this.#token}`)
    let response: Response
    let text: string
    // As a function of its own: browsers refuse to run their fetch as another object's method.
    const ask = this.#fetch
    try {
      response = await ask(this.#base + path, { ...init, headers })
      text = await textOf(response, this.#maxBytes)
    } catch (cause) {
      if (init.signal?.aborted === true || cause instanceof NodeUnreachable) throw cause
      throw new NodeUnreachable(`no node answers at ${this.#base} (${reasonOf(cause)})`, { cause })
    }
    if (!response.ok) throw refusal(response, text)
    return text
  }
}

/** A whole body, if it has no more than so many bytes. @throws NodeUnreachable */
async function textOf(response: Response, maxBytes: number): Promise<string> {
  if (response.body === null) return ''
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    bytes += value.length
    if (bytes > maxBytes) {
      await reader.cancel()
      throw new NodeUnreachable(`what answers sent more than ${maxBytes} bytes`)
    }
    text += decoder.decode(value, { stream: true })
  }
}

/** What the system said, which fetch wraps. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  if (cause.cause !== undefined) return reasonOf(cause.cause)
  return 'code' in cause ? String(cause.code) : cause.message
}

function readJson(text: string): Json {
  try {
    return parseJson(text)
  } catch (cause) {
    throw new NodeUnreachable('what answers is not a toychain node: expected JSON', { cause })
  }
}

function refusal(response: Response, text: string): NodeRefusal {
  if (response.headers.get('content-type')?.startsWith('application/problem+json') !== true) {
    return new NodeRefusal(
      response.status,
      '',
      `answer ${response.status} is not a toychain node's`,
    )
  }
  const problem = asObject(readJson(text))
  const [code, detail] = [asString(problem.get('code')), asString(problem.get('detail'))]
  return new NodeRefusal(response.status, code, detail)
}
