/** Transactions: sending one, `/transactions/new`, and what waits for a block, `/transactions`. */
import type { LiveNode } from '../../adapters/live/live-node.ts'
import { STREAM_PAGE } from '../../core/limits.ts'
import { pooledPages, type StoreReader } from '../../node/store/store.ts'
import type { App } from '../http/app-type.ts'
import { askNode, CHANGING, WITH_BODY } from '../http/ask-node.ts'
import { sendLong } from '../http/stream.ts'
import { TRANSACTION_EXAMPLE, Transaction } from '../schemas/block.ts'
import { jsonResponse, problems } from '../schemas/responses.ts'
import { Accepted, Waiting, WaitingQuery } from '../schemas/transactions.ts'

export function transactionRoutes(app: App, node: LiveNode): void {
  sendRoute(app, node)
  waitingRoute(app, node)
}

function sendRoute(app: App, node: LiveNode): void {
  app.post(
    '/transactions/new',
    {
      config: { changes: true },
      schema: {
        tags: ['work'],
        summary: 'Send a transaction',
        description:
          'Adds a payment to the current transactions. The answer means that it is on disk; `index` is the block that will hold it. The amount is kept as written.',
        security: [{ token: [] }],
        body: Transaction,
        response: {
          200: jsonResponse('Accepted', Accepted, {
            message: 'Transaction will be added to block at index 2',
            index: 2,
          }),
          ...problems(
            ...WITH_BODY,
            'bad-sender',
            'bad-recipient',
            'bad-amount',
            'bad-transaction-keys',
            'mempool-full',
            ...CHANGING,
          ),
        },
      },
    },
    async (request, reply) => {
      const transaction = request.lossless
      const answer = await askNode(node, { type: 'submit-transaction', transaction }, reply)
      if (answer.type !== 'transaction') return reply
      const { index } = answer
      const message = `Transaction will be added to block at index ${index}`
      return reply.type('application/json').send(JSON.stringify({ message, index }))
    },
  )
}

function waitingRoute(app: App, node: LiveNode): void {
  app.get(
    '/transactions',
    {
      schema: {
        tags: ['work'],
        summary: 'The current transactions',
        description:
          'Those that wait for a block, in the order in which blocks will take them. Streamed. With `limit` only the first come; `length` stays the number of all.',
        querystring: WaitingQuery,
        response: {
          200: jsonResponse('What waits', Waiting, {
            transactions: [TRANSACTION_EXAMPLE],
            length: 1,
          }),
          ...problems('invalid-request', 'too-many-streams', 'store-failed'),
        },
      },
    },
    async (request, reply) => {
      const { limit = Number.MAX_SAFE_INTEGER } = request.query
      return sendLong(reply, node, (reader) => ({
        before: '{"transactions": [',
        pages: waitingPages(reader, limit),
        after: (count) =>
          `], "length": ${count < limit ? count : Math.max(count, node.currentTransactionCount)}}`,
      }))
    },
  )
}

/** Texts of the first current transactions, in order. */
function* waitingPages(reader: StoreReader, limit: number) {
  let left = limit
  for (const page of pooledPages(reader, STREAM_PAGE)) {
    yield page.slice(0, left).map(({ text }) => text)
    left -= page.length
    if (left <= 0) return
  }
}
