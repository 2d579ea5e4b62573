/**
 * Reading the chain: `/chain`, `/blocks/{index or hash}`, `/tips`. Everything is read from a
 * snapshot of what is committed, and blocks are served as the text that is stored.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { LiveNode } from '../../adapters/live/live-node.ts'
import { NODE_ID_HEADER } from '../../adapters/net/http-peers.ts'
import { type BlockHash, isBlockHash } from '../../core/hash.ts'
import { MAX_TIPS_LISTED, STREAM_PAGE } from '../../core/limits.ts'
import type { StoreReader, TreeHeader } from '../../node/store/store.ts'
import type { App } from '../http/app-type.ts'
import { ApiError } from '../http/problems.ts'
import { sendLong } from '../http/stream.ts'
import { BLOCK_EXAMPLE, HASH_EXAMPLE } from '../schemas/block.ts'
import { BlockPath, Chain, ChainQuery, ServedBlock, Tips } from '../schemas/chain.ts'
import { jsonResponse, problems } from '../schemas/responses.ts'

export function chainRoutes(app: App, node: LiveNode): void {
  chainRoute(app, node)
  blockRoute(app, node)
  tipsRoute(app, node)
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
        summary: 'One block, by index or hash',
        description:
          'By index a block of the active chain; by hash also one of a branch that lost. The block with its `hash`, and whether it is `active`.',
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

function tipsRoute(app: App, node: LiveNode): void {
  app.get(
    '/tips',
    {
      schema: {
        tags: ['chain'],
        summary: "Every branch's end",
        description: `The active chain's end first, then those of branches that lost, most work first; ${MAX_TIPS_LISTED} at most.`,
        response: {
          200: jsonResponse('The ends of the branches', Tips, {
            tips: [
              {
                index: 2,
                hash: HASH_EXAMPLE,
                active: true,
                work: '2',
                branch_length: 0,
                fork: { index: 2, hash: HASH_EXAMPLE },
              },
            ],
          }),
          ...problems('too-many-streams', 'store-failed'),
        },
      },
    },
    async (_request, reply) => {
      const { reader, close } = await node.snapshot()
      try {
        const tips = await describeTips(reader)
        return reply.type('application/json').send(JSON.stringify({ tips }))
      } finally {
        close()
      }
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
  const hash = isBlockHash(which) ? which : reader.hashAt(Number(which))
  const header = hash === undefined ? undefined : reader.header(hash)
  const text = header === undefined ? undefined : reader.text(header.hash)
  if (header === undefined || text === undefined) return undefined
  const active = reader.hashAt(header.index) === header.hash
  return `${text.slice(0, -1)}, "hash": "${header.hash}", "active": ${active}}`
}

/**
 * Every branch's end with its fork point, the last block that it shares with the active chain.
 * Each side block is walked once, with a turn of the event loop now and then.
 */
async function describeTips(reader: StoreReader) {
  const tip = reader.tip()
  const tips = [...(tip === undefined ? [] : [tip]), ...reader.sideTips(MAX_TIPS_LISTED - 1)]
  const forks = new Map<BlockHash, TreeHeader | undefined>()
  let steps = 0
  for (const end of tips) {
    const walked = [end.hash]
    let at: TreeHeader | undefined = end
    while (at !== undefined && !forks.has(at.hash) && reader.hashAt(at.index) !== at.hash) {
      walked.push(at.hash)
      at = at.parent === undefined ? undefined : reader.header(at.parent)
      if (++steps % STREAM_PAGE === 0) await nextTurn()
    }
    const fork = at !== undefined && forks.has(at.hash) ? forks.get(at.hash) : at
    for (const hash of walked) forks.set(hash, fork)
  }
  return tips.map((header) => describeTip(header, forks.get(header.hash)))
}

function describeTip(header: TreeHeader, fork: TreeHeader | undefined) {
  return {
    index: header.index,
    hash: header.hash,
    active: fork?.hash === header.hash,
    work: String(header.chainwork),
    branch_length: header.index - (fork?.index ?? 0),
    fork: fork === undefined ? null : { index: fork.index, hash: fork.hash },
  }
}
