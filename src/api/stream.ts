/**
 * Long JSON answers in bounded memory: a page of texts at a time from one snapshot, with a turn of
 * the event loop between pages, so that nobody else waits for a reader of a long chain.
 */
import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'
import { MAX_STREAM_MS } from '../core/limits.ts'
import type { Snapshot } from '../node/ports.ts'

export interface LongAnswer {
  readonly before: string
  /** The array's items as texts, a page at a time, none of them empty; read as they are sent. */
  readonly pages: Iterator<readonly string[]>
  /** What closes the answer, given how many items came. */
  readonly after: (count: number) => string
}

/**
 * Sends a JSON answer with an array in it, and closes the snapshot when it is sent, when the reader
 * goes away, or when that takes too long: an open snapshot keeps the store from reclaiming space.
 * What fits into one page is sent at once.
 */
export function sendLong(
  reply: FastifyReply,
  answer: LongAnswer,
  snapshot: Snapshot,
): FastifyReply {
  reply.type('application/json')
  if (reply.request.method === 'HEAD') {
    snapshot.close()
    return reply.send(Readable.from([]))
  }
  const [first, second] = firstPages(answer, snapshot)
  if (second.length === 0) {
    snapshot.close()
    return reply.send(answer.before + first.join(', ') + answer.after(first.length))
  }
  const stream = Readable.from(inPieces(answer, first, second), { objectMode: false })
  const timer = setTimeout(() => {
    stream.destroy(new Error(`the answer was not read within ${MAX_STREAM_MS / 1000} s`))
  }, MAX_STREAM_MS)
  stream.once('close', () => {
    clearTimeout(timer)
    snapshot.close()
  })
  return reply.send(stream)
}

function firstPages({ pages }: LongAnswer, snapshot: Snapshot) {
  try {
    return [nextPage(pages), nextPage(pages)] as const
  } catch (error) {
    snapshot.close()
    throw error
  }
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
