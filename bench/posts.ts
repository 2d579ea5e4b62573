/**
 * Transactions posted per second, each on disk before it is answered, against an empty route of the
 * same framework with the same body. The two are measured in turns, so that what else the machine
 * does meets both. The time of one synchronised write of this disk stands beside them.
 */
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { NodeClient } from '../src/api/client/client.ts'
import { MAX_POOL_TRANSACTIONS } from '../src/core/limits.ts'
import { load, median, PAYMENT } from './load.ts'
import { type Figure, figure, type Suite } from './measure.ts'
import { nodeOn, plainServer, withFolder } from './servers.ts'

const CONNECTIONS = [64, 256]
/** All that a node takes before a block has to be mined: first unmeasured ones, for the compiler. */
const WARM_UP = 30_000
const POSTED = MAX_POOL_TRANSACTIONS - WARM_UP

export const postsSuite: Suite = async (say, { turns: count }) => {
  const figures: Figure[] = [await syncFigure(say)]
  for (const connections of CONNECTIONS) {
    const turns: { ours: number; baseline: number; p99Ms: number }[] = []
    for (let turn = 1; turn <= count; turn++) {
      const baseline = await rate(connections, plainServer)
      const ours = await withFolder((folder) => rate(connections, () => nodeOn(folder), true))
      turns.push({ ours: ours.perSecond, baseline: baseline.perSecond, p99Ms: ours.p99Ms })
      say(
        `posts: ${connections} connections, turn ${turn} of ${count}: ${Math.round(ours.perSecond)}/s (p99 ${ours.p99Ms.toFixed(1)} ms), empty route ${Math.round(baseline.perSecond)}/s`,
      )
    }
    figures.push(
      figure({
        suite: 'posts',
        case: `durable@${connections}`,
        ours: median(turns.map(({ ours }) => ours)),
        baseline: median(turns.map(({ baseline }) => baseline)),
        against: 'empty-route',
        unit: 'requests/s',
      }),
    )
  }
  return figures
}

/** Posts to a fresh server, and counts what it kept if it is one that keeps. */
async function rate(
  connections: number,
  start: () => Promise<{ url: string; stop(): Promise<unknown> }>,
  keeps = false,
) {
  const server = await start()
  try {
    const options = { ...PAYMENT, url: `${server.url}/transactions/new`, connections }
    await load({ ...options, amount: WARM_UP })
    const result = await load({ ...options, amount: POSTED })
    if (keeps) {
      const { currentTransactions } = await new NodeClient(server.url).info()
      if (currentTransactions !== WARM_UP + result.answered) {
        throw new Error(
          `${WARM_UP + result.answered} were answered, ${currentTransactions} are kept`,
        )
      }
    }
    return result
  } finally {
    await server.stop()
  }
}

/** What one write of a page costs with and without waiting for the disk. */
async function syncFigure(say: (line: string) => void): Promise<Figure> {
  return withFolder(async (folder) => {
    const file = openSync(join(folder, 'sync'), 'w')
    const page = Buffer.alloc(4096, 1)
    const times = (isSynced: boolean) =>
      Array.from({ length: 500 }, (_, i) => {
        const begun = performance.now()
        writeSync(file, page, 0, page.length, i * page.length)
        if (isSynced) fdatasyncSync(file)
        return performance.now() - begun
      })
    const [baseline, ours] = [median(times(false)), median(times(true))]
    closeSync(file)
    say(`posts: a synchronised write of 4 KiB takes ${ours.toFixed(3)} ms on this disk`)
    const parts = { suite: 'posts', case: 'disk-sync', against: 'write-without-sync', unit: 'ms' }
    return figure({ ...parts, ours, baseline })
  })
}
