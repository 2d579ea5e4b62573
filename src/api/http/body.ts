/**
 * JSON at the edge: a body is read once, losslessly. Validators see its plain view as `body`; the
 * routes use the lossless value, in which `10.0` is still `10.0`.
 */
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { TurnBudget } from '../../adapters/live/turn-budget.ts'
import { CallerGone } from '../../adapters/live/waiting-requests.ts'
import { Utf8Reader } from '../../adapters/net/utf8.ts'
import { type Json, parseJson, plainJson } from '../../core/json/json.ts'
import { MAX_BODY_BYTES, MAX_BODY_PIECES, MAX_BODY_VALUES } from '../../core/limits.ts'
import { printable } from '../../core/printable.ts'
import { ApiError } from './problems.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as it was written; null where there is none. */
    lossless: Json
  }
}

/** Makes `application/json` the one kind of body. */
export function acceptJson(app: FastifyInstance): void {
  // A turn of their own kind: who sends none does not wait behind many long ones.
  const budget = new TurnBudget()
  const utf8 = new Utf8Reader()
  app.decorateRequest('lossless', null)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', (request, payload, done) => {
    const { 'content-encoding': encoding = 'identity' } = request.headers
    if (encoding !== 'identity') return done(compressed(encoding))
    readBody(payload, (error, bytes) => {
      if (error !== null) return done(error)
      budget.run(() => {
        if (payload.socket.destroyed) return done(new CallerGone())
        try {
          request.lossless = parseJson(utf8.read(bytes), { maxValues: MAX_BODY_VALUES })
        } catch (cause) {
          return done(cause instanceof Error ? cause : new Error(String(cause)))
        }
        done(null, plainJson(request.lossless))
      })
    })
  })
}

/**
 * Reads a body into one buffer. In chunked coding each byte may come as a chunk of its own (RFC 9112,
 * section 7.1), and Node.js makes an object of each: kept until the end, a body of 64 KiB would take
 * 10 MB. So pieces are copied at once, and there may be so many.
 */
function readBody(
  payload: IncomingMessage,
  done: (error: ApiError | null, bytes: Uint8Array) => void,
): void {
  const said = Number(payload.headers['content-length'] ?? 0)
  let bytes: Uint8Array = Buffer.allocUnsafe(said <= MAX_BODY_BYTES ? said : 0)
  let length = 0
  let pieces = 0
  const take = (piece: Uint8Array) => {
    const end = length + piece.length
    if (end > MAX_BODY_BYTES) return finish(tooLarge())
    if (++pieces > MAX_BODY_PIECES) return finish(tooManyPieces())
    if (end > bytes.length) {
      const larger = Buffer.allocUnsafe(Math.min(Math.max(2 * bytes.length, end), MAX_BODY_BYTES))
      larger.set(bytes.subarray(0, length))
      bytes = larger
    }
    bytes.set(piece, length)
    length = end
  }
  const end = () => finish(null)
  const broke = ({ message }: Error) => finish(new ApiError('bad-request', message, LAST))
  const finish = (error: ApiError | null) => {
    payload.off('data', take).off('end', end).off('error', broke)
    done(error, bytes.subarray(0, length))
  }
  if (said > MAX_BODY_BYTES) finish(tooLarge())
  else payload.on('data', take).once('end', end).once('error', broke)
}

/** What comes after it is not read, so the connection ends with the response. */
const LAST = { headers: { connection: 'close' } }

function compressed(encoding: string): ApiError {
  const detail = `the body must not be compressed (content-encoding: ${printable(encoding.slice(0, 40))})`
  return new ApiError('unsupported-media-type', detail, LAST)
}

function tooLarge(): ApiError {
  const detail = `the body is larger than the limit of ${MAX_BODY_BYTES} bytes`
  return new ApiError('body-too-large', detail, LAST)
}

function tooManyPieces(): ApiError {
  const detail = `the body comes in more than ${MAX_BODY_PIECES} pieces: send larger chunks`
  return new ApiError('bad-request', detail, LAST)
}
