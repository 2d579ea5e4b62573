/**
 * JSON at the edge: a body is read once, losslessly. Validators see its plain view as `body`; the
 * routes use the lossless value, in which `10.0` is still `10.0`.
 */
import type { FastifyInstance } from 'fastify'
import { DecodeError } from '../core/errors.ts'
import { type Json, parseJson, plainJson } from '../core/json.ts'
import { MAX_BODY_BYTES } from '../core/limits.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as it was written; null where there is none. */
    lossless: Json
  }
}

/** Makes `application/json` the one kind of body. */
export function acceptJson(app: FastifyInstance): void {
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  app.decorateRequest('lossless', null)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer', bodyLimit: MAX_BODY_BYTES },
    (request, bytes, done) => {
      try {
        request.lossless = parseJson(decodeUtf8(utf8, bytes))
        done(null, plainJson(request.lossless))
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)))
      }
    },
  )
}

function decodeUtf8(utf8: TextDecoder, bytes: Buffer): string {
  try {
    return utf8.decode(bytes)
  } catch {
    // The decoder says only that it failed, not where.
    throw new DecodeError('json-syntax', { expected: 'UTF-8' })
  }
}
