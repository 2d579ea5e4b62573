/** HTTP answers by hand: heads and bodies that a script sends piece by piece. */
import type { Script, Visit } from './hostile-server.ts'

/** A head of these lines, after the status. */
export function head(status: string, ...lines: string[]): string {
  return `${[`HTTP/1.1 ${status}`, ...lines].join('\r\n')}\r\n\r\n`
}

/** The head of a good answer, whose body goes on until the connection ends. */
export const OK = head('200 OK', 'content-type: application/json', 'connection: close')

export const CHUNKED = head(
  '200 OK',
  'content-type: application/json',
  'transfer-encoding: chunked',
)

/** A piece of a chunked body. */
export function chunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
}

/** Answers every question with the same bytes, and ends. */
export function always(bytes: string | Buffer): Script {
  return async (visit) => {
    await visit.asked()
    visit.end(bytes)
  }
}

/** Answers every question with this body. */
export function body(text: string | Buffer, ...lines: string[]): Script {
  const sizeBytes = Buffer.byteLength(text)
  const start = head('200 OK', 'content-type: application/json', ...lines)
  return always(
    Buffer.concat([
      Buffer.from(start.replace('\r\n\r\n', `\r\ncontent-length: ${sizeBytes}\r\n\r\n`)),
      Buffer.from(text),
    ]),
  )
}

/** Answers, and then stays there without a word. */
export function andStays(bytes: string | Buffer): Script {
  return async (visit) => {
    await visit.asked()
    await visit.send(bytes)
  }
}

/** Begins with some bytes, and then sends others for ever. */
export function endless(start: string, again: string | ((visit: Visit) => string)): Script {
  return async (visit) => {
    await visit.asked()
    await visit.send(start)
    await visit.flood(typeof again === 'string' ? again : again(visit))
  }
}
