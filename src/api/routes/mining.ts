/** Making blocks: one at a time, `/mine`, or one after another, `/mining`. */
import { availableParallelism } from 'node:os'
import type { LiveNode } from '../../adapters/live/live-node.ts'
import type { Header } from '../../core/block.ts'
import type { StoreReader } from '../../node/store/store.ts'
import type { App } from '../http/app-type.ts'
import { askNode, CHANGING, WITH_BODY } from '../http/ask-node.ts'
import { ApiError } from '../http/problems.ts'
import { sendLong } from '../http/stream.ts'
import { BLOCK_EXAMPLE, HASH_EXAMPLE } from '../schemas/block.ts'
import { Mined, MineQuery, Mining, MiningBody } from '../schemas/mining.ts'
import { jsonResponse, problems } from '../schemas/responses.ts'

const MINING_EXAMPLE = { on: true, threads: 2, rate: 14_300_000, tried: 86_021_563, found: 7 }

export function miningRoutes(app: App, node: LiveNode): void {
  mineRoute(app, node)
  miningRoute(app, node)
  setMiningRoute(app, node)
}

function mineRoute(app: App, node: LiveNode): void {
  app.get(
    '/mine',
    {
      exposeHeadRoute: false,
      config: { changes: true },
      schema: {
        tags: ['work'],
        summary: 'Mine a block, or several',
        description:
          "Searches for the next proof in a thread of its own, makes a block of the current transactions with this node's reward as the last, and answers when it is on disk. Calls that come together each get a block, in turn; hanging up gives the search up, and what was mined until then stays. The search begins at a random proof, so that of nodes at one tip each may be first.",
        security: [{ token: [] }],
        querystring: MineQuery,
        response: {
          200: jsonResponse('The new block', Mined, {
            message: 'New Block Forged',
            ...BLOCK_EXAMPLE,
            hash: HASH_EXAMPLE,
            tries: 35_294,
          }),
          ...problems('mining-queue-full', 'mining-failed', ...CHANGING),
        },
      },
    },
    async (request, reply) => {
      const { recipient, blocks } = request.query
      const answer = await askNode(node, { type: 'mine', recipient, blocks }, reply)
      if (answer.type !== 'mined') return reply
      const { block, tries, headers } = answer
      const said = `{"message": "New Block Forged", ${block.text.slice(1, -1)}, "hash": "${block.header.hash}", "tries": ${tries}`
      if (blocks === undefined) return reply.type('application/json').send(`${said}}`)
      return sendLong(reply, node, (reader) => ({
        before: `${said}, "blocks": [`,
        pages: minedPages(reader, headers),
        after: () => ']}',
      }))
    },
  )
}

/** Blocks with their hashes, one at a time; one that was forgotten since with its branch is left out. */
function* minedPages(reader: StoreReader, headers: readonly Header[]) {
  for (const { hash } of headers) {
    const text = reader.text(hash)
    if (text !== undefined) yield [`${text.slice(0, -1)}, "hash": "${hash}"}`]
  }
}

function miningRoute(app: App, node: LiveNode): void {
  app.get(
    '/mining',
    {
      schema: {
        tags: ['work'],
        summary: 'How mining goes',
        description:
          'Whether one block is mined after another, with how many threads, and what has come of it since the node started.',
        response: {
          200: jsonResponse('The search for proofs', Mining, MINING_EXAMPLE),
          ...problems(),
        },
      },
    },
    async (_request, reply) => reply.type('application/json').send(miningText(node)),
  )
}

function setMiningRoute(app: App, node: LiveNode): void {
  app.post(
    '/mining',
    {
      config: { changes: true },
      schema: {
        tags: ['work'],
        summary: 'Mine one block after another, or no longer',
        description:
          'Goes on until it is switched off or the node stops. `threads` is how many search at once, at most one for each core; all of them unless it was said otherwise.',
        security: [{ token: [] }],
        body: MiningBody,
        response: {
          200: jsonResponse('As it is now', Mining, MINING_EXAMPLE),
          ...problems(...WITH_BODY, ...CHANGING),
        },
      },
    },
    async (request, reply) => {
      const { on, threads } = request.body
      if (threads !== undefined && threads > availableParallelism()) throw tooManyThreads()
      const answer = await askNode(node, { type: 'set-mining', on, threads }, reply)
      if (answer.type !== 'mining') return reply
      return reply.type('application/json').send(miningText(node))
    },
  )
}

function tooManyThreads(): ApiError {
  const detail = `must be <= ${availableParallelism()}, the cores of this machine`
  return new ApiError('invalid-request', `threads: ${detail}`, {
    errors: [{ field: 'threads', detail }],
  })
}

function miningText({ mining }: LiveNode): string {
  const { on, threads, rate, tried, found } = mining
  return JSON.stringify({ on, threads, rate: Math.round(rate), tried, found })
}
