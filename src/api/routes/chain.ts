/**
 * Reading the chain: `/chain`, `/blocks/{index or hash}`. Everything is read from a
 * snapshot of what is committed, and blocks are served as the text that is stored.
 */
import type { LiveNode } from '../../adapters/live/live-node.ts'
import { NODE_ID_HEADER } from '../../adapters/net/http-peers.ts'
import { isBlockHash } from '../../core/hash.ts'
import { STREAM_PAGE } from '../../core/limits.ts'
import type { StoreReader } from '../../node/store/store.ts'
import type { App } from '../http/app-type.ts'
import { ApiError } from '../http/problems.ts'
import { sendLong } from '../http/stream.ts'
import { BLOCK_EXAMPLE, HASH_EXAMPLE } from '../schemas/block.ts'
import { BlockPath, Chain, ChainQuery, ServedBlock } from '../schemas/chain.ts'
import { jsonResponse, problems } from '../schemas/responses.ts'

export function chainRoutes(app: App, node: LiveNode): void {
  chainRoute(app, node)
  blockRoute(app, node)
}

function chainRoute(app: App, node: LiveNode): void {
  app.get(
    '/chain',
    {
      schema: {
        tags: ['chain'],
        summary: 'The chain, or a part of it',
        description:
          'Streamed, so a chain of any length comes in bounded memory. With `from` and `limit` a part comes; `length` stays the length of the whole chain. All of an answer is of one moment, even if the chain changes while it is read.',
        querystring: ChainQuery,
        response: {
          200: jsonResponse('Blocks, first to last', Chain, {
            chain: [BLOCK_EXAMPLE],
            length: 2,
          }),
          ...problems('invalid-request', 'too-many-streams', 'store-failed'),
        },
      },
    },
    async (request, reply) => {
      const { from = 1, limit = Number.MAX_SAFE_INTEGER } = request.query
      reply.header(NODE_ID_HEADER, node.id)
      return sendLong(reply, node, (reader) => {
        const length = reader.tip()?.index ?? 0
        return {
          before: '{"chain": [',
          pages: blockPages(reader, from, Math.min(length, from - 1 + limit)),
          after: () => `], "length": ${length}}`,
        }
      })
    },
  )
}

function blockRoute(app: App, node: LiveNode): void {
  app.get(
    '/blocks/:block',
    {
      schema: {
        tags: ['chain'],
        summary: 'One block, by index or hash, or the latest',
        description:
          'By index or as `latest` a block of the active chain; by hash also one of a branch that lost. The block with its `hash`, and whether it is `active`.',
        params: BlockPath,
        response: {
          200: jsonResponse('The block', ServedBlock, {
            ...BLOCK_EXAMPLE,
            hash: HASH_EXAMPLE,
            active: true,
          }),
          ...problems('block-not-found', 'invalid-request', 'store-failed'),
        },
      },
    },
    async (request, reply) => {
      const which = request.params.block.toLowerCase()
      const text = await node.read((reader) => servedBlock(reader, which))
      if (text === undefined) {
        throw new ApiError('block-not-found', `no block has the index or hash ${which}`)
      }
      return reply.type('application/json').send(text)
    },
  )
}

/** Texts of the active chain from one index to another, both included. */
export function* blockPages(reader: StoreReader, first: number, last: number) {
  for (let from = first; from <= last; ) {
    const page = reader.texts(from, Math.min(STREAM_PAGE, last - from + 1))
    yield page
    from += page.length
  }
}

function servedBlock(reader: StoreReader, which: string): string | undefined {
  const hash = isBlockHash(which)
    ? which
    : which === 'latest'
      ? reader.tip()?.hash
      : reader.hashAt(Number(which))
  const header = hash === undefined ? undefined : reader.header(hash)
  const text = header === undefined ? undefined : reader.text(header.hash)
  if (header === undefined || text === undefined) return undefined
  const active = reader.hashAt(header.index) === header.hash
  return `${text.slice(0, -1)}, "hash": "${header.hash}", "active": ${active}}`
}
