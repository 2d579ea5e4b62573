/**
 * Long JSON answers in bounded memory: a page of texts at a time from one snapshot, with a turn of
 * the event loop between pages, so that nobody else waits for a reader of a long chain.
 */
import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'
import type { LiveNode } from '../adapters/live-node.ts'
import { MAX_STREAM_MS } from '../core/limits.ts'
import type { Snapshot, StoreReader } from '../node/ports.ts'

export interface LongAnswer {
  readonly before: string
  /** The array's items as texts, a page at a time, none of them empty; read as they are sent. */
  readonly pages: Iterator<readonly string[]>
  /** What closes the answer, given how many items came. */
  readonly after: (count: number) => string
}

/**
 * Sends a JSON answer with an array in it, read from one snapshot. What fits into one page is sent at
 * once. The snapshot is closed when the answer is sent, when the reader goes away, or when that takes
 * too long: an open one keeps the store from reclaiming space.
 * @throws StoreError, UnavailableError
 */
export async function sendLong(
  reply: FastifyReply,
  node: LiveNode,
  compose: (reader: StoreReader) => LongAnswer,
): Promise<FastifyReply> {
  const snapshot = await node.snapshot()
  try {
    reply.type('application/json')
    const answer = compose(snapshot)
    const [first, second] = [nextPage(answer.pages), nextPage(answer.pages)]
    const isHead = reply.request.method === 'HEAD'
    if (second.length > 0 && !isHead) {
      return sendPieces(reply, inPieces(answer, first, second), snapshot)
    }
    snapshot.close()
    if (isHead) return reply.send(Readable.from([]))
    return reply.send(answer.before + first.join(', ') + answer.after(first.length))
  } catch (error) {
    snapshot.close()
    throw error
  }
}

function sendPieces(
  reply: FastifyReply,
  pieces: AsyncGenerator<string>,
  snapshot: Snapshot,
): FastifyReply {
  const stream = Readable.from(pieces, { objectMode: false })
  const timer = setTimeout(() => {
    stream.destroy(new Error(`the answer was not read within ${MAX_STREAM_MS / 1000} s`))
  }, MAX_STREAM_MS)
  stream.once('close', () => {
    clearTimeout(timer)
    snapshot.close()
  })
  return reply.send(stream)
}

async function* inPieces(
  { before, pages, after }: LongAnswer,
  first: readonly string[],
  second: readonly string[],
): AsyncGenerator<string> {
  yield before + first.join(', ')
  let count = first.length
  for (let page = second; page.length > 0; page = nextPage(pages)) {
    await nextTurn()
    yield `, ${page.join(', ')}`
    count += page.length
  }
  yield after(count)
}

/** The next page; an empty one at the end. */
function nextPage(pages: Iterator<readonly string[]>): readonly string[] {
  const { done, value } = pages.next()
  return done === true ? [] : value
}
