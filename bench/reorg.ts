/**
 * A reorganisation of a long chain, from the genesis on: how long reads take meanwhile, and a payment,
 * which waits for its end, against the same node at rest; the most memory; and all of it, against the
 * same chain read into an empty node, which is no reorganisation.
 */
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { SqliteStore } from '../src/adapters/sqlite/sqlite-store.ts'
import { NodeClient } from '../src/api/client/client.ts'
import { chainOf, FREE, fill } from './chains.ts'
import { type Figure, figure, type Suite } from './measure.ts'
import { nodeOn, residentMiB, timeOf, withFolder } from './servers.ts'

const LENGTH = 130_001
const READS = [
  '/health',
  '/chain?limit=1',
  '/blocks/2',
  '/transactions?limit=1',
  '/payments?party=ours&limit=1',
]
const REST_MS = 4_000
const READ_EVERY_MS = 10
const PAY_EVERY_MS = 250
const PAYMENT = { sender: 'Lea', recipient: 'Mark', amount: '10.0' }

interface Noticed {
  readonly longestMs: ReadonlyMap<string, number>
  readonly mostMiB: number
  readonly tookMs: number
}

export const reorgSuite: Suite = (say) =>
  withFolder(async (folder) => {
    say(`reorg: making two chains of ${LENGTH} blocks`)
    const [ours, theirs, empty] = ['ours', 'theirs', 'empty'].map((name) => join(folder, name))
    make(String(ours), LENGTH - 1, 'ours')
    make(String(theirs), LENGTH, 'theirs')
    const args = ['--difficulty', '0', '--no-page']
    const other = await nodeOn(String(theirs), args)
    try {
      say('reorg: reading the chain into an empty node')
      const pulled = await during(String(empty), args, (url) => adopt(url, other.url))
      say('reorg: the same in the place of another chain')
      const idle = await during(String(ours), args, () => wait(REST_MS))
      const moved = await during(String(ours), args, (url) => adopt(url, other.url))
      const of = (name: string, unit: string, mine: number, baseline: number, against: string) =>
        figure({ suite: 'reorg', case: name, ours: mine, baseline, against, unit })
      const figures: Figure[] = []
      for (const [path, ms] of moved.longestMs) {
        figures.push(
          of(`longest@${path}`, 'ms', ms, idle.longestMs.get(path) ?? Number.NaN, 'idle'),
        )
      }
      figures.push(of('most-memory', 'MiB', moved.mostMiB, idle.mostMiB, 'idle'))
      figures.push(of('took', 'ms', moved.tookMs, pulled.tookMs, 'empty-node'))
      return figures
    } finally {
      await other.stop()
    }
  })

function make(folder: string, length: number, who: string): void {
  const store = SqliteStore.open(folder, FREE)
  fill(store, chainOf(length, who))
  store.close()
}

async function adopt(url: string, other: string): Promise<void> {
  const client = new NodeClient(url)
  await client.register([other])
  const { replaced, length } = await client.resolve()
  if (!replaced || length !== LENGTH) throw new Error(`expected ${LENGTH} blocks, got ${length}`)
}

/** Starts a node and looks at it from outside while it does something. */
async function during(
  folder: string,
  args: readonly string[],
  work: (url: string) => Promise<void>,
): Promise<Noticed> {
  const node = await nodeOn(folder, args)
  try {
    const longestMs = new Map<string, number>()
    let mostMiB = 0
    let isOver = false
    const again = async (name: string, everyMs: number, call: () => Promise<unknown>) => {
      while (!isOver) {
        const begun = performance.now()
        await call()
        longestMs.set(name, Math.max(longestMs.get(name) ?? 0, performance.now() - begun))
        mostMiB = Math.max(mostMiB, residentMiB(node.child.pid))
        await wait(everyMs)
      }
    }
    const client = new NodeClient(node.url)
    // An empty node has no block 2 yet.
    const reads = READS.filter((path) => path !== '/blocks/2' || !folder.endsWith('empty'))
    const looking = [
      ...reads.map((path) => again(path, READ_EVERY_MS, () => timeOf(`${node.url}${path}`))),
      again('payment', PAY_EVERY_MS, () => client.send(PAYMENT)),
    ]
    const begun = performance.now()
    await work(node.url)
    const tookMs = performance.now() - begun
    isOver = true
    await Promise.all(looking)
    return { longestMs, mostMiB, tookMs }
  } finally {
    await node.stop()
  }
}
