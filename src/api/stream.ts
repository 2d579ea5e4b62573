/**
 * Long JSON answers in bounded memory: a page of texts at a time from one snapshot, with a turn of
 * the event loop between pages, so that nobody else waits for a reader of a long chain.
 */
import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'
import { MAX_STREAM_MS, STREAM_PAGE } from '../core/limits.ts'
import type { Snapshot } from '../node/ports.ts'

export interface Pages {
  readonly before: string
  /** The texts after the first `after` ones, at most `limit` of them; none at the end. */
  readonly read: (after: number, limit: number) => readonly string[]
  /** What closes the answer, given how many texts came. */
  readonly after: (count: number) => string
}

/** A JSON answer with an array in it, in pieces. */
export async function* pages({ before, read, after }: Pages): AsyncGenerator<string> {
  let count = 0
  let head = before
  for (;;) {
    const page = read(count, STREAM_PAGE)
    if (page.length === 0) break
    yield head + page.join(', ')
    head = ', '
    count += page.length
    await nextTurn()
  }
  yield (count === 0 ? before : '') + after(count)
}

/**
 * Sends the pieces and closes the snapshot when they are sent, when the reader goes away, or when
 * it has taken too long: an open snapshot keeps the store from reclaiming space.
 */
export function sendStream(
  reply: FastifyReply,
  text: AsyncGenerator<string>,
  snapshot: Snapshot,
): FastifyReply {
  reply.type('application/json')
  if (reply.request.method === 'HEAD') {
    snapshot.close()
    return reply.send(Readable.from([]))
  }
  const stream = Readable.from(text, { objectMode: false })
  const timer = setTimeout(() => {
    stream.destroy(new Error(`the answer was not read within ${MAX_STREAM_MS / 1000} s`))
  }, MAX_STREAM_MS)
  stream.once('close', () => {
    clearTimeout(timer)
    snapshot.close()
  })
  return reply.send(stream)
}
