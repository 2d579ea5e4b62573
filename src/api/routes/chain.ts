/**
 * Reading the chain: `/chain`, `/blocks/{index or hash}`. Everything is read from a
 * snapshot of what is committed, and blocks are served as the text that is stored.
 */
import type { LiveNode } from '../../adapters/live/live-node.ts'
import { NODE_ID_HEADER } from '../../adapters/net/http-peers.ts'
import { assert } from '../../core/errors.ts'
import { isBlockHash } from '../../core/hash.ts'
import { STREAM_PAGE } from '../../core/limits.ts'
import type { StoreReader, TreeHeader } from '../../node/store/store.ts'
import type { App } from '../http/app-type.ts'
import { ApiError } from '../http/problems.ts'
import { nextTurn, sendLong } from '../http/stream.ts'
import { BLOCK_EXAMPLE, HASH_EXAMPLE } from '../schemas/block.ts'
import { BlockPath, Chain, ChainQuery, ServedBlock } from '../schemas/chain.ts'
import { jsonResponse, problems } from '../schemas/responses.ts'

/** A longer block takes its turn among long answers. */
const SHORT_BLOCK_BYTES = 65_536
const MAX_KEPT_BLOCKS = 8

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
  const large = new LargeBlocks()
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
      const short = await node.read((reader) => {
        const header = headerOf(reader, which)
        return header.sizeBytes <= SHORT_BLOCK_BYTES ? servedText(reader, header) : undefined
      })
      if (short !== undefined) return reply.type('application/json').send(short)
      await nextTurn(node, reply)
      const bytes = await node.read((reader) => large.bytes(reader, headerOf(reader, which)))
      return reply.type('application/json').send(bytes)
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

/**
 * Large blocks as they are served, those that were asked for last. However many ask for one at the same
 * time, it is in memory once, and not a text and its bytes for each.
 */
class LargeBlocks {
  readonly #kept = new Map<string, Buffer>()

  bytes(reader: StoreReader, header: TreeHeader): Buffer {
    const name = `${header.hash} ${isActive(reader, header)}`
    const bytes = this.#kept.get(name) ?? Buffer.from(servedText(reader, header))
    // A Map keeps the order in which its keys came: the first has been asked for the longest ago.
    this.#kept.delete(name)
    this.#kept.set(name, bytes)
    const [oldest = name] = this.#kept.keys()
    if (this.#kept.size > MAX_KEPT_BLOCKS) this.#kept.delete(oldest)
    return bytes
  }
}

/** @throws ApiError `block-not-found` */
function headerOf(reader: StoreReader, which: string): TreeHeader {
  const hash = isBlockHash(which)
    ? which
    : which === 'latest'
      ? reader.tip()?.hash
      : reader.hashAt(Number(which))
  const header = hash === undefined ? undefined : reader.header(hash)
  if (header !== undefined) return header
  throw new ApiError('block-not-found', `no block has the index or hash ${which}`)
}

function servedText(reader: StoreReader, header: TreeHeader): string {
  const text = reader.text(header.hash)
  assert(text !== undefined, 'a block that has a header has a text')
  return `${text.slice(0, -1)}, "hash": "${header.hash}", "active": ${isActive(reader, header)}}`
}

function isActive(reader: StoreReader, { hash, index }: TreeHeader): boolean {
  return reader.hashAt(index) === hash
}
