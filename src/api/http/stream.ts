/**
 * Long JSON answers in bounded memory: a page of texts at a time from one snapshot, with a turn of
 * the event loop between pages, so that nobody else waits for a reader of a long chain.
 */
import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'
import type { LiveNode } from '../../adapters/live/live-node.ts'
import { MAX_STREAM_MS } from '../../core/limits.ts'
import type { StoreReader } from '../../node/store/store.ts'

export interface LongAnswer {
  readonly before: string
  /** The array's items as texts, a page at a time, none of them empty; read as they are sent. */
  readonly pages: Iterator<readonly string[]>
  /** What closes the answer, given how many items came. */
  readonly after: (count: number) => string
}

/**
 * Sends a JSON answer with an array in it, read from one snapshot. What fits into one page is sent at
 * once. A reader that takes too long is cut off: it holds memory, and an open snapshot keeps the store
 * from reclaiming space.
 * @throws StoreError, UnavailableError
 */
export async function sendLong(
  reply: FastifyReply,
  node: LiveNode,
  compose: (reader: StoreReader) => LongAnswer,
): Promise<FastifyReply> {
  const { reader, close } = await node.snapshot()
  try {
    const answer = compose(reader)
    const [first, second] = [nextPage(answer.pages), nextPage(answer.pages)]
    cutOffWhenSlow(reply)
    reply.type('application/json')
    if (reply.request.method === 'HEAD') {
      close()
      return reply.send(Readable.from([]))
    }
    if (second.length === 0) {
      close()
      return reply.send(answer.before + first.join(', ') + answer.after(first.length))
    }
    const pieces = Readable.from(inPieces(answer, first, second), { objectMode: false })
    return reply.send(pieces.once('close', close))
  } catch (error) {
    close()
    throw error
  }
}

function cutOffWhenSlow({ raw }: FastifyReply): void {
  const timer = setTimeout(() => raw.destroy(), MAX_STREAM_MS).unref()
  raw.once('close', () => clearTimeout(timer))
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
