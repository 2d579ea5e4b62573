/**
 * Long JSON answers in bounded memory: a page of texts at a time from one snapshot, in fair turns with all
 * other long answers, so that nobody waits for a reader of a long chain.
 */
import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import type { LiveNode } from '../../adapters/live/live-node.ts'
import type { Holder } from '../../adapters/live/places.ts'
import { CallerGone } from '../../adapters/live/waiting-requests.ts'
import { MAX_STREAM_MS } from '../../core/limits.ts'
import type { StoreReader, Text } from '../../node/store/store.ts'

/** Below this an answer is put together and sent at once, if nothing more comes. */
const SHORT_CHARS = 65_536

export interface LongAnswer {
  readonly before: string
  /** The array's items, a page at a time, none empty; read as they are sent. */
  readonly pages: Iterator<readonly Text[]>
  /** What closes the answer, given how many items came. */
  readonly after: (count: number) => string
}

/**
 * Sends a JSON answer with an array in it, read from one snapshot. What fits into one page is sent at
 * once. A reader that takes too long is cut off, as it holds memory, and an open snapshot keeps the store
 * from reclaiming space; one that takes nothing gives its place to others.
 * @throws StoreError, UnavailableError
 */
export async function sendLong(
  reply: FastifyReply,
  node: LiveNode,
  compose: (reader: StoreReader) => LongAnswer,
): Promise<FastifyReply> {
  const pace: Pace = { waitingSinceMs: undefined }
  const { reader, close } = await node.snapshot(readerOf(reply, pace))
  try {
    const answer = compose(reader)
    await nextTurn(node, reply)
    const first = nextPage(answer.pages)
    // What is short may be all of it; a long page is sent on its way without a look at the next.
    const second = lengthOf(first) < SHORT_CHARS ? nextPage(answer.pages) : undefined
    cutOffWhenSlow(reply)
    reply.type('application/json')
    if (reply.request.method === 'HEAD') {
      close()
      return reply.send(Readable.from([]))
    }
    if (second?.length === 0) {
      close()
      return reply.send(bytesOf([answer.before, ...listed(first), answer.after(first.length)]))
    }
    const known = second === undefined ? [first] : [first, second]
    const pieces = streamOf(new Pieces(answer, known), node, pace)
    // A connection that is gone before the first piece never closes the stream of pieces.
    if (reply.raw.closed) pieces.destroy()
    return reply.send(pieces.once('close', close))
  } catch (error) {
    close()
    throw error
  }
}

/**
 * The next turn of a caller's work among all others'; the work ends where the caller has left.
 * @throws CallerGone
 */
export async function nextTurn(node: LiveNode, reply: FastifyReply): Promise<void> {
  await node.turns.next()
  if (reply.raw.closed) throw new CallerGone()
}

/** How a reader keeps up. */
export interface Pace {
  /** Since when something waits to be read; undefined while the next piece is made. */
  waitingSinceMs: number | undefined
}

/** Who reads an answer, as it stands among others who want to. */
export function readerOf(reply: FastifyReply, pace?: Pace): Holder {
  return {
    address: reply.request.ip,
    isKnown: reply.request.hasToken,
    idleMs: (nowMs) => (pace?.waitingSinceMs === undefined ? 0 : nowMs - pace.waitingSinceMs),
    giveWay: () => reply.raw.destroy(),
  }
}

function cutOffWhenSlow({ raw }: FastifyReply): void {
  const timer = setTimeout(() => raw.destroy(), MAX_STREAM_MS).unref()
  raw.once('close', () => clearTimeout(timer))
}

/** A stream that makes a piece when it is asked for one, and none ahead: an idle reader holds one. */
function streamOf(pieces: Pieces, node: LiveNode, pace: Pace): Readable {
  const make = async (stream: Readable): Promise<void> => {
    pace.waitingSinceMs = undefined
    await node.turns.next()
    if (stream.destroyed) return
    pace.waitingSinceMs = performance.now()
    stream.push(pieces.next())
    if (pieces.isDone) stream.push(null)
  }
  return new Readable({
    highWaterMark: 0,
    read() {
      make(this).catch((cause) => this.destroy(cause))
    },
  })
}

/** An answer as bytes, piece by piece. A page is forgotten when its piece has been made. */
class Pieces {
  readonly #answer: LongAnswer
  #known: (readonly Text[])[]
  #count = 0
  #isDone = false

  /** @param known pages that have been read already */
  constructor(answer: LongAnswer, known: (readonly Text[])[]) {
    this.#answer = answer
    this.#known = known
  }

  get isDone(): boolean {
    return this.#isDone
  }

  next(): Buffer {
    const { before, pages, after } = this.#answer
    const page = this.#known.shift() ?? nextPage(pages)
    this.#isDone = page.length === 0
    if (this.#isDone) return Buffer.from(after(this.#count))
    const start = this.#count === 0 ? before : ', '
    this.#count += page.length
    return bytesOf([start, ...listed(page)])
  }
}

/** Items with what stands between them. */
function* listed(texts: readonly Text[]): Generator<Text> {
  for (const [i, text] of texts.entries()) {
    if (i > 0) yield ', '
    yield text
  }
}

/** All of them as bytes, with no text of all in between: a page of large blocks is much to throw away. */
function bytesOf(texts: readonly Text[]): Buffer {
  const size = texts.reduce((bytes, text) => bytes + Buffer.byteLength(text), 0)
  const all = Buffer.allocUnsafeSlow(size)
  let at = 0
  for (const text of texts) {
    if (typeof text === 'string') at += all.write(text, at)
    else {
      all.set(text, at)
      at += text.length
    }
  }
  return all
}

function lengthOf(texts: readonly Text[]): number {
  return texts.reduce((length, text) => length + text.length, 0)
}

/** The next page; an empty one at the end. */
function nextPage(pages: Iterator<readonly Text[]>): readonly Text[] {
  const { done, value } = pages.next()
  return done === true ? [] : value
}
