/**
 * Every branch's end, `/tips`: the active chain's first. Where a branch left the active chain is found once
 * and remembered; a branch that has grown since is walked back to where it was known.
 */
import { Lane } from '../../adapters/live/lane.ts'
import type { LiveNode } from '../../adapters/live/live-node.ts'
import type { BlockHash } from '../../core/hash.ts'
import { MAX_TIPS_LISTED, STREAM_PAGE } from '../../core/limits.ts'
import type { StoreReader, TreeHeader } from '../../node/store/store.ts'
import type { App } from '../http/app-type.ts'
import { nextTurn, readerOf } from '../http/stream.ts'
import { HASH_EXAMPLE } from '../schemas/block.ts'
import { Tips } from '../schemas/chain.ts'
import { jsonResponse, problems } from '../schemas/responses.ts'

/** Blocks of a branch between two that are remembered while an answer is made. */
const MARKED_EVERY = 64

/** Where a branch leaves the active chain. */
interface Fork {
  /** The last block that both have; undefined where not even the genesis is shared. */
  readonly shared: { readonly index: number; readonly hash: BlockHash } | undefined
  /** The first block that only the branch has; undefined for the active chain itself. */
  readonly first: { readonly index: number; readonly hash: BlockHash } | undefined
}

/** Known forks, by the hash of a block on the branch: of the tips that were listed last. */
type Forks = Map<BlockHash, Fork>

interface Look {
  readonly reader: StoreReader
  readonly forks: Forks
  /** Forks by blocks that have been walked over for this answer, some of them. */
  readonly marks: Forks
  /** Lets others have their turn. */
  readonly rest: () => Promise<void>
}

export function tipsRoute(app: App, node: LiveNode): void {
  const forks: Forks = new Map()
  // One at a time: what one finds, the next need not look for.
  const lane = new Lane(1)
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
    async (_request, reply) =>
      lane.run(async () => {
        const rest = () => nextTurn(node, reply)
        await rest()
        const { reader, close } = await node.snapshot(readerOf(reply))
        try {
          const tips = await describeTips({ reader, forks, marks: new Map(), rest })
          return reply.type('application/json').send(JSON.stringify({ tips }))
        } finally {
          close()
        }
      }),
  )
}

async function describeTips(look: Look) {
  const { reader, forks } = look
  const tip = reader.tip()
  const tips = tip === undefined ? [] : [tip]
  for (const header of reader.sideTipsInSteps()) {
    if (header === undefined) await look.rest()
    else if (tips.push(header) === MAX_TIPS_LISTED) break
  }
  const found: [TreeHeader, Fork][] = []
  for (const header of tips) found.push([header, await forkOf(header, look)])
  forks.clear()
  for (const [{ hash }, fork] of found) forks.set(hash, fork)
  return found.map(([header, fork]) => describeTip(header, fork))
}

async function forkOf(tip: TreeHeader, look: Look): Promise<Fork> {
  const walked: BlockHash[] = []
  const fork = await walk(tip, look, walked)
  for (const hash of walked) look.marks.set(hash, fork)
  return fork
}

/** @param walked gets a block of the branch now and then: what others share with it is walked once */
async function walk(
  tip: TreeHeader,
  { reader, forks, marks, rest }: Look,
  walked: BlockHash[],
): Promise<Fork> {
  let first: Fork['first']
  let steps = 0
  for (let at: TreeHeader | undefined = tip; at !== undefined; ) {
    if (reader.hashAt(at.index) === at.hash) return { shared: at, first }
    const known = marks.get(at.hash) ?? forks.get(at.hash)
    if (known !== undefined && isStill(known, reader)) return known
    if (at.index % MARKED_EVERY === 0) walked.push(at.hash)
    first = at
    at = at.parent === undefined ? undefined : reader.header(at.parent)
    if (++steps % STREAM_PAGE === 0) await rest()
  }
  return { shared: undefined, first }
}

/** Whether the active chain still has the one block and not the other. */
function isStill({ shared, first }: Fork, reader: StoreReader): boolean {
  const isActive = (place: Fork['first']) =>
    place !== undefined && reader.hashAt(place.index) === place.hash
  return isActive(shared) && !isActive(first)
}

function describeTip({ index, hash, chainwork }: TreeHeader, { shared }: Fork) {
  return {
    index,
    hash,
    active: shared?.hash === hash,
    work: String(chainwork),
    branch_length: index - (shared?.index ?? 0),
    fork: shared === undefined ? null : { index: shared.index, hash: shared.hash },
  }
}
