/**
 * Reading a chain of 10,000 blocks: `GET /chain` whole, against the same bytes sent from memory; and
 * the latency of `GET /chain?limit=1` while a search for a proof goes on, against an idle node.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from './chains.ts'
import { type LoadResult, load, median } from './load.ts'
import { type Figure, figure, type Suite } from './measure.ts'
import { nodeOn, plainServer, withFolder } from './servers.ts'

const BLOCKS = 10_000
const WHOLE_READS = 40
const TURNS = 5
const SHORT_READS = 4_000

export const readsSuite: Suite = (say) =>
  withFolder(async (folder) => {
    say(`reads: making a chain of ${BLOCKS} blocks`)
    const data = join(folder, 'data')
    makeFolder(data, BLOCKS)
    const node = await nodeOn(data, ['--difficulty', '0'])
    try {
      return [await wholeChain(node.url, folder, say), ...(await whileMining(say))]
    } finally {
      await node.stop()
    }
  })

async function wholeChain(
  url: string,
  folder: string,
  say: (line: string) => void,
): Promise<Figure> {
  const file = join(folder, 'chain.json')
  const bytes = Buffer.from(await (await fetch(`${url}/chain`)).arrayBuffer())
  writeFileSync(file, bytes)
  const plain = await plainServer(file)
  try {
    const ours: number[] = []
    const baseline: number[] = []
    for (let turn = 1; turn <= TURNS; turn++) {
      const options = { connections: 1, amount: WHOLE_READS }
      ours.push((await load({ ...options, url: `${url}/chain` })).perSecond)
      baseline.push((await load({ ...options, url: `${plain.url}/chain` })).perSecond)
      say(`reads: GET /chain, ${bytes.length} bytes, turn ${turn} of ${TURNS}`)
    }
    return figure({
      suite: 'reads',
      case: `chain@${BLOCKS}`,
      ours: median(ours),
      baseline: median(baseline),
      against: 'bytes-from-memory',
      unit: 'answers/s',
    })
  } finally {
    await plain.stop()
  }
}

/** One caller, so that what is measured is how long an answer takes and not how many wait. */
async function whileMining(say: (line: string) => void): Promise<Figure[]> {
  return withFolder(async (folder) => {
    // No proof has so many zeros: a search goes on until its caller hangs up.
    const node = await nodeOn(join(folder, 'mining'), ['--difficulty', '64'])
    const read = () =>
      load({ url: `${node.url}/chain?limit=1`, connections: 1, amount: SHORT_READS })
    try {
      await read()
      const turns: { idle: LoadResult; mining: LoadResult }[] = []
      for (let turn = 1; turn <= TURNS; turn++) {
        say(`reads: latency, idle and mining, turn ${turn} of ${TURNS}`)
        const idle = await read()
        turns.push({ idle, mining: await duringSearch(node.url, read) })
      }
      const of = (state: 'idle' | 'mining', part: 'p50Ms' | 'p99Ms') =>
        median(turns.map((turn) => turn[state][part]))
      return (['p50Ms', 'p99Ms'] as const).map((part) =>
        figure({
          suite: 'reads',
          case: `while-mining ${part.slice(0, 3)}`,
          ours: of('mining', part),
          baseline: of('idle', part),
          against: 'idle',
          unit: 'ms',
        }),
      )
    } finally {
      await node.stop('SIGKILL')
    }
  })
}

/** Does something while a node searches for a proof. @throws Error if the search ended before */
async function duringSearch<T>(url: string, work: () => Promise<T>): Promise<T> {
  const hangUp = new AbortController()
  const ended = fetch(`${url}/mine`, { signal: hangUp.signal }).then(
    ({ status }) => `the search ended with ${status}`,
    (error) => (hangUp.signal.aborted ? undefined : String(error)),
  )
  const result = await work()
  hangUp.abort()
  const problem = await ended
  if (problem !== undefined) throw new Error(problem)
  return result
}
