/** Requests as bytes on one connection, one behind the other, and the answers taken apart again. */
import { exchange } from '../api/raw-http.ts'

export interface WireAnswer {
  readonly status: number
  readonly type: string
  readonly body: string
}

/** A request of these lines and this body, its length said. */
export function requestBytes(
  lines: readonly (string | Buffer)[],
  body: Buffer = Buffer.alloc(0),
): Buffer {
  const all = [...lines, `Content-Length: ${body.length}`]
  const head = all.flatMap((line) => [Buffer.from(line), Buffer.from('\r\n')])
  return Buffer.concat([...head, Buffer.from('\r\n'), body])
}

/**
 * Sends requests together over as many connections as it takes: what is not HTTP ends a connection,
 * and the requests behind it go over the next. Each gets its answer; none for a bare close.
 */
export async function askTogether(
  base: string,
  requests: readonly Buffer[],
): Promise<readonly (WireAnswer | undefined)[]> {
  const goodbye = requestBytes(['GET /health HTTP/1.1', 'Host: localhost', 'Connection: close'])
  const answers: (WireAnswer | undefined)[] = []
  while (answers.length < requests.length) {
    const rest = requests.slice(answers.length)
    const came = answersIn(await exchange(base, Buffer.concat([...rest, goodbye])))
    if (came.length > rest.length) answers.push(...came.slice(0, rest.length))
    else answers.push(...came, ...(came.at(-1)?.status === 400 ? [] : [undefined]))
  }
  return answers
}

/** The answers in all that a server sent; each says its length or comes in chunks. */
export function answersIn(text: string): WireAnswer[] {
  const answers: WireAnswer[] = []
  // Lengths count bytes.
  let rest = Buffer.from(text)
  while (rest.length > 0) {
    const end = rest.indexOf('\r\n\r\n')
    const head = rest.toString('latin1', 0, end)
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? Number.NaN)
    const type = /^content-type: (.*)$/im.exec(head)?.[1] ?? ''
    if (end < 0 || Number.isNaN(status)) throw new Error(`not an answer: ${text.slice(0, 200)}`)
    const length = /^content-length: (\d+)$/im.exec(head)?.[1]
    const after = rest.subarray(end + 4)
    const { body, sizeBytes } =
      length === undefined ? unchunked(after) : whole(after, Number(length))
    answers.push({ status, type, body: body.toString('utf8') })
    rest = after.subarray(sizeBytes)
  }
  return answers
}

interface Body {
  readonly body: Buffer
  /** What it takes on the wire. */
  readonly sizeBytes: number
}

function whole(bytes: Buffer, length: number): Body {
  return { body: bytes.subarray(0, length), sizeBytes: length }
}

/** RFC 9112, section 7.1. */
function unchunked(bytes: Buffer): Body {
  const chunks: Buffer[] = []
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at)
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    if (lineEnd < 0 || Number.isNaN(size)) throw new Error('not an answer in chunks')
    const begin = lineEnd + 2
    chunks.push(bytes.subarray(begin, begin + size))
    at = begin + size + 2
    if (size === 0) return { body: Buffer.concat(chunks), sizeBytes: at }
  }
}
