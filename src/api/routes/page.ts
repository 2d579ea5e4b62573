/**
 * The page: at `/` for browsers, with its files below `/page/`. It runs under a policy that lets it
 * load its own scripts, compile the proof-of-work kernel and ask this node; nothing else.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../http/app-type.ts'
import { protectiveHeaders, STRICT_POLICY } from '../http/headers.ts'
import { type Page, type PageFile, takesGzip } from '../http/page-files.ts'

export const PAGE_POLICY = {
  ...STRICT_POLICY,
  'script-src': ["'self'", "'wasm-unsafe-eval'"],
  'style-src': ["'self'"],
  'img-src': ["'self'"],
  'connect-src': ["'self'"],
  'worker-src': ["'self'"],
}

const FOR_EVER = 'public, max-age=31536000, immutable'
const ASK_AGAIN = 'no-cache'

/** What all files of the page are sent with: a worker's script has a policy of its own. */
const HEADERS = protectiveHeaders(PAGE_POLICY)

export function pageRoutes(app: App, page: Page): void {
  for (const [address, file] of page.assets) {
    app.get(`/page/${address}`, { schema: { hide: true } }, async (request, reply) =>
      sendFile(request, reply, file),
    )
  }
}

export function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  { type, bytes, gzipped, isImmutable }: PageFile,
): FastifyReply {
  reply.headers(HEADERS).type(type)
  reply.header('cache-control', isImmutable ? FOR_EVER : ASK_AGAIN)
  if (gzipped === undefined) return reply.send(bytes)
  reply.header('vary', 'accept, accept-encoding')
  return takesGzip(request)
    ? reply.header('content-encoding', 'gzip').send(gzipped)
    : reply.send(bytes)
}
