/**
 * The event stream (`/events`, server-sent events of the HTML standard): blocks, reorganisations,
 * transactions, each after it is durable. The last events are kept once for all listeners, ready to be
 * sent, and each listener is only a place in them: a slow one costs nothing and, too far behind, hears of
 * a gap.
 */
import { once } from 'node:events'
import type { FastifyReply } from 'fastify'
import type { LiveNode } from '../../adapters/live/live-node.ts'
import { Places } from '../../adapters/live/places.ts'
import { assertNever } from '../../core/errors.ts'
import {
  LEAST_IDLE_MS,
  MAX_EVENT_BATCH_BYTES,
  MAX_EVENT_SUBSCRIBERS,
  MAX_KEPT_EVENT_BYTES,
  MAX_KEPT_EVENTS,
} from '../../core/limits.ts'
import type { NodeEvent } from '../../node/messages.ts'
import type { App } from '../http/app-type.ts'
import { ApiError } from '../http/problems.ts'
import { type Pace, readerOf } from '../http/stream.ts'
import { HASH_EXAMPLE } from '../schemas/block.ts'
import { EventHeaders } from '../schemas/node.ts'
import { problems } from '../schemas/responses.ts'

export interface EventLimits {
  readonly events: number
  readonly bytes: number
  /** What one listener gets at once, unless a single event has more. */
  readonly batchBytes: number
}

const LIMITS: EventLimits = {
  events: MAX_KEPT_EVENTS,
  bytes: MAX_KEPT_EVENT_BYTES,
  batchBytes: MAX_EVENT_BATCH_BYTES,
}

export class EventLog {
  /** Tells this run's event numbers from another's. */
  readonly #run: string
  readonly #limits: EventLimits
  /** Events as they go out, made once for all listeners. */
  readonly #kept: Buffer[] = []
  #keptBytes = 0
  /** The number of the newest event, from 1. */
  #newest = 0
  readonly #sleepers = new Set<() => void>()

  constructor(run: string, limits: Partial<EventLimits> = {}) {
    this.#run = run
    this.#limits = { ...LIMITS, ...limits }
  }

  add(event: NodeEvent): void {
    this.#newest++
    const bytes = this.#frame(event.type, eventData(event))
    this.#kept.push(bytes)
    this.#keptBytes += bytes.length
    while (this.#kept.length > this.#limits.events || this.#keptBytes > this.#limits.bytes) {
      this.#keptBytes -= this.#kept.shift()?.length ?? 0
    }
    for (const wake of this.#sleepers) wake()
    this.#sleepers.clear()
  }

  /**
   * Where a listener stands: after the event with this id, or at the present without one.
   * Before everything that is kept (-1) if the id is another run's or no id at all.
   */
  placeAfter(lastId: string | undefined): number {
    if (lastId === undefined) return this.#newest
    const [, run, digits] = /^(.+)-(\d{1,15})$/.exec(lastId) ?? []
    const place = Number(digits)
    return run === this.#run && place <= this.#newest ? place : -1
  }

  /**
   * Events after a place as they come, until the signal aborts: those that are there together, as the
   * bytes of the stream. Whoever has missed one hears of a gap alone, and what is new from then on.
   */
  async *follow(after: number, signal: AbortSignal): AsyncGenerator<readonly Buffer[]> {
    let place = after
    let wake = () => {}
    signal.addEventListener('abort', () => wake(), { once: true })
    while (!signal.aborted) {
      const oldest = this.#newest - this.#kept.length
      if (place < oldest) {
        place = this.#newest
        yield [this.#frame('gap', '{}')]
      } else if (place < this.#newest) {
        const batch = this.#batch(place - oldest)
        place += batch.length
        yield batch
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve
          this.#sleepers.add(resolve)
        })
        this.#sleepers.delete(wake)
      }
    }
  }

  #batch(from: number): readonly Buffer[] {
    let to = from + 1
    let bytes = this.#kept[from]?.length ?? 0
    while (to < this.#kept.length) {
      bytes += this.#kept[to]?.length ?? 0
      if (bytes > this.#limits.batchBytes) break
      to++
    }
    return this.#kept.slice(from, to)
  }

  /** An event with the newest number (HTML standard, 9.2.6). Its data are one line. */
  #frame(event: string, data: string): Buffer {
    return Buffer.from(`id: ${this.#run}-${this.#newest}\nevent: ${event}\ndata: ${data}\n\n`)
  }
}

export function eventRoutes(app: App, node: LiveNode, log: EventLog): void {
  const closing = new AbortController()
  app.addHook('preClose', async () => {
    closing.abort()
    // Whoever is about to write has its turn before this.
    await node.turns.next()
  })
  app.addHook('onReady', async () => {
    const unsubscribe = node.subscribe((event) => log.add(event))
    closing.signal.addEventListener('abort', unsubscribe, { once: true })
  })
  const places = new Places({
    capacity: MAX_EVENT_SUBSCRIBERS,
    leastIdleMs: LEAST_IDLE_MS,
    nowMs: () => performance.now(),
  })
  app.get(
    '/events',
    {
      sse: 'manual',
      exposeHeadRoute: false,
      schema: {
        tags: ['node'],
        summary: 'What happens, as it happens',
        description:
          'Server-sent events `block`, `reorg` and `transaction`, each once it is durable; `hello` at the beginning; `gap` if events were missed (read the chain again). With `Last-Event-ID` the stream goes on after that event. It never ends: try it with `curl -N`.',
        headers: EventHeaders,
        response: {
          200: {
            description: 'The stream',
            content: {
              'text/event-stream': {
                schema: { type: 'string' },
                example: `id: mbd3k2-1\nevent: block\ndata: {"index":2,"hash":"${HASH_EXAMPLE}"}\n\n`,
              },
            },
          },
          ...problems('too-many-subscribers'),
        },
      },
    },
    async (request, reply) => {
      const pace: Pace = { waitingSinceMs: undefined }
      const seat = places.take(readerOf(reply, pace))
      if (seat === undefined) {
        throw new ApiError(
          'too-many-subscribers',
          `${MAX_EVENT_SUBSCRIBERS} programs listen already`,
        )
      }
      const gone = new AbortController()
      reply.raw.once('close', () => {
        seat.release()
        gone.abort()
      })
      const signal = AbortSignal.any([gone.signal, closing.signal])
      const lastId = request.headers['last-event-id']
      // The place is taken before the chain is read, so that nothing falls between the two.
      const place = log.placeAfter(typeof lastId === 'string' ? lastId : undefined)
      const hello = await node.read((reader) => reader.tip())
      const data = JSON.stringify({ id: node.id, index: hello?.index, hash: hello?.hash })
      await reply.sse.send({ event: 'hello', data, retry: 1_000 })
      for await (const batch of log.follow(place, signal)) {
        // A turn each: however many listen, everybody else is answered between two of them.
        await node.turns.next()
        await write(reply, batch, { pace, signal })
      }
    },
  )
}

/** Hands bytes to the socket, and waits while it takes no more. */
async function write(
  { raw }: FastifyReply,
  batch: readonly Buffer[],
  { pace, signal }: { readonly pace: Pace; readonly signal: AbortSignal },
): Promise<void> {
  if (raw.closed) return
  raw.cork()
  for (const bytes of batch) raw.write(bytes)
  raw.uncork()
  if (!raw.writableNeedDrain) return
  pace.waitingSinceMs = performance.now()
  try {
    await once(raw, 'drain', { signal })
  } catch (cause) {
    if (!signal.aborted) throw cause
  }
  pace.waitingSinceMs = undefined
}

function eventData(event: NodeEvent): string {
  switch (event.type) {
    case 'transaction':
      return `{"index":${event.index},"transaction":${event.transaction.text}}`
    case 'block': {
      const { index, hash, parent, timestamp, proof } = event.header
      const previous = parent === undefined ? 'null' : `"${parent}"`
      return `{"index":${index},"hash":"${hash}","previous_hash":${previous},"timestamp":${timestamp},"proof":${proof}}`
    }
    case 'reorg': {
      const place = (header: { index: number; hash: string }) => ({
        index: header.index,
        hash: header.hash,
      })
      return JSON.stringify({
        from: place(event.from),
        to: place(event.to),
        fork: event.fork === undefined ? null : place(event.fork),
        disconnected: event.disconnected,
        connected: event.connected,
        lost: event.lost,
      })
    }
    default:
      return assertNever(event)
  }
}
