/**
 * Searching the active chain for a party: `/payments`, newest first, a page at a time. A page goes
 * on before a place in the chain and not after a number of payments, so each costs the same,
 * however many came before, and new blocks move nothing from one page to another.
 */
import { Lane } from '../../adapters/live/lane.ts'
import type { LiveNode } from '../../adapters/live/live-node.ts'
import type { Consensus } from '../../core/consensus.ts'
import {
  MAX_PAGE_BYTES,
  MAX_PAYMENTS_LISTED,
  PAYMENTS_LISTED,
  STREAM_PAGE,
} from '../../core/limits.ts'
import { type PlacedTransaction, paymentsIn } from '../../node/store/party-history.ts'
import type { StoreReader } from '../../node/store/store.ts'
import type { App } from '../http/app-type.ts'
import { ApiError } from '../http/problems.ts'
import { nextTurn, readerOf } from '../http/stream.ts'
import { HASH_EXAMPLE, TRANSACTION_EXAMPLE } from '../schemas/block.ts'
import { Payments, PaymentsQuery } from '../schemas/payments.ts'
import { jsonResponse, problems } from '../schemas/responses.ts'

/** Before a block, and with a position that is not 0 also before that position in the block itself. */
interface Place {
  readonly before: number
  readonly position: number
}

interface Search extends Place {
  readonly party: string
  readonly limit: number
}

interface Page {
  readonly payments: readonly PlacedTransaction[]
  /** Where the next one goes on. */
  readonly next: Place | undefined
}

/** Searches at once: each may hold a large block's text. */
const SEARCHES = 4

export function paymentsRoute(app: App, node: LiveNode): void {
  const lane = new Lane(SEARCHES)
  app.get(
    '/payments',
    {
      schema: {
        tags: ['chain'],
        summary: 'Payments of a party',
        description: `What a sender or recipient pays and is paid on the active chain, newest first, each \`transaction\` as it is stored. \`next\` goes into the next query; a page may have fewer than \`limit\` (at most ${MAX_PAYMENTS_LISTED}) where blocks are large, and is the last where \`next\` is null.`,
        querystring: PaymentsQuery,
        response: {
          200: jsonResponse('The payments, last first', Payments, {
            payments: [
              {
                index: 2,
                hash: HASH_EXAMPLE,
                position: 0,
                transaction: TRANSACTION_EXAMPLE,
              },
            ],
            next: { before: 2, position: 0 },
          }),
          ...problems(
            'invalid-request',
            'too-many-streams',
            'store-failed',
            'store-damaged',
            'shutting-down',
          ),
        },
      },
    },
    async (request, reply) => {
      const { before, position } = request.query
      if (before === undefined && position !== undefined) throw positionOfNoBlock()
      return lane.run(async () => {
        const rest = () => nextTurn(node, reply)
        await rest()
        const { reader, close } = await node.snapshot(readerOf(reply))
        try {
          const defaults = { before: Number.MAX_SAFE_INTEGER, position: 0, limit: PAYMENTS_LISTED }
          const source = { reader, rules: node.spec.rules }
          const page = await findPage(source, { ...defaults, ...request.query }, rest)
          return reply.type('application/json').send(pageText(page))
        } finally {
          close()
        }
      })
    },
  )
}

function positionOfNoBlock(): ApiError {
  const error = { field: 'before', detail: 'is missing; position is a place in that block' }
  return new ApiError('invalid-request', `${error.field}: ${error.detail}`, { errors: [error] })
}

/**
 * A page of what is searched for: at most `limit` payments of blocks that have MAX_PAGE_BYTES
 * together, unless a single one has more. Others have a turn of the event loop between blocks.
 */
async function findPage(
  source: { reader: StoreReader; rules: Consensus },
  { party, before, position, limit }: Search,
  nextTurn: () => Promise<void>,
): Promise<Page> {
  const payments: PlacedTransaction[] = []
  const below = position === 0 ? before : before + 1
  let bytes = 0
  let steps = 0
  for (const header of source.reader.blocksWith(party, below)) {
    if (++steps % STREAM_PAGE === 0) await nextTurn()
    if (header === undefined) continue
    const { index, sizeBytes } = header
    if (payments.length === limit || (bytes > 0 && bytes + sizeBytes > MAX_PAGE_BYTES)) {
      return { payments, next: { before: index + 1, position: 0 } }
    }
    bytes += sizeBytes
    for (const payment of await inTurns(paymentsIn(header, party, source), nextTurn)) {
      if (index === before && payment.position >= position) continue
      const last = payments.at(-1)
      if (last !== undefined && payments.length === limit) {
        return { payments, next: { before: index, position: last.position } }
      }
      payments.push(payment)
    }
    await nextTurn()
  }
  return { payments, next: undefined }
}

/** Runs work that rests now and then to its end. */
async function inTurns<T>(
  work: Generator<undefined, T>,
  nextTurn: () => Promise<void>,
): Promise<T> {
  for (;;) {
    const { done, value } = work.next()
    if (done === true) return value
    await nextTurn()
  }
}

function pageText({ payments, next }: Page): string {
  const texts = payments.map(({ header: { index, hash }, position, transaction: { text } }) => {
    return `{"index": ${index}, "hash": "${hash}", "position": ${position}, "transaction": ${text}}`
  })
  return `{"payments": [${texts.join(', ')}], "next": ${JSON.stringify(next ?? null)}}`
}
