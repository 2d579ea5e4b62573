/**
 * JSON at the edge: a body is read once, losslessly. Validators see its plain view as `body`; the
 * routes use the lossless value, in which `10.0` is still `10.0`.
 */
import type { FastifyInstance } from 'fastify'
import { Utf8Reader } from '../../adapters/net/utf8.ts'
import { type Json, parseJson, plainJson } from '../../core/json/json.ts'
import { MAX_BODY_BYTES } from '../../core/limits.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as it was written; null where there is none. */
    lossless: Json
  }
}

/** Makes `application/json` the one kind of body. */
export function acceptJson(app: FastifyInstance): void {
  const utf8 = new Utf8Reader()
  app.decorateRequest('lossless', null)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer', bodyLimit: MAX_BODY_BYTES },
    (request, bytes, done) => {
      try {
        request.lossless = parseJson(utf8.read(bytes))
        done(null, plainJson(request.lossless))
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)))
      }
    },
  )
}
